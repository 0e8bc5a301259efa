"""The faults are there: planted as files and rows, not as words."""

from contextlib import closing
from pathlib import Path

from drill_bench import begun

from riskwatch.drill_place import BACKUP, drill_place
from riskwatch.ledger import open_ledger
from riskwatch.records import Claim, Deployment
from riskwatch.schema import HEADER
from riskwatch.store import load_release, stored_versions

DUE = "activity_2026-01-14.csv"


def lines(path: Path) -> list[list[str]]:
    """The fields of a file."""
    return [line.split(",") for line in path.read_text("ascii").splitlines()]


def test_a_column_and_its_values_are_gone(tmp_path: Path) -> None:
    folder = begun(1, tmp_path).folder
    broken, whole = lines(folder / "inbox" / DUE), lines(folder / "supplier" / DUE)
    assert whole[0] == HEADER.split(",") and broken == [[*row[:3], row[4]] for row in whole]


def test_one_column_is_in_hundredths_and_a_note_says_so(tmp_path: Path) -> None:
    folder = begun(2, tmp_path).folder
    values = [int(row[2]) for row in lines(folder / "inbox" / DUE)[1:]]
    assert len(values) >= 350 and all(value % 100 == 0 for value in values)
    assert "hundredths" in (folder / "supplier" / "note.txt").read_text("ascii")
    assert not (folder / "supplier" / DUE).exists()


def test_the_late_file_is_half_and_cut_within_a_row(tmp_path: Path) -> None:
    folder = begun(3, tmp_path).folder
    half, whole = ((folder / name).read_bytes() for name in (f"inbox/{DUE}.part",
                                                             f"supplier/{DUE}"))
    assert whole.startswith(half) and abs(2 * len(half) - len(whole)) <= 1
    assert not (folder / "inbox" / DUE).exists()


def test_the_duplicate_has_the_rows_of_the_day_before_and_other_bytes(tmp_path: Path) -> None:
    inbox = begun(4, tmp_path).folder / "inbox"
    today, before = lines(inbox / DUE), lines(inbox / "activity_2026-01-13.csv")
    assert today != before and sorted(today) == sorted(before)


def test_the_disk_is_filled_with_bytes_and_not_with_holes(tmp_path: Path) -> None:
    status = (begun(7, tmp_path).folder / "logs" / "trace.log").stat()
    assert status.st_size > 44_000_000 and status.st_blocks * 512 > 44_000_000


def test_the_slow_release_serves_and_answers_as_well_as_the_one_before(tmp_path: Path) -> None:
    place = drill_place(begun(6, tmp_path).folder)
    stored = load_release(place)
    assert stored.facts.parameters == {"imputations": 300}
    before, = set(stored_versions(place)) - {stored.release.version}
    rows = [[78.0, 1024.0, 12.0], [1.0, 900.0, 3.0]]
    assert (stored.model.predict_proba(rows) == load_release(
        place, before).model.predict_proba(rows)).all()
    with closing(open_ledger(place)) as ledger:
        latest = ledger.latest(Deployment)
        assert latest is not None and latest.record.version == stored.release.version


def test_every_drill_is_sealed_in_its_ledger_and_backed_up(tmp_path: Path) -> None:
    place = drill_place(begun(8, tmp_path).folder)
    with closing(open_ledger(place)) as ledger:
        (name,), = ledger.columns(Claim, "name")
    assert str(name).startswith("drill 8 ") and (place.out / BACKUP).is_file()
