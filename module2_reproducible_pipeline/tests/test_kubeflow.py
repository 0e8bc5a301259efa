"""Kubeflow: the compiled pipeline has the steps and dependencies of the plan, and truly runs."""

import importlib.util
import re
import shlex
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest
import yaml

from quick import WORDS, quick_settings

from rentals.artifacts import Store
from rentals.contents import content_of
from rentals.kubeflow import compile_pipeline, main
from rentals.plan import units
from rentals.settings import ModelSettings, Settings

pytestmark = pytest.mark.skipif(importlib.util.find_spec("kfp") is None,
                                reason="the extra [kubeflow] is not installed")
IMAGE = "registry.example/rentals@sha256:" + "0" * 64


def _compiled(tmp_path, *argv):
    target = tmp_path / "pipeline.yaml"
    assert main(["--image", IMAGE, "--target", str(target), *argv]) == 0
    return next(yaml.safe_load_all(target.read_text("utf-8")))


def _key(unit):
    return unit.title.replace(" ", "-").replace("_", "-")


def _expected(settings):
    """Return, by task, the tasks that it must wait for: makers of its inputs, and the check."""
    plan, made, expected = units(settings), {}, {}
    for unit in plan:
        expected[_key(unit)] = {made[one.reference.partition(":")[0]] for one in unit.inputs
                                if not one.instead}
        if "check" in expected and unit.step != "check":
            expected[_key(unit)].add("check")
        made |= {name: _key(unit) for name in unit.outputs}
    return expected


@pytest.mark.parametrize("words", [(), ("model.candidates=[ridge]",)])
def test_it_has_the_steps_and_dependencies_of_the_plan(tmp_path, words):
    tasks = _compiled(tmp_path, *words)["root"]["dag"]["tasks"]
    settings = Settings()
    if words:
        settings = replace(settings, model=ModelSettings(candidates=("ridge",)))
    assert {name: set(task.get("dependentTasks", ())) for name, task in tasks.items()
            } == _expected(settings)


def test_each_input_is_the_output_that_the_plan_names(tmp_path):
    tasks = _compiled(tmp_path)["root"]["dag"]["tasks"]
    for unit in units(Settings()):
        given = tasks[_key(unit)].get("inputs", {}).get("artifacts", {})
        found = {role: value["taskOutputArtifact"]["outputArtifactKey"]
                 for role, value in given.items()}
        assert found == {one.role: one.reference.partition(":")[0].replace(".", "_")
                         for one in unit.inputs if not one.instead}


def test_each_step_runs_in_the_image_with_its_own_outputs(tmp_path):
    executors = _compiled(tmp_path)["deploymentSpec"]["executors"]
    plan = units(Settings())
    assert set(executors) == {f"exec-{_key(unit)}" for unit in plan}
    for unit in plan:
        container = executors[f"exec-{_key(unit)}"]["container"]
        assert container["image"] == IMAGE
        command = container["command"]
        assert command[:4] == ["python3", "-m", "rentals.kubeflow_step", unit.title]
        assert [command[place + 1] for place, word in enumerate(command)
                if word == "--output"] == list(unit.outputs)


def test_an_input_from_outside_is_imported(tmp_path):
    spec = _compiled(tmp_path, "--input", "reference", "s3://bucket/clean_sample.csv")
    check = spec["root"]["dag"]["tasks"]["check"]
    assert check["inputs"]["artifacts"]["reference"]["taskOutputArtifact"][
        "producerTask"] == "importer"
    assert "s3://bucket/clean_sample.csv" in str(spec["deploymentSpec"])


@pytest.mark.parametrize(("argv", "said"), [
    (["--input", "nothing", "s3://bucket/x"], "no step has an input 'nothing'"),
    (["split.earlier=v1"], "split: listings or earlier_trainval or earlier_test needs"),
    (["seed=none"], "setting seed"),
])
def test_bad_words_are_refused_in_one_line(tmp_path, capsys, argv, said):
    assert main(["--image", IMAGE, "--target", str(tmp_path / "x.yaml"), *argv]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "x.yaml").exists()


def test_the_page_shows_commands_that_compile(tmp_path, monkeypatch):
    text = (Path(__file__).parents[1] / "deploy" / "kubeflow.md").read_text("utf-8")
    block = re.search(r"^```sh\n(.*?)^```", text, re.M | re.S).group(1)
    commands = [shlex.split(line) for line in block.replace("\\\n", " ").splitlines()]
    monkeypatch.chdir(tmp_path)
    for words in commands:
        assert words[:3] == ["python", "-m", "rentals.kubeflow"] and main(words[3:]) == 0
    assert len(commands) == 2 and (tmp_path / "build" / "kubeflow.yaml").is_file()


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_it_runs_locally_and_makes_the_bytes_of_one_process(home, tmp_path, monkeypatch):
    # pylint: disable=import-outside-toplevel  # an extra
    from kfp import local
    from kfp.local.subprocess_task_handler import SubprocessTaskHandler
    pipeline = compile_pipeline("python", WORDS, {})
    monkeypatch.chdir(tmp_path)
    local.init(runner=local.SubprocessRunner(use_venv=False), pipeline_root=str(tmp_path / "kfp"))
    # It refuses containers because an image need not be this machine; here it is this very one.
    with mock.patch.object(SubprocessTaskHandler, "validate_not_container_component"):
        pipeline()
    store = Store(home / "out" / "artifacts")
    found = {}
    for path in (tmp_path / "kfp").glob("*/*/*"):
        found[path.name] = content_of(path).digest
    for unit in units(quick_settings()):
        for name in unit.outputs:
            assert found[name.replace(".", "_")] == store.find(f"{name}:latest").digest, name
