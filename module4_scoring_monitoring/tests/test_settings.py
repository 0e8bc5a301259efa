"""Settings: typed, frozen, and refused by name."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from riskwatch.errors import SettingsError
from riskwatch.settings import Settings, build_settings, load_settings

CONFIG = Path(__file__).parents[1] / "config" / "riskwatch.toml"


def test_the_committed_file_says_what_the_defaults_are():
    assert load_settings(CONFIG) == Settings()


def test_the_committed_file_names_every_setting():
    text = CONFIG.read_text(encoding="utf-8")
    for section, values in Settings().model_dump().items():
        for name in values if isinstance(values, dict) else [section]:
            assert f"\n{name} = " in text, name


@pytest.mark.parametrize(("values", "key"), [
    ({"sede": 1}, "sede"),
    ({"seed": "1"}, "seed"),
    ({"seed": -1}, "seed"),
    ({"seed": True}, "seed"),
    ({"training": {"foldz": 3}}, "training.foldz"),
    ({"training": {"folds": 3.5}}, "training.folds"),
    ({"ingest": {"hold_out_share": 1.0}}, "ingest.hold_out_share"),
    ({"training": {"candidates": []}}, "training.candidates"),
    ({"training": {"candidates": ["svm"]}}, "training.candidates.0"),
    ({"scoring": {"threshold": float("nan")}}, "scoring.threshold"),
    ({"ingest": {"memory_megabytes": 10}}, "ingest.memory_megabytes"),
    ({"reading": 3}, "reading"),
])
def test_a_wrong_setting_is_named(values, key):
    with pytest.raises(SettingsError, match=f"setting {key}: ") as caught:
        build_settings(values)
    assert "\n" not in str(caught.value)


def test_settings_cannot_be_changed_later():
    with pytest.raises(ValidationError):
        Settings().seed = 1


def test_the_seed_of_the_command_line_wins(tmp_path):
    path = tmp_path / "my.toml"
    path.write_text("seed = 7\n[training]\nfolds = 4\n", encoding="utf-8")
    assert load_settings(path).seed == 7
    assert load_settings(path, seed=8).seed == 8
    assert load_settings(path, seed=8).training.folds == 4


@pytest.mark.parametrize("content", [b"seed = ", b"\xff\xfe", b"seed = 1\nseed = 2"])
def test_a_file_that_is_not_toml_is_named(tmp_path, content):
    path = tmp_path / "my.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"my\.toml"):
        load_settings(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"none\.toml"):
        load_settings(tmp_path / "none.toml")


def test_what_is_no_small_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "big.toml").write_bytes(b"#" * 1_000_001)
    for path, rule in ((tmp_path, "directory"), (tmp_path / "pipe.toml", "regular file"),
                       (Path("/dev/zero"), "regular file"), (tmp_path / "big.toml", "bytes"),
                       (tmp_path / "a\0b", "null")):
        with pytest.raises(SettingsError, match=rule):
            load_settings(path)


def test_the_file_is_named_with_its_wrong_setting(tmp_path):
    path = tmp_path / "my.toml"
    path.write_text("sead = 7\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"my\.toml: setting sead"):
        load_settings(path)
