"""The plan: a table of what each step reads and makes, light enough to load first."""

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import rentals.steps
from rentals.errors import SettingsError
from rentals.model import CANDIDATES, build_model
from rentals.plan import CANDIDATE_READS, STEPS, units
from rentals.setting_parts import is_within, leaves, settings_of_leaves
from rentals.settings import ModelSettings, Settings, SplitSettings

FOLDER = Path(rentals.steps.__file__).parent


def test_each_step_has_a_file_and_each_file_is_a_step():
    assert {path.stem for path in FOLDER.glob("*.py")} == {*STEPS, "__init__"}


def test_units_come_in_the_order_of_the_plan_whatever_the_order_asked():
    assert [unit.step for unit in units(Settings(), ["split", "fetch", "clean"])] == [
        "fetch", "clean", "split"]


def test_an_unknown_step_is_named_with_those_there_are():
    with pytest.raises(SettingsError, match="'cleen'; steps are fetch, explore"):
        units(Settings(), ["cleen"])


def test_every_input_is_made_by_an_earlier_unit():
    made: set[str] = set()
    for unit in units(Settings()):
        assert {one.reference.partition(":")[0] for one in unit.inputs} <= made
        made.update(unit.outputs)


def test_every_setting_is_read_by_a_step_or_is_of_the_record_or_the_search():
    reads = [name for unit in units(Settings()) for name in unit.reads]
    unread = {key for key in leaves(Settings()) if not is_within(key, reads)}
    # `split.earlier` chooses inputs, whose digests count.
    assert {key for key in unread if not key.startswith(("tracking.", "search."))} == {
        "split.earlier"}


def test_an_earlier_drop_becomes_two_more_inputs_of_split():
    settings = replace(Settings(), split=SplitSettings(earlier="v1"))
    references = [one.reference for one in units(settings, ["split"])[0].inputs]
    assert references == ["clean_sample.csv:latest", "trainval_data.csv:v1", "test_data.csv:v1"]


@pytest.mark.parametrize("name", CANDIDATES)
def test_a_candidate_depends_on_the_settings_it_declares_and_on_no_others(name):
    assert set(CANDIDATE_READS) == set(CANDIDATES) == set(ModelSettings().candidates)
    before = repr(build_model(name, ModelSettings(), 1).get_params())
    for key, value in leaves(Settings()).items():
        if key.startswith("model.") and key != "model.candidates":
            other = value * 0.9 if isinstance(value, float) else (
                value + 1 if isinstance(value, int) else "poisson")
            changed = settings_of_leaves({key: other or 0.5}).model
            is_changed = repr(build_model(name, changed, 1).get_params()) != before
            if is_changed:
                assert is_within(key, CANDIDATE_READS[name]), key
            elif not key.startswith("model.text."):
                assert not is_within(key, CANDIDATE_READS[name]), key


def test_steps_do_not_know_each_other():
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("rentals.steps"), path
                assert not (node.module == "rentals" and any(
                    name.name == "steps" for name in node.names)), path


def test_the_plan_loads_without_heavy_libraries():
    code = ("import sys; import rentals.plan, rentals.cache, rentals.artifacts, rentals.lineage;"
            "print([n for n in ('pandas', 'numpy', 'sklearn', 'mlflow', 'wandb') if n in "
            "sys.modules])")
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True
                          ).stdout.strip() == "[]"
