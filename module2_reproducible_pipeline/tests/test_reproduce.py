"""Doing a run again: equal bytes are said to be equal, others are named."""

import pytest

from quick import workplace

from rentals import execution
from rentals.errors import ArtifactError
from rentals.execution import run_unit
from rentals.plan import StepResult, units
from rentals.reproduce import reproduce, unit_of


class _Module:  # pylint: disable=too-few-public-methods  # a stand-in
    """Stands for a module of ``rentals.steps``."""
    text = "first"

    @classmethod
    def run(cls, task):
        """Write the settings and the inputs."""
        read = "".join(path.read_text("utf-8") for path in task.inputs.values())
        for name in ("sample.csv", "sample.manifest.json", "clean_sample.csv",
                     "dropped_rows.csv"):
            (task.out / name).write_text(
                f"{cls.text} {read} {task.settings.clean.max_price} {task.settings.seed}", "utf-8")
        return StepResult()


@pytest.fixture(name="place")
def place_fixture(tmp_path, monkeypatch):
    """A workplace in which two units have run, with settings that are not the defaults."""
    monkeypatch.setattr(_Module, "text", "first")
    monkeypatch.setattr(execution, "import_module", lambda _: _Module)
    place = workplace(tmp_path, "clean.max_price=222", "seed=5")
    for step in ("fetch", "clean"):
        run_unit(place, units(place.settings, [step])[0], {})
    return place


def test_runs_are_repeated_with_their_own_settings_and_inputs(place):
    found = reproduce(place.store, "pipeline")
    assert found.is_equal and not found.changed_code
    assert [one.name for one in found.repeated] == [
        "sample.csv", "sample.manifest.json", "clean_sample.csv", "dropped_rows.csv"]


def test_a_difference_is_named_with_both_digests(place, monkeypatch):
    monkeypatch.setattr(_Module, "text", "second")
    found = reproduce(place.store, "pipeline")
    assert not found.is_equal and all(one.then != one.now for one in found.repeated)


def test_changed_code_is_named(place, monkeypatch):
    monkeypatch.setattr("rentals.reproduce.source_digest", lambda _: "other")
    assert reproduce(place.store, "pipeline").changed_code == ("fetch", "clean")


def test_an_input_that_was_tampered_with_is_refused(place):
    path = place.store.find("sample.csv").path
    path.chmod(0o600)
    path.write_text("forged", "utf-8")
    with pytest.raises(ArtifactError, match="was changed or deleted"):
        reproduce(place.store, "pipeline")


def test_the_unit_of_a_record_is_the_unit_that_ran(place):
    unit = units(place.settings, ["clean"])[0]
    record = run_unit(place, unit, {}).record
    assert (unit_of(record).step, unit_of(record).outputs) == (unit.step, unit.outputs)
    assert set(unit_of(record).reads) == {
        "reading.max_file_bytes", "reading.max_line_bytes", "reading.block_bytes",
        "clean.min_price", "clean.max_price", "clean.drop_outside_box"}
