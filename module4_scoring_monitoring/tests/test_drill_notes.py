"""The beginning of a drill is sealed: other notes are no notes, a replaced ledger still tells."""

from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from riskwatch.drill_checks import Begun
from riskwatch.drill_faults import DRILLS, Facts
from riskwatch.drill_notes import found_before, is_of, read_notes, seal
from riskwatch.files import write_json
from riskwatch.ledger import open_ledger
from riskwatch.ledger_backup import back_up, restore
from riskwatch.records import Diagnostic
from riskwatch.workplace import Workplace

FOUND = Diagnostic(check="disk", subject="used", status="failed")


def test_notes_come_back_as_they_were_written(tmp_path: Path) -> None:
    begun = Begun(3, Facts("a", "b", "c", 0.25), {"files": (4, "d")})
    write_json(tmp_path / "notes", asdict(begun))
    assert read_notes(tmp_path / "notes") == begun


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"number": 1, "facts": {"x": 1}, "heads": {}}',
                                  '{"number": 1, "facts": {}, "heads": {"files": 3}}'])
def test_what_are_no_notes_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "notes").write_text(text, "utf-8")
    assert read_notes(tmp_path / "notes") is None


def test_the_seal_changes_with_every_note() -> None:
    begun = Begun(3, Facts(), {"files": (4, "d")})
    others = [replace(begun, number=4), replace(begun, facts=Facts(truth="x")),
              replace(begun, heads={"files": (5, "d")})]
    assert len({seal(begun), *map(seal, others)}) == 4


def test_a_ledger_that_was_replaced_by_its_backup_still_tells(place: Workplace, tmp_path: Path
                                                              ) -> None:
    with closing(open_ledger(place)) as ledger:
        begun = Begun(7, Facts(), ledger.heads())
        ledger.claim(seal(begun))
        assert is_of(ledger, begun) and not is_of(ledger, replace(begun, number=6))
    back_up(place, tmp_path / "backup")
    with closing(open_ledger(place)) as ledger:
        ledger.append(FOUND)
    assert found_before(place, DRILLS[6], begun) is None
    restore(place, tmp_path / "backup")
    assert found_before(place, DRILLS[6], begun) == "disk: used ()"
    assert found_before(place, DRILLS[2], begun) is None
    assert found_before(place, DRILLS[6], replace(begun, number=6)) is None
