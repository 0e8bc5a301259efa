"""Eight cycles started at once: one works, seven leave with 75, and each leaves its row."""

import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from riskwatch.ledger import Ledger, open_ledger
from riskwatch.ledger_audit import audit_ledger
from riskwatch.records import File, Run, RunEnd
from riskwatch.runs import Errand, record_locked_out
from riskwatch.workplace import Workplace

# Each waits for the gate to open, with everything loaded, and then does what the program does.
START = """
import sys
import riskwatch.commands, riskwatch.stages, riskwatch.runs, riskwatch.ledger
from riskwatch.cli import main
print("ready", flush=True)
sys.stdin.readline()
sys.exit(main(["cycle", "--trigger", "cron", "--out", sys.argv[1]]))
"""
STARTS, ROUNDS = 8, 50 if os.environ.get("SOAK") == "1" else 3


def start_at_once(place: Workplace) -> list[int]:
    """Start eight cycles in the same moment, and return their exit codes."""
    # pylint: disable-next=consider-using-with  # eight at once
    runs = [subprocess.Popen([sys.executable, "-c", START, str(place.out)], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            for _ in range(STARTS)]
    try:
        assert [run.stdout.readline() for run in runs if run.stdout] == [b"ready\n"] * STARTS
        for run in runs:
            assert run.stdin
            run.stdin.write(b"\n")
            run.stdin.flush()
        for run in runs:
            run.communicate(timeout=120)
        return [run.returncode for run in runs]
    finally:
        for run in runs:
            run.kill()


@pytest.mark.timeout(1800)
def test_of_eight_cycles_at_once_one_works_and_all_leave_a_row(
        tmp_path: Path, say: Callable[[str], None]) -> None:
    together = 0
    for number in range(ROUNDS):
        place = Workplace(tmp_path / f"{number}")
        place.inbox.mkdir(parents=True)
        with closing(open_ledger(place)):
            pass
        (place.inbox / "a.csv").write_text(
            "corporation,lastmonth_activity,lastyear_activity,number_of_employees,exited\n"
            f"abcd,1,2,{number},0\n", encoding="utf-8")
        codes = Counter(start_at_once(place))
        assert set(codes) <= {0, 75} and codes[0] >= 1
        together += codes[75]
        with closing(open_ledger(place)) as ledger:
            assert len([*ledger.columns(Run, "id")]) == STARTS
            outcomes = Counter(outcome for (outcome,) in ledger.columns(RunEnd, "outcome"))
            assert outcomes == {"done": codes[0], "locked_out": codes[75]}
            assert not ledger.unended_runs()
            # Effective is one: whoever came after it was done found nothing new.
            assert [*ledger.columns(File, "status")] == [("accepted",)]
            assert audit_ledger(place, ledger).is_sound
    # They were at it together, or nothing was shown.
    assert together >= 5 * ROUNDS
    say(f"overlap: {ROUNDS} rounds of {STARTS} cycles at once, one effective in each; "
        f"{together} left with 75, all recorded")


def test_a_locked_out_run_is_never_seen_open(place: Workplace, ledger: Ledger) -> None:
    """Else the run that holds the lock takes it for a killed one, and ends it itself."""
    seen: list[bool] = []

    def look(_: object) -> None:
        with closing(sqlite3.connect(place.ledger)) as other:  # what others see so far
            counts = [other.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
                      for name in ("runs", "run_ends")]
        seen.append(counts[0] == counts[1])

    event.listen(ledger.engine, "begin", look)
    for _ in range(3):
        record_locked_out(ledger, Errand("cycle", "cron"))
    assert len(seen) >= 3 and all(seen)
    assert not ledger.unended_runs()
