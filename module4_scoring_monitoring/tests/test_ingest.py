"""New files come in once each, wholly or not at all, and every row keeps its origin."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Clock
from known_rows import contents
from poison_drops import GOOD, HEADER, ROWS

from riskwatch.dataset import drop_rows, trace
from riskwatch.errors import InputError
from riskwatch.ingest import ingest
from riskwatch.ledger import Ledger, open_ledger
from riskwatch.records import File
from riskwatch.segments import live_segments
from riskwatch.workplace import Workplace

Put = Callable[..., Path]


def test_a_file_comes_in_once_however_often_it_lies_there(
        place: Workplace, ledger: Ledger, put: Put) -> None:
    put("a.csv", GOOD)
    first = ingest(place, ledger)
    wanted = contents(place, ledger)
    assert first.new_rows == 8 and len(wanted) == 7  # one has no label yet
    for _ in range(10):
        again = ingest(place, ledger)
        assert (again.accepted, again.known) == ((), 1)
    put("a renamed copy.csv", GOOD)
    copied = ingest(place, ledger)
    assert [entry.record.status for entry in copied.copies] == ["copy"]
    assert ingest(place, ledger).known == 2
    assert contents(place, ledger) == wanted
    assert len(live_segments(ledger)) == 1


def test_rows_in_another_order_say_nothing_new(place: Workplace, ledger: Ledger,
                                               put: Put) -> None:
    put("a.csv", ROWS)
    ingest(place, ledger)
    wanted = contents(place, ledger)
    put("b.csv", ROWS[::-1])
    result = ingest(place, ledger)
    assert (result.accepted[0].record.rows, result.accepted[0].record.repeated_rows) == (8, 8)
    assert contents(place, ledger) == wanted


@pytest.mark.parametrize("order", [("a", "b", "c"), ("c", "a", "b"), ("b", "c", "a")])
def test_no_order_of_arrival_changes_what_is_known(
        place: Workplace, ledger: Ledger, tmp_path: Path, order: tuple[str, ...]) -> None:
    drops = {"a": ROWS[:4], "b": ROWS[2:6], "c": [*ROWS[5:], ROWS[0]]}
    for name in order:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "x.csv").write_text("\n".join([HEADER, *drops[name], ""]), encoding="utf-8")
        ingest(place, ledger, [folder])
    together = Workplace(tmp_path / "together", place.settings, Clock())
    other = open_ledger(together)
    result = ingest(together, other, [tmp_path / name for name in order])
    assert len(result.accepted) == 3 and len(live_segments(other)) == 1
    assert contents(place, ledger) == contents(together, other)
    assert len(contents(place, ledger)) == 7
    other.close()


def test_a_changed_file_of_the_same_name_comes_in_and_is_pointed_out(
        place: Workplace, ledger: Ledger, put: Put) -> None:
    put("a.csv", ROWS[:3])
    assert ingest(place, ledger).accepted[0].record.reason == ""
    put("a.csv", [*ROWS[:2], "xyzz,183,3891,35,0"])
    changed = ingest(place, ledger).accepted[0].record
    assert changed.repeated_rows == 2 and "with other content" in changed.reason
    put("a.csv", [*ROWS[:2], "xyzz,183,3891,35,1"])  # the same size
    assert ingest(place, ledger).accepted[0].record.repeated_rows == 2


def test_every_row_is_traced_to_its_file_and_line(place: Workplace, ledger: Ledger,
                                                  put: Put) -> None:
    paths = {path.name: path for path in (put("a.csv", ROWS[:3]), put("b.csv", GOOD),
                                          put("c.csv", "\r\n".join([HEADER, *ROWS[5:]])))}
    ingest(place, ledger)
    seen = 0
    for entry in ledger.entries(File):
        for row in drop_rows(place, ledger, entry.record).itertuples():
            origin = trace(ledger, row.row)
            line = paths[origin.name].read_text(encoding="utf-8").splitlines()[origin.line - 1]
            assert line.split(",")[0] == row.corporation
            assert line.split(",")[2] == f"{row.lastyear_activity:.0f}"
            seen += 1
    assert seen == 14
    with pytest.raises(InputError, match="no row 15"):
        trace(ledger, 15)


def test_a_late_label_takes_the_place_of_the_row_without_one(
        place: Workplace, ledger: Ledger, put: Put) -> None:
    put("a.csv", ["abcd,1,2,3,", "efgh,1,2,3,0"])
    first = ingest(place, ledger).accepted[0].record
    assert (first.unlabelled_rows, len(contents(place, ledger))) == (1, 1)
    put("b.csv", ["abcd,1,2,3,1", "efgh,1,2,3,"])
    second = ingest(place, ledger).accepted[0].record
    assert second.repeated_rows == 1  # the row without a label, which we have with one
    assert [text.partition(" ")[2] for text in contents(place, ledger)] == [
        "('abcd', 1.0, 2.0, 3.0, 1.0)", "('efgh', 1.0, 2.0, 3.0, 0.0)"]
    assert list(drop_rows(place, ledger, first)["is_repeated"]) == [True, False]


def test_contradicting_labels_are_both_kept_on_one_side(place: Workplace, ledger: Ledger,
                                                        put: Put) -> None:
    put("a.csv", ["abcd,1,2,3,0", "abcd,1,2,3,1", "abcd,1,2,3,1"])
    assert ingest(place, ledger).accepted[0].record.repeated_rows == 1
    sides = {text.partition(" ")[0] for text in contents(place, ledger)}
    assert len(sides) == 1


def test_what_is_odd_but_possible_is_counted(place: Workplace, ledger: Ledger, put: Put) -> None:
    put("activity_2026-02-03.csv", ["abcd,5,4,3,0", "efgh,,4,,1", "ijkl,4,4,0,", "mnop,9,,1,0"])
    record = ingest(place, ledger).accepted[0].record
    assert (record.impossible_rows, record.missing_values, record.unlabelled_rows) == (1, 3, 1)
    assert record.period == "2026-02-03"


def test_the_hold_out_is_never_split_again(place: Workplace, ledger: Ledger, put: Put) -> None:
    rows = [f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}aa,{n % 7},{100 + n},{n % 31},{n % 2}"
            for n in range(400)]
    put("a.csv", rows[:200])
    ingest(place, ledger)
    before = contents(place, ledger)
    put("b.csv", rows[::-1])
    ingest(place, ledger)
    assert set(before) < set(contents(place, ledger))
    share = sum(text.startswith("hold_out") for text in contents(place, ledger)) / 400
    assert 0.18 < share < 0.32
    assert len({text.partition(" ")[2] for text in contents(place, ledger)}) == 400
