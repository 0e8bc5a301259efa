"""What counts in a drill: rows of the ledger since the beginning, and the beginning itself."""

from contextlib import closing
from pathlib import Path

import pytest
from drill_bench import begun

from riskwatch.drill_checks import Begun, complaints, found_by, goes_on
from riskwatch.drill_faults import DRILLS, Facts
from riskwatch.drill_place import drill_place
from riskwatch.ledger import Ledger, open_ledger
from riskwatch.records import Diagnostic, File
from riskwatch.workplace import Workplace

DISK = DRILLS[6]


def failed(check: str, subject: str, status: str = "failed") -> Diagnostic:
    """A check that said no."""
    return Diagnostic(check=check, subject=subject, status=status)  # type: ignore[arg-type]


def noted(ledger: Ledger) -> Begun:
    """The beginning of a drill, now."""
    return Begun(7, Facts(), ledger.heads())


def test_only_the_fault_itself_and_only_since_the_beginning_counts(ledger: Ledger) -> None:
    ledger.append(failed("disk", "used"))
    now = noted(ledger)
    ledger.append(failed("disk", "free"), failed("disk", "used", "ok"), failed("feed", "used"))
    assert found_by(ledger, DISK, now) is None
    ledger.append(failed("disk", "used"))
    assert found_by(ledger, DISK, now) == "disk: used ()"


def test_a_refused_file_counts_by_its_name(ledger: Ledger) -> None:
    now, drill = noted(ledger), DRILLS[0]
    for number, (name, status) in enumerate((("other.csv", "refused"),
                                             (drill.subject, "accepted"))):
        ledger.append(File(sha256=f"{number:064}", name=name, byte_count=1, status=status,
                           reason="lacks it"))  # type: ignore[arg-type]
    assert found_by(ledger, drill, now) is None
    ledger.append(File(sha256="a" * 64, name=drill.subject, byte_count=1, status="refused",
                       reason="lacks it"))
    assert found_by(ledger, drill, now) == "refused: lacks it"


def test_a_ledger_goes_on_while_it_holds_what_it_held(place: Workplace, ledger: Ledger,
                                                      tmp_path: Path) -> None:
    ledger.append(failed("a", "b"))
    now = noted(ledger)
    ledger.append(failed("c", "d"))
    assert goes_on(ledger, now)
    other = Workplace(tmp_path / "other", place.settings, place.clock)
    with closing(open_ledger(other)) as foreign:
        assert not goes_on(foreign, now)
        foreign.append(failed("a", "b"), failed("c", "d"))  # the same words at another time
        assert not goes_on(foreign, now)


@pytest.mark.parametrize(("text", "words"), [
    ("scikit-learn >=1\n", "would do that loads no model here"),
    ("scikit-learn ==1.2.2\n", "asks for scikit-learn ==1.2.2, installed is")])
def test_a_list_must_fit_and_must_not_allow_the_stale_version(text: str, words: str,
                                                              tmp_path: Path) -> None:
    drill = begun(5, tmp_path)
    place = drill_place(drill.folder)
    kept = [line for line in place.requirements.read_text("ascii").splitlines(keepends=True)
            if not line.startswith("scikit-learn")]
    place.requirements.write_text("".join([*kept, text]), "ascii")
    with closing(open_ledger(place)) as ledger:
        found = list(complaints(place, ledger, DRILLS[4], noted(ledger)))
    assert any(words in one for one in found), found


def test_what_is_broken_on_the_way_is_a_complaint(tmp_path: Path) -> None:
    drill = begun(7, tmp_path)
    (drill.folder / "logs" / "trace.log").unlink()
    place = drill_place(drill.folder)
    with closing(open_ledger(place)) as ledger:
        assert not list(complaints(place, ledger, DISK, noted(ledger)))
        next((place.data / "rows").glob("*.parquet")).unlink()
        found = list(complaints(place, ledger, DISK, noted(ledger)))
    assert len(found) == 1 and found[0].startswith("audit: ")
