"""Eight drills: nobody passes by doing nothing or the wrong thing; the runbook's way passes."""

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from drill_bench import NUMBERS, RUNBOOKS, Begun, begun, page

from riskwatch.drill_faults import DRILLS
from riskwatch.drill_place import drill_place
from riskwatch.drills import check, folder_of, reset, start, state_of
from riskwatch.errors import BusyError, InputError
from riskwatch.ledger import open_ledger
from riskwatch.lock import hold
from riskwatch.records import Claim

EACH = pytest.mark.parametrize("number", NUMBERS)
DUE = "activity_2026-01-14.csv"


def _with_an_empty_column(drill: Begun) -> None:
    path = drill.folder / "inbox" / DUE
    head, *rows = path.read_text("ascii").splitlines()
    fields = [row.rsplit(",", 1) for row in rows]
    path.write_text("\n".join([head.replace("exited", "number_of_employees,exited"),
                               *(f"{first},,{last}" for first, last in fields), ""]), "ascii")
    drill.riskwatch("cycle")


def _with_right_rows_beside_the_wrong_ones(drill: Begun) -> None:
    for line in page(2).mend[1:]:
        drill.run(line)


def _with_half_a_file(drill: Begun) -> None:
    path = drill.folder / "inbox" / f"{DUE}.part"
    path.rename(path.with_suffix(""))
    drill.riskwatch("cycle")


def _without_the_file(drill: Begun) -> None:
    (drill.folder / "inbox" / DUE).unlink()
    drill.riskwatch("cycle")


def _without_the_list(drill: Begun) -> None:
    drill.run('rm "$DRILL"/requirements.txt')
    assert "scikit-learn (required ==" not in drill.riskwatch("diagnose")


def _with_a_duller_lamp(drill: Begun) -> None:
    drill.run('echo "slower_factor = 1000.0" >> "$DRILL"/riskwatch.toml')
    drill.riskwatch("diagnose")


def _with_a_larger_allowance(drill: Begun) -> None:
    path = drill.folder / "riskwatch.toml"
    path.write_text(path.read_text("utf-8").replace("= 40", "= 4000"), "utf-8")
    assert "ok      disk: used" in drill.riskwatch("diagnose")


def _with_another_link(drill: Begun) -> None:
    drill.run('cd "$DRILL"/releases; ln -sfn "$(ls | head -1)" current')


#: What does not mend, and the words that say so.
WRONG: dict[int, tuple[Callable[[Begun], None], str]] = {
    1: (_with_an_empty_column, "was taken in with rows that are not right"),
    2: (_with_right_rows_beside_the_wrong_ones, "was taken in with rows that are not right"),
    3: (_with_half_a_file, "as they should be, are not in"),
    4: (_without_the_file, "as they should be, are not in"),
    5: (_without_the_list, "requirements.txt: lacks scikit-learn"),
    6: (_with_a_duller_lamp, "the release that made it slow still serves"),
    7: (_with_a_larger_allowance, "another number there is no room"),
    8: (_with_another_link, "the next cycle puts it right")}


@EACH
def test_untouched_it_is_not_found(number: int, tmp_path: Path) -> None:
    drill = begun(number, tmp_path / "out")
    verdict = drill.verdict()
    assert not verdict.is_solved and verdict.lines[0].startswith("not found yet: no run since")
    assert state_of(drill.out, number) == "begun"


@EACH
def test_the_runbook_finds_it_and_mends_it(number: int, tmp_path: Path) -> None:
    drill, runbook = begun(number, tmp_path / "out"), page(number)
    printed = "\n".join(drill.run(line) for line in runbook.find)
    for words in runbook.prints:
        assert words in printed, words
    verdict = drill.verdict()
    assert not verdict.is_solved and verdict.lines[0].startswith("found: ")
    assert verdict.lines[1] == "not mended yet:"
    for line in runbook.mend:
        drill.run(line)
    verdict = drill.verdict()
    assert verdict.is_solved, verdict.lines
    assert state_of(drill.out, number) == "solved"
    assert "0 failed" in drill.riskwatch("diagnose")


@EACH
def test_another_remedy_is_none(number: int, tmp_path: Path) -> None:
    drill = begun(number, tmp_path / "out")
    for line in page(number).find:
        drill.run(line)
    remedy, words = WRONG[number]
    remedy(drill)
    verdict = drill.verdict()
    assert not verdict.is_solved and any(words in line for line in verdict.lines), verdict.lines


def test_who_mends_what_nobody_found_has_not_solved_it(tmp_path: Path) -> None:
    drill = begun(7, tmp_path / "out")
    for line in page(7).mend:
        drill.run(line)
    assert drill.verdict().lines[0].startswith("not found yet")


@pytest.mark.parametrize("cheat", ["no ledger", "other notes", "other history", "cut short"])
def test_another_history_is_no_solution(cheat: str, tmp_path: Path) -> None:
    drill = begun(7, tmp_path / "out")
    for line in [*page(7).find, *page(7).mend]:
        drill.run(line)
    notes = drill.folder / "drill.json"
    if cheat == "no ledger":
        for path in drill.folder.glob("ledger*"):
            path.unlink()
    elif cheat == "other notes":
        content = json.loads(notes.read_text("utf-8"))
        content["heads"] = {name: [0, ""] for name in content["heads"]}
        notes.write_text(json.dumps(content), "utf-8")
    elif cheat == "other history":
        other = begun(3, tmp_path / "other")
        for path in drill.folder.glob("ledger*"):
            path.unlink()
        for path in other.folder.glob("ledger*"):
            shutil.copy(path, drill.folder)
    else:
        for path in drill.folder.glob("ledger*"):
            path.unlink()
        with closing(open_ledger(drill_place(drill.folder))) as ledger:
            ledger.claim(_seal_of(tmp_path))
    verdict = drill.verdict()
    assert not verdict.is_solved
    assert "not the history that the drill began with" in verdict.lines[0]


def _seal_of(tmp_path: Path) -> str:
    """Return the seal of drill 7, as anybody can read it in the ledger."""
    with closing(open_ledger(drill_place(begun(7, tmp_path / "again").folder))) as ledger:
        (name,), = ledger.columns(Claim, "name")
    return str(name)


def test_a_drill_begins_once_until_it_is_cleared_away(tmp_path: Path) -> None:
    drill = begun(5, tmp_path / "out")
    with pytest.raises(InputError, match="has begun in .*; mend it, or clear it away"):
        start(drill.out, 5, datetime.now(UTC))
    with hold(drill.folder), pytest.raises(BusyError):
        reset(drill.out, 5)
    assert reset(drill.out) == (drill.folder,) and not drill.folder.exists()
    assert not reset(drill.out) and state_of(drill.out, 5) == ""
    with pytest.raises(InputError, match="has not begun here"):
        check(drill.out, 5)


def test_what_is_no_drill_is_neither_filled_nor_cleared_away(tmp_path: Path) -> None:
    mine = folder_of(tmp_path, 1) / "thesis.txt"
    mine.parent.mkdir()
    mine.write_text("years of work", "utf-8")
    for act in (lambda: start(tmp_path, 1, datetime.now(UTC)), lambda: reset(tmp_path, 1)):
        with pytest.raises(InputError, match="holds something that is no drill"):
            act()
    assert mine.read_text("utf-8") == "years of work"


@pytest.mark.parametrize("number", [0, 9, -1])
def test_there_are_eight(number: int, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="1 to 8"):
        folder_of(tmp_path, number)


def test_the_runbook_has_a_page_for_each_and_the_index_names_it() -> None:
    index = (RUNBOOKS / "README.md").read_text(encoding="utf-8")
    pages = {path.stem for path in RUNBOOKS.glob("*.md")} - {"README"}
    assert pages == {drill.fault for drill in DRILLS} and len(pages) == 8
    for number, drill in enumerate(DRILLS, 1):
        assert f"| {number} |" in index and f"({drill.fault}.md)" in index
