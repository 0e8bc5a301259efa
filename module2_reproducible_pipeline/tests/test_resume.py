"""Pipelines that are killed, interrupted or run side by side, as processes of their own."""

import signal
import subprocess
import sys

import pytest
from quick import WORDS, run_captured

from rentals.artifacts import Store
from rentals.lineage import all_runs

STEPS = "fetch,clean,check,split,train"
ARGUMENTS = ("--steps", STEPS, *WORDS)


def _started(out, *words):
    return subprocess.Popen(
        [sys.executable, "-m", "rentals.cli", "run", "--out", str(out), *ARGUMENTS, *words],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def _digests(out):
    store = Store(out / "artifacts")
    return {use.name: store.get(use.name).digest for record in all_runs(store)
            for use in record.outputs}


@pytest.fixture(scope="module", name="whole")
def whole_fixture(tmp_path_factory):
    """Digests of everything that an undisturbed run makes."""
    out = tmp_path_factory.mktemp("whole")
    assert run_captured(["run", "--out", str(out), *ARGUMENTS, "tracking.wandb=off"])[0] == 0
    return _digests(out)


@pytest.mark.parametrize(("sign", "code", "last"), [
    (signal.SIGKILL, -9, ""), (signal.SIGINT, 130, "run it again, and it goes on where it")])
def test_a_pipeline_stopped_half_way_goes_on_where_it_stopped(tmp_path, whole, sign, code, last):
    with _started(tmp_path, "tracking.wandb=off") as process:
        said = ""
        for line in process.stdout:
            said += line
            if line.startswith("split: ") and " s" in line and "..." not in line:
                process.send_signal(sign)
                break
        said += process.stdout.read()
    assert process.returncode == code and last in said
    done, again = run_captured(["run", "--out", str(tmp_path), *ARGUMENTS, "tracking.wandb=off"])
    assert done == 0, again
    for step in ("fetch", "clean", "check"):
        assert f"{step}: unchanged, skipped" in again
    assert "train ridge: unchanged, skipped" not in again
    assert _digests(tmp_path) == whole
    assert not list(tmp_path.rglob(".draft-*"))


def test_two_pipelines_at_once_in_one_new_folder_give_the_same_as_one(tmp_path, whole):
    with _started(tmp_path) as first, _started(tmp_path) as second:
        said = [process.communicate(timeout=200)[0] for process in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], said
    assert _digests(tmp_path) == whole
    store = Store(tmp_path / "artifacts")
    assert {store.find(name).number for name in whole} == {1}
