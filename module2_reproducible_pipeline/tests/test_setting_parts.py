"""Parts of settings: what a step did not declare, it cannot depend on."""

import json
from dataclasses import replace

from rentals.setting_parts import is_within, leaves, only, settings_json, settings_of_leaves
from rentals.settings import CleanSettings, DataSettings, Settings

CHANGED = Settings(seed=7, data=DataSettings(rows=500), clean=CleanSettings(max_price=300.0))


def test_leaves_name_every_setting_once():
    found = leaves(CHANGED)
    assert found["seed"] == 7 and found["data.rows"] == 500
    assert found["model.text.topics"] == Settings().model.text.topics
    assert "data" not in found


def test_what_is_not_declared_stands_at_its_default():
    assert only(CHANGED, ("clean", "data.rows")) == replace(CHANGED, seed=Settings().seed)
    assert only(CHANGED, ()) == Settings()
    assert only(CHANGED, ("clean.min_price",)) == Settings()


def test_a_name_covers_its_section_and_no_name_that_begins_alike():
    assert is_within("model.text.topics", ("model.text",))
    assert is_within("seed", ("seed",))
    assert not is_within("model.textual", ("model.text",))


def test_json_holds_the_declared_settings_only_and_brings_them_back():
    text = settings_json(CHANGED, ("clean", "seed", "model.candidates"))
    assert set(json.loads(text)) == {"clean.max_price", "clean.min_price",
                                     "clean.drop_outside_box", "seed", "model.candidates"}
    assert settings_of_leaves(json.loads(text)) == replace(CHANGED, data=DataSettings())
