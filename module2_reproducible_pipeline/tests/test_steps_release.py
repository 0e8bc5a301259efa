"""Release: an MLflow model that is a function of the chosen model, loaded back and compared."""

import json
import sys

import pytest
import yaml
from trained import SETTINGS

from rentals.contents import content_of
from rentals.plan import CHOSEN, Task
from rentals.steps import release


@pytest.fixture(scope="module", name="released")
def released_fixture(made, tmp_path_factory):
    """A release, and the same made once more."""
    folders = []
    for name in ("one", "two"):
        folders.append(tmp_path_factory.mktemp(name))
        result = release.run(Task({"chosen": made / CHOSEN, "trainval": made / "trainval.csv",
                                   "evaluation": made / "evaluation"}, SETTINGS, folders[-1]))
        assert not result.refusal
    return [folder / "release" for folder in folders]


def test_a_release_is_a_function_of_the_model(released):
    assert content_of(released[0]) == content_of(released[1])


def test_a_release_has_signature_example_requirements_and_the_skops_format(released):
    description = yaml.safe_load((released[0] / "MLmodel").read_text("utf-8"))
    assert description["flavors"]["sklearn"]["serialization_format"] == "skops"
    assert {entry["name"] for entry in json.loads(description["signature"]["inputs"])} >= {
        "name", "latitude", "room_type"}
    assert (released[0] / "input_example.json").is_file()
    lines = (released[0] / "requirements.txt").read_text("utf-8").split()
    assert {line.split("==")[0] for line in lines} >= {"scikit-learn", "skops", "numpy"}
    assert all("==" in line for line in lines)
    assert not [path for path in released[0].rglob("*") if path.suffix in (".pkl", ".joblib")]
    assert (released[0] / "code" / "rentals" / "features.py").is_file()
    assert not (released[0] / "code" / "rentals" / "cli.py").exists()


def test_the_list_of_volatile_keys_is_what_mlflow_writes_anew(made, tmp_path, monkeypatch):
    monkeypatch.setattr(release, "make_lasting", lambda *_: None)
    found = []
    for name in ("one", "two"):
        out = tmp_path / name
        release.run(Task({"chosen": made / CHOSEN, "trainval": made / "trainval.csv",
                          "evaluation": made / "evaluation"}, SETTINGS, out))
        found.append(yaml.safe_load((out / "release" / "MLmodel").read_text("utf-8")))
    changed = {key for key in found[0] if found[0][key] != found[1][key]}
    assert changed | {"model_size_bytes"} == set(release.VOLATILE_KEYS)


def test_the_code_that_a_release_carries_does_not_stay_on_the_import_path(made, tmp_path):
    path = list(sys.path)
    release.run(Task({"chosen": made / CHOSEN, "trainval": made / "trainval.csv",
                      "evaluation": made / "evaluation"}, SETTINGS, tmp_path))
    assert sys.path == path


def test_a_release_that_answers_differently_is_refused(made, tmp_path, monkeypatch):
    monkeypatch.setattr(release, "difference_when_loaded", lambda *_: 0.5)
    result = release.run(Task({"chosen": made / CHOSEN, "trainval": made / "trainval.csv",
                               "evaluation": made / "evaluation"}, SETTINGS, tmp_path))
    assert "0.5 dollars" in result.refusal
