"""Eight faults, planted for real into the workplace of a drill, and what one notices of them.

In: a prepared scene. Out: the fault, and the facts by which its mending is known. The words of a
drill tell the symptom only; the cause is for whoever drills to find.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline

from riskwatch.dataset import labelled_rows
from riskwatch.deploy import deploy
from riskwatch.drill_place import Scene, content, rows_digest
from riskwatch.features import matrix
from riskwatch.files import write_bytes, write_text
from riskwatch.ledger import Ledger, Query
from riskwatch.records import Diagnostic
from riskwatch.runs import Errand, run_recorded
from riskwatch.schema import HEADER, LAST_YEAR
from riskwatch.store import load_release, save_release
from riskwatch.train import train

STALE, STALE_VERSION, ALLOWED_MEGABYTES = "scikit-learn", "1.2.2", 40
_TIMES_OVER, _TRACE_BYTES, _HUNDREDTHS = 300, 45_000_000, 100


@dataclass(frozen=True)
class Facts:
    """What is true of a drill: digests of the right rows, and of such that may come again and
    change nothing; the release; the usual seconds."""

    truth: str = ""
    known: str = ""
    version: str = ""
    usual_seconds: float = 0.0


@dataclass(frozen=True)
class Drill:
    """One drill: its symptom, how its fault is planted, how a diagnosis names it.

    Attributes
    ----------
    fault : str
        Name of the runbook's page.
    silent_days : float
        For so long no file came.
    check, subject : str
        Of the failed `Diagnostic` that finds it, the subject by its beginning; for ``refused``
        it is the file that was refused.
    """

    fault: str
    symptom: str
    plant: Callable[[Scene, Ledger], Facts]
    check: str
    subject: str
    silent_days: float = 0.3


def _missing_column(scene: Scene, _: Ledger) -> Facts:
    lines = [line.split(",") for line in scene.due]
    write_bytes(scene.arrives, content((",".join([*fields[:3], fields[4]]) for fields in lines),
                                       HEADER.replace(",number_of_employees", "")))
    return _delivered(scene)


def _unit_change(scene: Scene, _: Ledger) -> Facts:
    place = HEADER.split(",").index(LAST_YEAR)
    lines = [line.split(",") for line in scene.due]
    write_bytes(scene.arrives, content(",".join([
        *fields[:place], str(int(fields[place]) * _HUNDREDTHS), *fields[place + 1:]])
        for fields in lines))
    write_text(scene.at_supplier.with_name("note.txt"), "To all customers: from 14 January 2026 "
               f"on we deliver {LAST_YEAR} in hundredths.\n")
    return Facts(truth=rows_digest(scene.due))


def _late_file(scene: Scene, _: Ledger) -> Facts:
    whole = content(scene.due)
    # As a copy leaves it that was cut off, in the middle of a row.
    write_bytes(scene.arrives.with_name(f"{scene.arrives.name}.part"), whole[:len(whole) // 2])
    return _delivered(scene)


def _duplicate_file(scene: Scene, _: Ledger) -> Facts:
    write_bytes(scene.arrives, content(reversed(scene.before)))
    return replace(_delivered(scene), known=rows_digest(scene.before))


def _stale_dependency(scene: Scene, _: Ledger) -> Facts:
    path = scene.place.requirements
    lines = path.read_text(encoding="ascii").splitlines()
    write_text(path, "".join(f"{STALE} =={STALE_VERSION}\n" if line.startswith(STALE)
                             else f"{line}\n" for line in lines))
    return Facts()


def _slow_step(scene: Scene, ledger: Ledger) -> Facts:
    served = load_release(scene.place)
    rows = labelled_rows(scene.place, ledger, "train", served.facts.rows)
    # As a script makes it that adds the same step again each night: no answer changes by it.
    again = [(f"missing_{time}", SimpleImputer(strategy="median", keep_empty_features=True))
             for time in range(_TIMES_OVER)]
    model = Pipeline([*Pipeline(again).fit(matrix(rows)).steps, *served.model.steps])
    facts = replace(served.facts, parameters={"imputations": _TIMES_OVER})
    version = save_release(scene.place, model, facts).version
    _put_to_work(scene, ledger, version, "packed anew, as each night")
    subject = f"prediction by {served.facts.model_name}"
    history = [entry.record.value for entry in ledger.entries(
        Diagnostic, Query(filters={"subject": subject})) if entry.record.value is not None]
    return Facts(version=version, usual_seconds=float(np.median(history)))


def _full_disk(scene: Scene, _: Ledger) -> Facts:
    line = b"2026-01-13T02:10:00Z DEBUG riskwatch.trace: looked at a row, all is well\n"
    write_bytes(scene.place.logs / "trace.log", line * (_TRACE_BYTES // len(line)))
    return Facts()


def _broken_deploy(scene: Scene, ledger: Ledger) -> Facts:
    version = train(scene.place, ledger).stored.release.version
    _put_to_work(scene, ledger, version, "learned from the latest rows")
    path = scene.place.releases / version / "model.skops"
    model = path.read_bytes()
    path.write_bytes(model[:len(model) // 2])  # as a copy leaves it that was cut off
    return Facts(version=version)


def _delivered(scene: Scene) -> Facts:
    """Let the supplier have the drop as it should be."""
    write_bytes(scene.at_supplier, content(scene.due))
    return Facts(truth=rows_digest(scene.due))


def _put_to_work(scene: Scene, ledger: Ledger, version: str, reason: str) -> None:
    def work(run_id: int) -> int:
        deploy(scene.place, ledger, version, reason, run_id=run_id)
        return 0

    run_recorded(scene.place, ledger, Errand("deploy"), work)


#: In the order of their numbers, from 1.
DRILLS: tuple[Drill, ...] = (
    Drill("missing-column", "Sales asks where the figures of 14 January are. The supplier says "
          "that the file was delivered.", _missing_column, "refused", "activity_2026-01-14.csv"),
    Drill("unit-change", "Since the file of 14 January came, sales finds the list of endangered "
          "customers absurd.", _unit_change, "stability", f"{LAST_YEAR}.median"),
    Drill("late-file", "The page looks as it did days ago. Nobody reported an error.",
          _late_file, "feed", "inbox", silent_days=4.5),
    Drill("duplicate-file", "A file of 14 January came, and still no row of 14 January is in the "
          "figures.", _duplicate_file, "repeated_share", "rows"),
    Drill("stale-dependency", "A colleague sets up a second server from this one's list of "
          "requirements, and there no model can be loaded.", _stale_dependency, "dependency",
          STALE),
    Drill("slow-step", "Since the last deployment the service answers slowly, and is never "
          "wrong.", _slow_step, "timing", "prediction by"),
    Drill("full-disk", "The landlord of the server writes: your space is used up, the next file "
          "may be the last.", _full_disk, "disk", "used"),
    Drill("broken-deploy", "After last night's deployment the service, once restarted, is never "
          "ready.", _broken_deploy, "release", ""),
)
