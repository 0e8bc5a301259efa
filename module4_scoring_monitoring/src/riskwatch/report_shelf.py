"""Where reports stand: a folder a run, what each rests on, and which are too old.

In: a workplace and its ledger. Out: folders. ``made_of.json`` is written last into a folder, so
a report without it is not whole.
"""

import json
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from riskwatch import __version__
from riskwatch.files import faults_named
from riskwatch.ledger import Ledger
from riskwatch.records import Alert, Diagnostic
from riskwatch.workplace import Workplace

MADE_OF = "made_of.json"
_NAME = re.compile(r"run_([0-9]{6,})")
_TABLES = ("files", "scores", "drift_verdicts", "decisions", "deployments")
_MACHINE = ("disk", "clock", "feed", "release", "schedule")


def folder_name(run_id: int) -> str:
    """Return the name of the folder of a run's report."""
    return f"run_{run_id:06d}"


def foundation(place: Workplace, ledger: Ledger) -> dict[str, Any]:
    """Return what a report rests on; as long as this is the same, so is what it tells.

    Parameters
    ----------
    place : Workplace
    ledger : Ledger

    Returns
    -------
    dict
        JSON-ready. Checks of the machine count by their result, not by their number, because
        each cycle makes them again.
    """
    heads, scoring = ledger.heads(), place.settings.scoring
    marks: dict[str, Any] = {name: list(heads[name]) for name in _TABLES}
    marks["settings"] = [__version__, place.settings.seed, scoring.bootstrap_resamples,
                         scoring.hold_out_rows, place.settings.diagnosis.most_missing_share]
    for check in _MACHINE:
        entry = ledger.latest(Diagnostic, check=check)
        marks[check] = None if entry is None else entry.record.status
    for check in ("summary_statistics", "dependency"):
        entry = ledger.latest(Diagnostic, check=check)
        marks[check] = None if entry is None else entry.id
    for event in ("opened", "closed"):
        alert = ledger.latest(Alert, event=event)
        marks[event] = None if alert is None else alert.id
    return marks


def report_folders(place: Workplace) -> tuple[Path, ...]:
    """Return the folders of reports, oldest run first."""
    if not place.reports.is_dir():
        return ()
    found = [(int(named[1]), folder) for folder in place.reports.iterdir()
             if (named := _NAME.fullmatch(folder.name)) and folder.is_dir()]
    return tuple(folder for _, folder in sorted(found))


def remove_old_reports(place: Workplace, latest: Path) -> int:
    """Remove the oldest reports beyond the setting, never the latest; return how many."""
    others = [folder for folder in report_folders(place) if folder != latest]
    old = others[:max(len(others) + 1 - place.settings.report.kept_reports, 0)]
    for folder in old:
        with faults_named(folder):
            (folder / MADE_OF).unlink(missing_ok=True)  # from here on it is no report
            shutil.rmtree(folder)
    return len(old)


def made_of(folder: Path) -> Any:
    """Return what a report rests on, None where nobody can tell."""
    with suppress(OSError, ValueError):
        return json.loads((folder / MADE_OF).read_text(encoding="utf-8"))
    return None
