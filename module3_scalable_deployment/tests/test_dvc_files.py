"""The DVC files say what the code does, and the lock is of this code and these settings."""

import hashlib
from pathlib import Path

import pytest
import yaml

from census.pipeline import STAGES
from census.settings import Settings

MODULE = Path(__file__).parents[1]
PIPELINE = yaml.safe_load((MODULE / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
LOCK = yaml.safe_load((MODULE / "dvc.lock").read_text(encoding="utf-8"))["stages"]
#: Needed by the command line of every stage; they decide no figure.
RIM = {"__init__", "cli", "commands", "errors", "files", "lock", "logs", "places", "settings",
       "stages"}


def paths(entries: list[object]) -> set[str]:
    """Return the paths of outputs, with options or without."""
    return {next(iter(entry)) if isinstance(entry, dict) else str(entry) for entry in entries}


def outputs(stage: str) -> set[str]:
    """Return all outputs of a stage."""
    return {path for kind in ("outs", "metrics", "plots")
            for path in paths(PIPELINE[stage].get(kind, []))}


def test_the_stages_are_those_of_a_run_in_the_same_order():
    assert tuple(PIPELINE) == STAGES == tuple(LOCK)


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_is_its_command(stage):
    assert PIPELINE[stage]["cmd"] == f"python -m census.cli {stage}"


@pytest.mark.parametrize("stage", STAGES)
def test_code_that_a_stage_needs_exists_and_data_comes_from_an_earlier_stage(stage):
    made = {path for earlier in STAGES[:STAGES.index(stage)] for path in outputs(earlier)}
    for path in paths(PIPELINE[stage]["deps"]):
        if path.startswith("build/"):
            assert any(path == one or path.startswith(one + "/") for one in made), path
        else:
            assert (MODULE / path).is_file(), path


@pytest.mark.parametrize("stage", STAGES)
def test_settings_that_a_stage_names_exist(stage):
    for key in PIPELINE[stage].get("params", []):
        value = Settings().model_dump()
        for part in key.split("."):
            assert part in value, key
            value = value[part]


@pytest.mark.parametrize("stage", STAGES)
def test_the_lock_is_of_this_code_and_these_settings(stage):
    """Fails after a change of code or settings until `dvc repro` was run and committed."""
    stale = [dep["path"] for dep in LOCK[stage]["deps"] if not dep["path"].startswith("build/")
             and hashlib.md5((MODULE / dep["path"]).read_bytes()).hexdigest() != dep["md5"]]
    assert not stale, "run `dvc repro` on Python 3.12 and commit dvc.lock"
    values = yaml.safe_load((MODULE / "params.yaml").read_text(encoding="utf-8"))
    for key, locked in LOCK[stage].get("params", {}).get("params.yaml", {}).items():
        found = values
        for part in key.split("."):
            found = found[part]
        assert found == locked, key


def test_the_lock_hands_each_output_on_unchanged():
    made = {out["path"]: out["md5"] for stage in LOCK.values() for out in stage.get("outs", [])}
    taken = {dep["path"]: dep["md5"] for stage in LOCK.values() for dep in stage["deps"]
             if dep["path"] in made}
    assert len(taken) >= 8
    assert all(made[path] == digest for path, digest in taken.items())


def test_every_room_of_training_is_a_dependency_of_some_stage():
    named = {Path(path).stem for stage in PIPELINE.values() for path in paths(stage["deps"])
             if path.startswith("src/")}
    rooms = {path.stem for path in (MODULE / "src" / "census" / "training").glob("[!_]*.py")}
    # Drawn for the report of a whole run, which is no stage.
    assert rooms - named - RIM <= {"evaluate_figures"}


def test_the_default_remote_is_checked_and_stays_below_build():
    config = (MODULE / ".dvc" / "config").read_text(encoding="utf-8")
    settings = dict(line.strip().split(" = ") for line in config.splitlines() if " = " in line)
    assert settings["verify"] == "true" and settings["analytics"] == "false"
    assert settings["url"].startswith("../build/") and settings["dir"].startswith("../build/")
