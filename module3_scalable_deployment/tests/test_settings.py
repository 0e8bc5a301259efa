"""Settings: typed, frozen, and refused by name."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from census.errors import SettingsError
from census.settings import Settings, build_settings, load_settings

PARAMS = Path(__file__).parents[1] / "params.yaml"


def test_the_committed_file_says_what_the_defaults_are():
    assert load_settings(PARAMS) == Settings()


def test_the_committed_file_names_every_setting():
    text = PARAMS.read_text(encoding="utf-8")
    for section, values in Settings().model_dump().items():
        for name in values if isinstance(values, dict) else [section]:
            assert f"\n  {name}:" in text or f"\n{name}:" in text, name


@pytest.mark.parametrize(("values", "key"), [
    ({"sede": 1}, "sede"),
    ({"seed": "1"}, "seed"),
    ({"seed": -1}, "seed"),
    ({"seed": True}, "seed"),
    ({"generate": {"bias": 1.5}}, "generate.bias"),
    ({"generate": {"rows": 10}}, "generate.rows"),
    ({"prepare": {"test_fraction": 1.0}}, "prepare.test_fraction"),
    ({"train": {"foldz": 3}}, "train.foldz"),
    ({"train": {"folds": 3.5}}, "train.folds"),
    ({"train": {"candidates": []}}, "train.candidates"),
    ({"train": {"candidates": ["svm"]}}, "train.candidates.0"),
    ({"train": {"cost_of_missed": float("nan")}}, "train.cost_of_missed"),
    ({"train": {"hist_gradient_boosting": {"depth": 3}}}, "train.hist_gradient_boosting.depth"),
    ({"slices": {"pairs": [["sex"]]}}, "slices.pairs.0"),
    ({"bias": {"tolerance": 0}}, "bias.tolerance"),
    ({"bias": 3}, "bias"),
])
def test_a_wrong_setting_is_named(values, key):
    with pytest.raises(SettingsError, match=f"setting {key}: ") as caught:
        build_settings(values)
    assert "\n" not in str(caught.value)


def test_settings_cannot_be_changed_later():
    with pytest.raises(ValidationError):
        Settings().seed = 1


def test_the_seed_of_the_command_line_wins(tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text("seed: 7\ntrain:\n  folds: 4\n", encoding="utf-8")
    assert load_settings(path).seed == 7
    assert load_settings(path, seed=8).seed == 8
    assert load_settings(path, seed=8).train.folds == 4


@pytest.mark.parametrize("content", [b"seed: [", b"\xff\xfe", b"- 1\n- 2\n", b"", b"a: b: c",
                                     b"!!python/object/apply:os.system [echo]", b"[" * 100_000])
def test_a_file_that_is_no_yaml_mapping_is_named(tmp_path, content):
    path = tmp_path / "my.yaml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"my\.yaml") as caught:
        load_settings(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"none\.yaml"):
        load_settings(tmp_path / "none.yaml")


def test_what_is_no_small_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "big.yaml").write_bytes(b"#" * 1_000_001)
    for path, rule in ((tmp_path, "directory"), (tmp_path / "pipe.yaml", "regular file"),
                       (Path("/dev/zero"), "regular file"), (tmp_path / "big.yaml", "bytes"),
                       (tmp_path / "a\0b", "null")):
        with pytest.raises(SettingsError, match=rule):
            load_settings(path)


def test_the_file_is_named_with_its_wrong_setting(tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text("sead: 7\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"my\.yaml: setting sead"):
        load_settings(path)
