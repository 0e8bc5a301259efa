"""Execution: a unit runs once, is skipped when nothing changed, and leaves nothing half done."""

from dataclasses import replace

import pytest

from quick import workplace

from rentals import execution
from rentals.errors import ArtifactError, InputError
from rentals.execution import run_unit
from rentals.lineage import all_runs
from rentals.plan import StepResult, units
from rentals.workplace import find_inputs


@pytest.fixture(name="steps")
def steps_fixture(monkeypatch):
    """Steps that only copy, in place of the true ones; ``calls`` counts them."""
    calls = []

    class _Module:  # pylint: disable=too-few-public-methods  # a stand-in
        """Stands for a module of ``rentals.steps``."""
        result = StepResult({"rows": 1.0}, ("one row",))
        fault: BaseException | None = None

        @classmethod
        def run(cls, task):
            """Write what the settings and inputs say."""
            calls.append(task)
            for name in ("sample.csv", "sample.manifest.json", "clean_sample.csv",
                         "dropped_rows.csv", "check_report"):
                text = "".join(path.read_text("utf-8") for path in task.inputs.values())
                (task.out / name).write_text(f"{text}{task.settings.clean.max_price}", "utf-8")
            if cls.fault:
                raise cls.fault
            return cls.result

    monkeypatch.setattr(execution, "import_module", lambda name: _Module)
    _Module.calls = calls
    return _Module


def _unit(place, step):
    return units(place.settings, [step])[0]


def _run(place, *steps):
    return [run_unit(place, _unit(place, step), {}) for step in steps]


def test_a_unit_runs_and_its_outputs_become_artifacts(tmp_path, steps):
    place = workplace(tmp_path)
    found, = _run(place, "fetch")
    assert not found.is_cached and [one.reference for one in found.artifacts] == [
        "sample.csv:v1", "sample.manifest.json:v1"]
    assert found.record.metrics == {"rows": 1.0} and found.record.lines == ("one row",)
    assert place.store.get("sample.csv").run == found.record.run
    assert not list((tmp_path / "drafts").iterdir())
    assert len(steps.calls) == 1


def test_an_unchanged_unit_is_skipped_and_says_so(tmp_path, steps, caplog):
    caplog.set_level("INFO")
    place = workplace(tmp_path)
    first = _run(place, "fetch", "clean")
    again = _run(place, "fetch", "clean")
    assert [one.is_cached for one in again] == [True, True]
    assert [one.artifacts for one in again] == [one.artifacts for one in first]
    assert len(steps.calls) == 2
    assert "clean: unchanged, skipped" in caplog.messages


def test_a_step_sees_only_the_settings_that_it_declares(tmp_path, steps):
    place = workplace(tmp_path, "clean.max_price=300", "seed=5")
    _run(place, "fetch", "clean")
    assert [(task.settings.clean.max_price, task.settings.seed) for task in steps.calls] == [
        (350.0, 5), (300.0, 42)]


def test_a_changed_setting_reruns_and_the_old_one_brings_the_old_version_back(tmp_path, steps):
    _run(workplace(tmp_path), "fetch", "clean")
    dearer = workplace(tmp_path, "clean.max_price=300")
    assert [one.is_cached for one in _run(dearer, "fetch", "clean")] == [True, False]
    back = _run(workplace(tmp_path), "clean")[0]
    assert back.is_cached and len(steps.calls) == 3
    store = dearer.store
    assert store.find("clean_sample.csv").digest == store.find("clean_sample.csv:v1").digest
    assert store.find("clean_sample.csv").number == 3


@pytest.mark.parametrize("is_deleted", [True, False])
def test_a_lost_or_tampered_output_makes_its_step_run_again(tmp_path, steps, is_deleted):
    place = workplace(tmp_path)
    _run(place, "fetch", "clean")
    path = place.store.find("clean_sample.csv").path
    path.chmod(0o600)
    path.write_text("forged", encoding="utf-8")
    if is_deleted:
        path.unlink()
    assert [one.is_cached for one in _run(place, "fetch", "clean")] == [True, False]
    assert place.store.get("clean_sample.csv").number == 1
    assert len(steps.calls) == 3


def test_a_tampered_input_is_refused(tmp_path, steps):
    place = workplace(tmp_path)
    _run(place, "fetch")
    path = place.store.find("sample.csv").path
    path.chmod(0o600)
    path.write_text("forged", encoding="utf-8")
    with pytest.raises(ArtifactError, match=r"sample\.csv:v1: .* was changed"):
        _run(place, "clean")
    assert len(steps.calls) == 1


@pytest.mark.parametrize("fault", [InputError("no"), KeyboardInterrupt()])
def test_an_interrupted_step_leaves_nothing_and_the_next_run_resumes(tmp_path, steps, fault):
    place = workplace(tmp_path)
    _run(place, "fetch")
    steps.fault = fault
    with pytest.raises(type(fault)):
        _run(place, "clean")
    assert not place.store.has("clean_sample.csv")
    assert not list((tmp_path / "drafts").iterdir())
    assert [record.state for record in all_runs(place.store)] == ["done", "failed"]
    steps.fault = None
    assert [one.is_cached for one in _run(place, "fetch", "clean")] == [True, False]


def test_a_refusal_is_kept_with_its_report_and_is_never_taken_for_done(tmp_path, steps):
    place = workplace(tmp_path)
    _run(place, "fetch", "clean")
    steps.result = replace(steps.result, refusal="two rows are in the sea")
    for _ in range(2):
        found = _run(place, "check")[0]
        assert (found.refusal, found.is_cached) == ("two rows are in the sea", False)
        assert place.store.has("check_report")


def test_a_step_that_does_not_make_its_output_is_at_fault(tmp_path, steps):
    with pytest.raises(ArtifactError, match="explore did not make exploration"):
        _run(workplace(tmp_path), "fetch", "explore")
    assert len(steps.calls) == 2


def test_a_changed_file_of_the_user_is_fetched_again(tmp_path, steps):
    path = tmp_path / "mine.csv"
    place = workplace(tmp_path, data=str(path))
    found = []
    for text in ("a", "a", "b"):
        path.write_text(text, encoding="utf-8")
        found.append(_run(place, "fetch")[0].is_cached)
    assert found == [False, True, False] and len(steps.calls) == 2


def test_without_a_reference_the_check_compares_the_table_with_itself(tmp_path, steps):
    place = workplace(tmp_path)
    _run(place, "fetch", "clean")
    check = _unit(place, "check")
    inputs = find_inputs(place.store, check, {"listings": "clean_sample.csv:v1"})
    assert inputs["reference"] == inputs["listings"]
    _run(workplace(tmp_path, "clean.max_price=300"), "clean")
    place.store.set_alias("clean_sample.csv", "reference", 2)
    inputs = find_inputs(place.store, check, {"listings": "clean_sample.csv:v1"})
    assert inputs["reference"].number == 2
    assert len(steps.calls) == 3
