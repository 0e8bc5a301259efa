"""Killed before any call that changes files, backup and restore leave a whole ledger.

Either the one that was there or the one that was to come: never half of one, never one with
the journal of the other.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import kill_points
import pytest
from crash_scenes import place_of, points_of, spread

from riskwatch.audit import audit
from riskwatch.ledger import open_ledger
from riskwatch.ledger_audit import save_heads
from riskwatch.ledger_backup import back_up, restore
from riskwatch.lock import hold
from riskwatch.records import Step

pytestmark = pytest.mark.skipif(not kill_points.is_possible(),
                                reason="this machine lets no process be traced")
STEP = Step(step="score", outcome="done", seconds=1.0)
OLD, NEW = 5, 3


def before(folder: Path) -> None:
    """A backup of three rows, an older one to be replaced, and a ledger of five."""
    place = place_of(folder)
    with closing(open_ledger(place)) as ledger:
        ledger.append(STEP)
        back_up(place, folder / "target.sqlite")
        ledger.append(STEP, STEP)
        back_up(place, folder / "copy.sqlite")
        ledger.append(STEP, STEP)
        save_heads(place, ledger)


def with_a_journal(folder: Path) -> None:
    """The same, and the last rows stand in the journal only, as after a kill."""
    before(folder)
    place = place_of(folder)
    ledger = open_ledger(place)
    ledger.append(STEP)
    kept = {path.name: path.read_bytes() for path in place.out.glob("ledger.sqlite*")}
    ledger.close()
    for name, content in kept.items():
        (place.out / name).write_bytes(content)
    assert (place.out / "ledger.sqlite-wal").stat().st_size > 0


def rows_of(path: Path) -> int:
    """Return how many rows a whole file of a ledger has."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute("SELECT count(*) FROM steps").fetchone()[0])


def make_backup(folder: Path) -> None:
    """Back up, in the place of an older backup."""
    back_up(place_of(folder), folder / "target.sqlite")


def put_back(folder: Path, hour: int = 12) -> None:
    """Restore, as the command does."""
    place = place_of(folder)
    place.clock.now = place.clock.now.replace(hour=hour)  # type: ignore[attr-defined]
    with hold(place.out):
        restore(place, folder / "copy.sqlite")


def check_backup(folder: Path) -> None:
    """Whole is the older backup or the new one, and the ledger is as it was."""
    assert rows_of(folder / "target.sqlite") in (1, OLD)
    make_backup(folder)
    assert rows_of(folder / "target.sqlite") == OLD
    place = place_of(folder)
    with closing(open_ledger(place)) as ledger:
        assert audit(place, ledger).is_sound
    assert sorted(path.name for path in folder.iterdir()) == [
        "copy.sqlite", "out", "target.sqlite"]


@pytest.mark.timeout(900)
def test_a_killed_backup_leaves_the_older_one_or_the_new_one(
        tmp_path: Path, say: Callable[[str], None]) -> None:
    count = points_of(tmp_path, before, make_backup)
    places = spread(count, 20)
    deaths = kill_points.kill_at(places, tmp_path, before, make_backup, check_backup)
    assert deaths >= len(places) - 1 and len(places) >= 12
    say(f"backup: killed at {deaths} of {count} calls, 0 violations")


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("scene", "old"), [(before, OLD), (with_a_journal, OLD + 1)],
                         ids=["clean", "journal"])
def test_a_killed_restore_leaves_the_old_ledger_or_the_restored_one(
        tmp_path: Path, say: Callable[[str], None], scene: Callable[[Path], None], old: int
) -> None:
    seen: set[int] = set()

    def check(folder: Path) -> None:
        place = place_of(folder)
        with closing(open_ledger(place)) as ledger:
            found = len([*ledger.columns(Step, "id")])
            problems = audit(place, ledger).problems
        assert found in (old, NEW) and not problems, (found, problems)
        seen.add(found)
        put_back(folder, hour=20)
        with closing(open_ledger(place)) as ledger:
            assert len([*ledger.columns(Step, "id")]) == NEW
            assert audit(place, ledger).is_sound
            assert ledger.append(STEP)[0].id == NEW + 1
        # Whatever was replaced is kept, whole.
        kept = [rows_of(path) for path in place.out.glob("*.replaced")]
        assert set(kept) <= {old, NEW} and kept

    count = points_of(tmp_path, scene, put_back)
    places = spread(count, 24)
    deaths = kill_points.kill_at(places, tmp_path, scene, put_back, check)
    assert deaths >= len(places) - 1 and len(places) >= 20
    assert seen == {old, NEW}
    say(f"restore ({scene.__name__}): killed at {deaths} of {count} calls, 0 violations")
