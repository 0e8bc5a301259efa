"""A backup can be made beside a writer, and put back even where the ledger is ruined."""

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from riskwatch.errors import InputError, LedgerError
from riskwatch.ledger import Ledger, open_ledger
from riskwatch.ledger_audit import audit_ledger
from riskwatch.ledger_backup import back_up, restore
from riskwatch.records import Step
from riskwatch.workplace import Workplace

STEP = Step(step="score", outcome="done", seconds=1.0)


def test_a_ruined_ledger_is_restored(place: Workplace, ledger: Ledger, tmp_path: Path) -> None:
    ledger.append(STEP, STEP)
    back_up(place, tmp_path / "deep" / "copy.sqlite")
    ledger.append(STEP)
    ledger.close()
    place.ledger.write_bytes(b"ruin")
    Path(f"{place.ledger}-wal").write_bytes(b"of another ledger")
    with pytest.raises(LedgerError, match="riskwatch restore"):
        open_ledger(place)
    kept = restore(place, tmp_path / "deep" / "copy.sqlite")
    assert kept is not None and kept.read_bytes() == b"ruin"
    with closing(open_ledger(place)) as again:
        assert [number for (number,) in again.columns(Step, "id")] == [1, 2]
        assert audit_ledger(place, again).is_sound
        assert again.append(STEP)[0].id == 3
    assert os.listdir(tmp_path / "deep") == ["copy.sqlite"]


def test_a_missing_ledger_is_restored(place: Workplace, ledger: Ledger, tmp_path: Path) -> None:
    ledger.append(STEP)
    back_up(place, tmp_path / "copy.sqlite")
    ledger.close()
    for path in place.out.glob("ledger.sqlite*"):
        path.unlink()
    assert restore(place, tmp_path / "copy.sqlite") is None
    with closing(open_ledger(place)) as again:
        assert again.latest(Step) is not None


def test_a_sound_ledger_is_kept_whole_beside_the_restored_one(
        place: Workplace, ledger: Ledger, tmp_path: Path) -> None:
    back_up(place, tmp_path / "copy.sqlite")
    ledger.append(STEP)  # stands in the journal only
    kept = restore(place, tmp_path / "copy.sqlite")
    assert kept is not None
    with closing(sqlite3.connect(kept)) as old:
        assert old.execute("SELECT count(*) FROM steps").fetchone() == (1,)
    with closing(open_ledger(place)) as again:
        assert again.latest(Step) is None


def test_a_backup_beside_a_writer_is_sound(place: Workplace, ledger: Ledger, tmp_path: Path
                                           ) -> None:
    stop = threading.Event()

    def write() -> None:
        with closing(open_ledger(place)) as own:
            while not stop.is_set():
                own.append(STEP)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            back_up(place, tmp_path / f"{number}.sqlite")
    finally:
        stop.set()
        writer.join()
    other = Workplace(tmp_path / "other", place.settings, place.clock)
    for number in range(5):
        restore(other, tmp_path / f"{number}.sqlite")
        with closing(open_ledger(other)) as restored:
            assert audit_ledger(other, restored).is_sound
    assert ledger.latest(Step) is not None


def test_what_is_no_sound_backup_is_refused_and_changes_nothing(
        place: Workplace, ledger: Ledger, tmp_path: Path) -> None:
    ledger.append(STEP)
    back_up(place, tmp_path / "tampered.sqlite")
    with closing(sqlite3.connect(tmp_path / "tampered.sqlite")) as connection:
        connection.execute("DROP TRIGGER steps_refuses_UPDATE")
        connection.execute("UPDATE steps SET seconds = 2")
        connection.commit()
    (tmp_path / "text.sqlite").write_text("no database" * 99, encoding="utf-8")
    (tmp_path / "empty.sqlite").touch()
    for name, rule in (("tampered", "guard against UPDATE"), ("text", "is no ledger"),
                       ("empty", "is no ledger"), ("missing", "no such backup")):
        with pytest.raises(InputError, match=rule):
            restore(place, tmp_path / f"{name}.sqlite")
    assert ledger.get(Step, 1) is not None and audit_ledger(place, ledger).is_sound


def test_a_ledger_on_a_server_has_other_means(tmp_path: Path) -> None:
    place = Workplace(tmp_path, ledger_url="postgresql+psycopg://nobody@127.0.0.1:1/none")
    for action in (back_up, restore):
        with pytest.raises(InputError, match="pg_dump"):
            action(place, tmp_path / "x")  # type: ignore[operator]
