"""A true cron daemon fires a true cycle, mails when it should, and meets a lock that is held."""

import shlex
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import cron_room
import pytest

from riskwatch.ledger import EVERYTHING, open_ledger
from riskwatch.lock import hold
from riskwatch.records import File, Run, RunEnd
from riskwatch.workplace import Workplace

#: To the next minute, and a cycle on a busy machine.
PATIENCE = 110.0
DROP = ("corporation,lastmonth_activity,lastyear_activity,number_of_employees,exited\n"
        "abcd,1,2,3,0\nefgh,1,2,3,1\n")


@pytest.fixture(autouse=True)
def _only_where_possible() -> None:
    if reason := cron_room.why_not():
        pytest.skip(reason)


def wait_for(what: Callable[[], Any]) -> Any:
    """Return what comes, within the patience."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.5)
    raise AssertionError("cron did not do it in time")


def install_words(place: Workplace) -> list[str]:
    """The command that installs the schedule of a workplace, every minute."""
    return [sys.executable, "-m", "riskwatch.cli", "schedule", "install", "--out", str(place.out),
            "--every", "1", "--mail-to", "ops@localhost"]


def ends(place: Workplace) -> list[tuple[str, str, str, int | None]]:
    """Return command, trigger, outcome and code of the runs that ended."""
    if not place.ledger.exists():
        return []
    with closing(open_ledger(place)) as ledger:
        runs = {entry.id: entry.record for entry in ledger.entries(Run)}
        return [(runs[entry.run_id].command, runs[entry.run_id].trigger, entry.record.outcome,
                 entry.record.exit_code)
                for entry in ledger.entries(RunEnd, EVERYTHING) if entry.run_id is not None]


@pytest.mark.timeout(300)
def test_cron_fires_a_cycle_and_tells_only_of_a_bad_end(tmp_path: Path,
                                                        say: Callable[[str], None]) -> None:
    good, busy = Workplace(tmp_path / "100% it's good"), Workplace(tmp_path / "a busy one")
    bad = Workplace(tmp_path / "bad")
    good.inbox.mkdir(parents=True)
    (good.inbox / "a.csv").write_text(DROP, encoding="utf-8")
    bad.out.mkdir()
    bad.ledger.write_bytes(b"no ledger" * 999)
    with closing(open_ledger(busy)):
        pass
    script = "\n".join(["echo '0 0 1 1 * true' | crontab -",
                        *(shlex.join(install_words(place)) for place in (good, busy, bad))])
    with hold(busy.out), cron_room.cron_running(tmp_path / "room", script) as daemon:
        began = time.monotonic()
        found = wait_for(lambda: ends(good))
        seconds = time.monotonic() - began
        assert found[0] == ("cycle", "cron", "done", 0)
        assert wait_for(lambda: ends(busy))[0] == ("cycle", "cron", "locked_out", 75)
        mail = wait_for(lambda: (tmp_path / "room" / "mail").exists()
                        and "exit code 2" in (tmp_path / "room" / "mail").read_text("utf-8")
                        and (tmp_path / "room" / "mail").read_text("utf-8"))
        for place in (good, busy, bad):
            taken_out = cron_room.inside(daemon, sys.executable, "-m", "riskwatch.cli", "schedule",
                                         "remove", "--out", str(place.out))
            assert taken_out.returncode == 0, taken_out.stderr
        assert cron_room.inside(daemon, "crontab", "-l").stdout == "0 0 1 1 * true\n"
    assert "To: ops@localhost" in mail and str(bad.out) in mail
    assert str(good.out) not in mail and str(busy.out) not in mail
    assert "ingest: " in (good.logs / "cron.log").read_text("utf-8")
    assert "another run writes here" in (busy.logs / "cron.log").read_text("utf-8")
    with closing(open_ledger(good)) as ledger:
        assert [*ledger.columns(File, "name", "status")] == [("a.csv", "accepted")]
    say(f"cron: fired a true cycle {seconds:.0f} s after it began; mail of the bad one only")
