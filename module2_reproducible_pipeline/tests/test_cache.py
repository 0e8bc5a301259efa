"""Keys: equal exactly when the outputs must be equal, tested over every setting."""

import hashlib
import os
from contextlib import nullcontext
from dataclasses import fields, is_dataclass, replace
from types import SimpleNamespace

import pytest
from quick import NOON

from rentals import cache, execution
from rentals.cache import unit_key
from rentals.errors import ArtifactError
from rentals.pipeline import run_pipeline
from rentals.plan import STEPS, StepResult, units
from rentals.setting_parts import is_within, leaves
from rentals.settings import CleanSettings, Settings
from rentals.tracking import AllTrackers
from rentals.workplace import Workplace

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


@pytest.mark.parametrize("key", leaves(Settings()))
def test_a_changed_setting_changes_the_keys_of_the_units_that_declare_it_and_no_others(key):
    inputs = {"role": "0" * 64}
    before, after = _keys(Settings(), inputs), _keys(_changed(Settings(), key), inputs)
    declared = {unit.title for unit in _UNITS if is_within(key, unit.reads)}
    assert {title for title in before if before[title] != after[title]} == declared


_ALL = {unit.title for unit in _UNITS}
_TRAINED = {title for title in _ALL if title.startswith("train ")}
_LAST = {"select", "evaluate", "release"}
#: What runs again when a setting of a section changes.
RERUN = {
    "seed": _ALL, "data": _ALL, "reading": _ALL,
    "explore": {"explore"},
    "clean": _ALL - {"fetch"},
    "checks": {"check"},
    "split.test_fraction": {"split"} | _TRAINED | _LAST,
    "split.validation_fraction": _TRAINED | _LAST,
    # Nothing earlier exists here, and so the artifacts asked for are missing.
    "split.earlier": None,
    "model.candidates": _LAST,
    "model.text": _TRAINED | _LAST,
    **{f"model.{title.split()[1]}": {title} | _LAST for title in _TRAINED},
    "select": _LAST, "evaluate": {"evaluate", "release"}, "tracking": set(),
    # The search is a command of its own.
    "search": set(),
}


def _echo(task):
    """Stand for any step: write down which settings and inputs it was given."""
    said = [repr(task.settings), task.variant,
            *(path.read_text("utf-8") for path in task.inputs.values())]
    for name in {name for unit in _UNITS for name in unit.outputs}:
        (task.out / name).write_text(hashlib.sha256(repr(said).encode()).hexdigest(), "utf-8")
    return StepResult({"mean_absolute_error": 1.0, "r2": 0.5})


def _ran(out, settings):
    place = Workplace(out, settings, lambda: NOON, lambda _: nullcontext(),
                      AllTrackers((), "", {}, {}), "p")
    return {one.unit.title for one in run_pipeline(place).outcomes if not one.is_cached}


@pytest.fixture(scope="module", name="done")
def done_fixture(tmp_path_factory):
    """A folder in which a pipeline of echoes has run with every default."""
    out = tmp_path_factory.mktemp("echoes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execution, "import_module", lambda _: SimpleNamespace(run=_echo))
        patch.setattr(os, "fsync", lambda _: None)  # this proof is not about power cuts
        assert _ran(out, Settings()) == _ALL
        yield out


@pytest.mark.parametrize("key", leaves(Settings()))
def test_a_changed_setting_reruns_exactly_what_depends_on_it(done, key):
    section = max((name for name in RERUN if is_within(key, (name,))), key=len)
    changed = _changed(Settings(), key)
    if key == "data.path":
        (done / "mine.csv").write_text("listings", "utf-8")
        changed = replace(changed, data=replace(changed.data, path=str(done / "mine.csv")))
    if RERUN[section] is None:
        with pytest.raises(ArtifactError, match="no version or alias"):
            _ran(done, changed)
        return
    assert _ran(done, changed) == RERUN[section]


def test_back_at_the_old_settings_nothing_runs(done):
    # Not a value of the other tests, which come in any order.
    assert _ran(done, Settings(clean=CleanSettings(max_price=123.0))) == RERUN["clean"]
    assert not _ran(done, Settings())


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
