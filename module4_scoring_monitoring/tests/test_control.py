"""Control starts real commands, one cycle at a time, and says how they ended."""

import os
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from poison_drops import GOOD
from web_story import released

from riskwatch.deploy import deploy
from riskwatch.ledger import Ledger, open_ledger
from riskwatch.lock import hold
from riskwatch.records import Deployment, Run, RunEnd
from riskwatch.web.control import Commands, Control
from riskwatch.web.options import KEY_VARIABLE, build_options
from riskwatch.web.problems import Problem
from riskwatch.workplace import Workplace


def script(text: str) -> Commands:
    """Commands that are a few words of Python."""
    return Commands((sys.executable, "-c", text), ())


def status(control: Control) -> int:
    """Return the status with which a roll-back is refused."""
    with pytest.raises(Problem) as caught:
        control.roll_back("why")
    return caught.value.status


def test_a_cycle_runs_as_a_command_and_leaves_its_row(tmp_path: Path) -> None:
    place = Workplace(tmp_path / "out")
    drops = tmp_path / "-drops"  # a name that looks like an option
    drops.mkdir()
    (drops / "a.csv").write_text(GOOD, encoding="utf-8")
    control = Control(Commands.of(place, build_options({"data": (drops,), "seed": 7})), 30)
    control.start_cycle()
    with pytest.raises(Problem) as caught:
        control.start_cycle()
    assert caught.value.status == 409
    end = time.monotonic() + 120
    while True:
        assert time.monotonic() < end
        time.sleep(0.2)
        if place.ledger.exists():
            with closing(open_ledger(place)) as ledger:
                if ledger.latest(RunEnd) is not None:
                    break
    with closing(open_ledger(place)) as ledger:
        run, ended = ledger.latest(Run), ledger.latest(RunEnd)
    assert run and ended and (run.record.command, run.record.trigger) == ("cycle", "api")
    assert ended.record.outcome in ("done", "check_said_no"), ended


def test_a_roll_back_is_done_and_written_down(place: Workplace, ledger: Ledger) -> None:
    control = Control(Commands.of(place, build_options({})), 60)
    assert status(control) == 409  # nothing to go back to
    versions = [released(place, seed=seed) for seed in (1, 2)]
    for version in versions:
        deploy(place, ledger, version, "x")
    control.roll_back("it was --worse")
    latest = ledger.latest(Deployment)
    assert latest and latest.record.version == versions[0]
    assert latest.record.reason == "it was --worse"
    with hold(place.out):
        assert status(control) == 409  # somebody else is at work


def test_strange_ends_and_slow_commands_are_problems() -> None:
    assert status(Control(script("raise SystemExit(1)"), 10)) == 503
    assert status(Control(script("import time; time.sleep(60)"), 0.5)) == 503


def test_the_key_is_not_handed_to_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "a-key-of-sixteen-or-more")
    assert KEY_VARIABLE in os.environ
    Control(script(f"import os, sys; sys.exit({KEY_VARIABLE!r} in os.environ)"), 30).roll_back("x")
