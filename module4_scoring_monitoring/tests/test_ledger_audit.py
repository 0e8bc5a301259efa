"""Whoever changes, removes, inserts or cuts off rows is found out."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from riskwatch.errors import LedgerError
from riskwatch.ledger import Ledger
from riskwatch.ledger_audit import audit_ledger, save_heads
from riskwatch.records import Deployment, Step
from riskwatch.tables import SPECS
from riskwatch.workplace import Workplace

Tamper = Callable[..., None]


@contextmanager
def changing(place: Workplace) -> Iterator[sqlite3.Connection]:
    """Open the ledger's file behind the program's back; what is done is kept."""
    with closing(sqlite3.connect(place.ledger)) as connection:
        yield connection
        connection.commit()


@pytest.fixture(name="tamper")
def tampering(place: Workplace, ledger: Ledger) -> Tamper:
    """Fill the ledger, note its heads, and return what does SQL behind its back."""
    for number in range(5):
        ledger.append(Step(step="score", outcome="done", seconds=float(number)))
    ledger.append(Deployment(action="deploy", version="v", previous=None, model_sha256="ab",
                             reason="first"))
    save_heads(place, ledger)

    def change(*statements: str) -> None:
        guards = [f"DROP TRIGGER steps_refuses_{verb}" for verb in ("UPDATE", "DELETE")]
        with changing(place) as connection:
            kept = [row[0] for row in connection.execute(
                "SELECT sql FROM sqlite_master WHERE name LIKE 'steps_refuses_%'")]
            for statement in (*guards, *statements, *kept):
                connection.execute(statement)
    return change


def test_an_untouched_ledger_is_sound(place: Workplace, ledger: Ledger, tamper: Tamper) -> None:
    tamper()
    found = audit_ledger(place, ledger)
    assert found.is_sound and found.rows == 6
    ledger.append(Step(step="x", outcome="done", seconds=0.0))  # heads may lag behind
    assert audit_ledger(place, ledger).is_sound


@pytest.mark.parametrize(("statement", "fault"), [
    ("UPDATE steps SET seconds = 9 WHERE id = 3", "steps: row 3 was changed"),
    ("UPDATE steps SET made_utc = '2020' WHERE id = 1", "steps: row 1 was changed"),
    ("UPDATE steps SET run_id = 4 WHERE id = 5", "steps: row 5 was changed"),
    ("UPDATE steps SET chain = 'x' WHERE id = 2", "steps: row 2 was changed"),
    ("DELETE FROM steps WHERE id = 2", "steps: row 2 is missing"),
    ("DELETE FROM steps WHERE id = 5", "steps: ends with row 4, but 5 rows were noted"),
    ("DELETE FROM steps", "steps: ends with row 0, but 5 rows were noted"),
    ("INSERT INTO steps SELECT 6, made_utc, run_id, chain, step, outcome, seconds, detail "
     "FROM steps WHERE id = 5", "steps: row 6 was changed"),
])
def test_what_was_done_behind_its_back_is_named(
        place: Workplace, ledger: Ledger, tamper: Tamper, statement: str, fault: str) -> None:
    tamper(statement)
    found = audit_ledger(place, ledger)
    assert any(fault in problem for problem in found.problems), found.problems


def test_a_whole_other_history_is_noticed(place: Workplace, ledger: Ledger,
                                          tamper: Tamper) -> None:
    """Somebody who can compute digests still cannot make the noted head fit."""
    tamper("DELETE FROM steps")
    for number in range(6):
        ledger.append(Step(step="forged", outcome="done", seconds=float(number)))
    assert any("row 5 is not the one that was noted" in problem
               for problem in audit_ledger(place, ledger).problems)


def test_a_removed_guard_is_named(place: Workplace, ledger: Ledger) -> None:
    for spec in SPECS:
        with changing(place) as connection:
            connection.execute(f"DROP TRIGGER {spec.name}_refuses_DELETE")
        assert f"{spec.name}: the guard against DELETE was removed" in audit_ledger(
            place, ledger).problems


def test_damage_inside_of_the_file_is_found(place: Workplace, ledger: Ledger,
                                            tamper: Tamper) -> None:
    tamper()
    ledger.close()
    with closing(sqlite3.connect(place.ledger)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(place.ledger.read_bytes())
    found = content.find(b"score")
    content[found] ^= 1
    place.ledger.write_bytes(content)
    assert not audit_ledger(place, ledger).is_sound


def test_heads_that_cannot_be_read_say_what_that_means(place: Workplace, ledger: Ledger,
                                                       tamper: Tamper) -> None:
    tamper()
    for text in ("{", "[]", '{"steps": 1}', '{"steps": ["a", "b"]}'):
        Path(place.heads).write_text(text, encoding="utf-8")
        with pytest.raises(LedgerError, match="would go unnoticed"):
            audit_ledger(place, ledger)
