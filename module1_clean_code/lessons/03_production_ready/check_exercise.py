"""Checks of lesson 3: one test for each task, on the files in ``work``."""

import json
import logging
import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

# pylint: disable=wrong-import-position,import-outside-toplevel
from checking import MODULE, function, load, parsed, run, shortened, work_folder  # noqa: E402


def test_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each fault is answered in one sentence or passed on, and none is swallowed."""
    from fault_laws import FAULTS, answer_of, require_passed_on, require_settings
    exercise = load(work_folder(__file__, "faults") / "exercise.py")
    load_settings = function(exercise, "load_settings", "load_settings(path, seed=None)")
    good = tmp_path / "good.toml"
    good.write_text("seed = 7\ngenerated_rows = 500\n", encoding="utf-8")
    require_settings(load_settings, good)
    for name, (make, cause) in FAULTS.items():
        path = make(tmp_path)
        error = answer_of(load_settings, path, name)
        assert path.name in str(error), (
            f"{name}: the message does not name the file {path.name}: {error}")
        assert "\n" not in str(error), f"{name}: one line is asked for, got {str(error)!r}"
        assert isinstance(error.__cause__, cause), (
            f"{name}: the cause is lost; write `raise SettingsError(...) from err`")
    require_passed_on(load_settings, good)
    assert not capsys.readouterr().out, "load_settings prints; the caller decides what is shown"


def test_tests() -> None:
    """The learner's tests pass on three right implementations and fail on ten wrong ones."""
    from suite_trials import LIMIT_SECONDS, TOO_LONG
    work = work_folder(__file__, "tests")
    parsed(work / "test_exercise.py")
    done = run([sys.executable, "-B", str(Path(__file__).resolve().parent / "suite_trials.py"),
                str(work)], MODULE, 45, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", OMP_NUM_THREADS="1")
    assert done.returncode == 0, f"The trials could not be run: {done.stderr.strip()[-300:]}"
    outcomes = json.loads(done.stdout)
    for name, (code, said) in outcomes["right"].items():
        assert code != 5, "test_exercise.py has no tests"
        assert code != TOO_LONG, (f"Your tests do not end within {LIMIT_SECONDS} seconds on a "
                                  f"right implementation ({name}): look for an endless loop")
        assert code == 0, (f"Your tests fail on a right implementation ({name}): "
                           f"{' / '.join(said)}")
    missed = [name for name, (code, _) in outcomes["wrong"].items() if code == 0]
    count = len(outcomes["wrong"])
    assert not missed, (f"Your tests find {count - len(missed)} of {count} wrong implementations. "
                        f"They pass on one that {missed[0]}.")


def test_logging(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A failed run is explained by its log, and the next run has a log of its own."""
    from log_laws import require_log, require_quiet_import
    handlers = list(logging.getLogger().handlers)
    exercise = load(work_folder(__file__, "logging") / "exercise.py")
    require_quiet_import(handlers, exercise)
    first = require_log(exercise, tmp_path / "first", 5)
    require_log(exercise, tmp_path / "second", 6)
    now = (tmp_path / "first" / "run.log").read_text(encoding="utf-8")
    assert now == first, "The second run wrote into the log of the first; take your handler away"
    shown = capsys.readouterr().out
    assert not shown, f"run prints {shortened(shown)}; it belongs in the log"


def test_drift() -> None:
    """Twelve histories, and eighty near them, are decided by rule and with a reason."""
    from deciding import require_answers_near, require_the_twelve
    exercise = load(work_folder(__file__, "drift") / "exercise.py")
    decide = function(exercise, "decide", "decide(report, reference_auc, current_auc)")
    require_the_twelve(decide)
    require_answers_near(decide, seed=12)
