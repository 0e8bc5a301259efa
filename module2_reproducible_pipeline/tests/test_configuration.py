"""Configuration: composed by Hydra, and a wrong key or value is named before any work."""

import re
from pathlib import Path

import pytest

from rentals.configuration import CONFIG_FOLDER, expand_sweep, load_settings
from rentals.errors import SettingsError
from rentals.setting_parts import leaves
from rentals.settings import DataSettings, Settings


def test_the_committed_files_say_what_the_defaults_are():
    assert load_settings() == Settings()


def test_the_committed_files_name_every_setting():
    for key in leaves(Settings()):
        group, _, rest = key.partition(".")
        file = CONFIG_FOLDER / "config.yaml"
        default = {"data": "first_drop", "model": "candidates", "checks": "standard",
                   "tracking": "local", "search": "random_forest"}.get(group)
        if default:
            file = CONFIG_FOLDER / group / f"{default}.yaml"
        name = (rest or group).split(".")[-1]
        assert re.search(rf"^ *{name}:", file.read_text(encoding="utf-8"), re.MULTILINE), key


def test_every_file_of_a_group_composes():
    for group in ("data", "model", "checks", "tracking", "search"):
        for file in (CONFIG_FOLDER / group).glob("*.yaml"):
            load_settings([f"{group}={file.stem}"])


def test_a_group_and_a_value_can_be_chosen():
    chosen = load_settings(["data=second_drop", "clean.max_price=300", "model.candidates=[ridge]"])
    assert chosen.data == DataSettings(rows=48_895, drop=2)
    assert chosen.clean.max_price == 300.0 and isinstance(chosen.clean.max_price, float)
    assert chosen.model.candidates == ("ridge",)


@pytest.mark.parametrize(("word", "named"), [
    ("cleen.max_price=3", "cleen"),
    ("clean.max_prise=3", "clean.max_prise"),
    ("clean.max_price=dear", "clean.max_price"),
    ("clean.max_price=-1", "clean.max_price"),
    ("clean.max_price=nan", "clean.max_price"),
    ("clean=3", "clean"),
    ("data=third_drop", "data/third_drop"),
    ("data.rows=3.5", "data.rows"),
    ("data.path=null", "data.path"),
    ("tracking.wandb=perhaps", "tracking.wandb"),
    ("model.candidates=[svm]", "svm"),
    ("model.candidates=[]", "model.candidates"),
    ("model.candidates=[ridge,ridge]", "model.candidates"),
    ("clean.max_price", "clean.max_price"),
    ("+clean.x=3", "+clean.x"),
    ("~seed", "~seed"),
    ("hydra.run.dir=x", "hydra.run.dir"),
    ("seed=1,2", "seed"),
])
def test_a_wrong_word_is_named_in_one_line(word, named):
    with pytest.raises(SettingsError, match=re.escape(named)) as caught:
        load_settings([word])
    assert "\n" not in str(caught.value)


def test_a_file_with_a_foreign_key_is_refused(tmp_path: Path):
    (tmp_path / "config.yaml").write_text("defaults: [settings_schema, _self_]\nsead: 7\n",
                                          encoding="utf-8")
    with pytest.raises(SettingsError, match="sead"):
        load_settings([], tmp_path)


def test_a_sweep_is_every_combination_and_the_last_changes_fastest():
    assert expand_sweep(["seed=1", "model.ridge.alpha=1,10", "data=first_drop,second_drop"]) == (
        ("seed=1", "model.ridge.alpha=1", "data=first_drop"),
        ("seed=1", "model.ridge.alpha=1", "data=second_drop"),
        ("seed=1", "model.ridge.alpha=10", "data=first_drop"),
        ("seed=1", "model.ridge.alpha=10", "data=second_drop"))


def test_a_list_is_one_value_of_a_sweep():
    assert expand_sweep(["model.candidates=[median,ridge]"]) == (
        ("model.candidates=[median,ridge]",),)
