"""Ingest in odd conditions: names, clocks, damage, many small drops, and the true files."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Clock
from known_rows import contents
from poison_drops import GOOD, HEADER, ROWS

from riskwatch.dataset import labelled_rows
from riskwatch.errors import InputError
from riskwatch.ingest import ingest
from riskwatch.intake import printable_name
from riskwatch.ledger import Ledger, open_ledger
from riskwatch.segments import live_segments
from riskwatch.workplace import Workplace

Put = Callable[..., Path]


def test_many_small_segments_become_one(place: Workplace, ledger: Ledger, put: Put) -> None:
    for number in range(place.settings.ingest.most_small_segments + 1):
        put(f"{number}.csv", [f"abcd,{number},99,3,{number % 2}", "same,1,1,1,1"])
        ingest(place, ledger)
    live = live_segments(ledger)
    assert [(segment.first_row, segment.rows, segment.shadowed_rows) for segment in live] == [
        (1, 102, 50)]
    assert len(contents(place, ledger)) == 52
    assert len(os.listdir(place.data / "rows")) == 1


def test_a_folder_that_is_none_is_named(place: Workplace, ledger: Ledger) -> None:
    with pytest.raises(InputError, match="nowhere: cannot be read"):
        ingest(place, ledger, [place.out / "nowhere"])
    assert ingest(place, ledger).known == 0  # an empty inbox is made


def test_the_users_folder_is_only_read_and_odd_names_are_fine(
        place: Workplace, tmp_path: Path) -> None:
    folder = tmp_path / "user's [data] * ? 100%"
    folder.mkdir()
    names = ["plain.csv", "UPPER.CSV", "with space & 'quote'.csv", os.fsdecode(b"caf\xe9.csv"),
             "new\nline.csv"]
    for number, name in enumerate([*names, ".hidden.csv", "notes.txt"]):
        (folder / name).write_text(f"{HEADER}\nabcd,{number},99,1,0\n", encoding="utf-8")
    before = sorted((path.name, path.stat().st_mtime_ns) for path in folder.iterdir())
    odd = Workplace(tmp_path / "out [1] * 'x' ?", place.settings, Clock())
    other = open_ledger(odd)
    result = ingest(odd, other, [folder])
    assert {entry.record.name for entry in result.accepted} == {
        printable_name(Path(name)) for name in names}
    assert all(entry.record.name.isprintable() for entry in result.accepted)
    assert len(contents(odd, other)) == 5
    assert ingest(odd, other, [folder]).known == 5
    assert sorted((path.name, path.stat().st_mtime_ns) for path in folder.iterdir()) == before
    other.close()


def test_a_clock_put_back_changes_nothing(place: Workplace, ledger: Ledger, put: Put) -> None:
    for number in range(60):
        put(f"{number}.csv", [f"abcd,{number},99,3,{number % 2}"])
        place.clock.now = Clock().now.replace(year=2040 - number)  # type: ignore[attr-defined]
        ingest(place, ledger)
    assert len(contents(place, ledger)) == 60
    assert sum(segment.rows for segment in live_segments(ledger)) == 60


def test_a_damaged_segment_is_noticed_before_it_is_used(place: Workplace, ledger: Ledger,
                                                        put: Put) -> None:
    put("a.csv", GOOD)
    ingest(place, ledger)
    path = next((place.data / "rows").iterdir())
    good = path.read_bytes()
    for place_in_file in range(0, len(good), max(1, len(good) // 200)):
        changed = bytearray(good)
        changed[place_in_file] ^= 1
        path.write_bytes(changed)
        with pytest.raises(Exception, match="was changed after it was written"):
            labelled_rows(place, ledger, "train", 10)
    path.write_bytes(good)
    assert len(contents(place, ledger)) == 7
    shutil.rmtree(place.data / "rows")
    put("b.csv", ROWS[:1])
    with pytest.raises(Exception, match="the ledger lists it"):
        ingest(place, ledger)


@pytest.mark.realdata
def test_true_files_give_the_rows_that_the_course_counts(
        place: Workplace, ledger: Ledger, real_data: Path) -> None:
    practice = ingest(place, ledger, [real_data / "practicedata"])
    assert sum(entry.record.rows or 0 for entry in practice.accepted) == 36
    assert practice.new_rows == 26
    source = ingest(place, ledger, [real_data / "sourcedata"])
    assert source.new_rows == 26
    assert sum(entry.record.impossible_rows or 0 for entry in source.accepted) == 17
    assert ingest(place, ledger, [real_data / "practicedata", real_data / "sourcedata"]).known == 4
