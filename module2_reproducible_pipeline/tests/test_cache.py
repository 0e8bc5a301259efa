"""Keys: equal exactly when the outputs must be equal, tested over every setting."""

from dataclasses import fields, is_dataclass, replace

import pytest

from rentals import cache
from rentals.cache import unit_key
from rentals.plan import STEPS, units
from rentals.setting_parts import is_within, leaves
from rentals.settings import Settings

#: Settings that every unit which loads listings depends on, or that choose units.
_UNITS = units(Settings())


def _other(value, metadata):
    """Return another allowed value."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, tuple):
        return value[:-1]
    if isinstance(value, str):
        allowed = metadata.get("allowed", ())
        return next((word for word in allowed if word != value), f"{value}x")
    return metadata["least"] if value != metadata["least"] else metadata["most"]


def _changed(section, key):
    """Return settings in which one leaf is another."""
    name, _, rest = key.partition(".")
    part = next(part for part in fields(section) if part.name == name)
    value = getattr(section, name)
    new = _changed(value, rest) if is_dataclass(value) else _other(value, part.metadata)
    return replace(section, **{name: new})


def _keys(settings, inputs):
    return {unit.title: unit_key(unit, settings, inputs) for unit in _UNITS}


def _dependents(titles):
    """Return units that get other inputs when the outputs of some units are others."""
    found = set(titles)
    for unit in _UNITS:
        made_by = {name for other in _UNITS if other.title in found for name in other.outputs}
        if made_by & {one.reference.partition(":")[0] for one in unit.inputs}:
            found.add(unit.title)
    return found


@pytest.mark.parametrize("key", leaves(Settings()))
def test_a_changed_setting_changes_the_keys_of_the_units_that_declare_it_and_no_others(key):
    inputs = {"role": "0" * 64}
    before, after = _keys(Settings(), inputs), _keys(_changed(Settings(), key), inputs)
    declared = {unit.title for unit in _UNITS if is_within(key, unit.reads)}
    assert {title for title in before if before[title] != after[title]} == declared


@pytest.mark.parametrize(("key", "rerun"), [
    ("model.ridge.alpha", {"train ridge", "select", "evaluate", "release"}),
    ("clean.max_price", {"explore", "clean", "check", "split", "select", "evaluate", "release",
                         *(unit.title for unit in _UNITS if unit.step == "train")}),
    ("checks.kl_threshold", {"check"}),
    ("evaluate.single_rows", {"evaluate", "release"}),
    ("tracking.wandb", set()),
    ("data.rows", {unit.title for unit in _UNITS}),
])
def test_a_changed_setting_reruns_exactly_what_depends_on_it(key, rerun):
    declared = {unit.title for unit in _UNITS if is_within(key, unit.reads)}
    assert _dependents(declared) == rerun


def test_inputs_variant_code_and_libraries_count(monkeypatch):
    unit = next(unit for unit in _UNITS if unit.title == "train ridge")
    base = unit_key(unit, Settings(), {"trainval": "a"})
    assert base == unit_key(unit, Settings(), {"trainval": "a"})
    keys = {base, unit_key(unit, Settings(), {"trainval": "b"}),
            unit_key(replace(unit, variant="median"), Settings(), {"trainval": "a"})}
    with monkeypatch.context() as patch:
        patch.setattr(cache, "source_digest", lambda _: "other code")
        keys.add(unit_key(unit, Settings(), {"trainval": "a"}))
    with monkeypatch.context() as patch:
        patch.setattr(cache, "_versions", lambda: {"numpy": "99"})
        keys.add(unit_key(unit, Settings(), {"trainval": "a"}))
    assert len(keys) == 5


def test_every_step_has_a_unit():
    assert {unit.step for unit in _UNITS} == set(STEPS)
