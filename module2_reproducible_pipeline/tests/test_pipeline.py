"""The pipeline: order, pinned inputs, aliases by rule, and a stop where a step says no."""

import pytest

from quick import workplace

from rentals import execution, pipeline
from rentals.errors import CheckSaidNo
from rentals.pipeline import demand_success, run_pipeline
from rentals.plan import STEPS, StepResult, units


@pytest.fixture(name="refusals")
def refusals_fixture(monkeypatch):
    """Steps that write a line each, in place of the true ones; some refuse."""
    refusals: dict[str, str] = {}

    def module(name):
        step = name.rpartition(".")[2]

        class _Module:  # pylint: disable=too-few-public-methods  # a stand-in
            """Stands for a module of ``rentals.steps``."""

            @staticmethod
            def run(task):
                """Write what was read into everything that is made."""
                text = step + task.variant + "".join(
                    f"({path.read_text('utf-8')})" for path in task.inputs.values())
                for unit in units(task.settings):
                    for output in unit.outputs:
                        (task.out / output).write_text(text[-200:], "utf-8")
                metrics = {"mean_absolute_error": 3.0} if step == "evaluate" else {}
                return StepResult(metrics, (), refusals.get(step, ""))

        return _Module

    monkeypatch.setattr(execution, "import_module", module)
    return refusals


def test_all_steps_run_in_order_and_the_aliases_move(tmp_path, refusals):
    place = workplace(tmp_path)
    result = run_pipeline(place)
    titles = [outcome.unit.title for outcome in result.outcomes]
    assert titles == ["fetch", "explore", "clean", "check", "split", "train median",
                      "train ridge", "select", "evaluate", "release"]
    for reference in ("clean_sample.csv:reference", "trainval_data.csv:reference",
                      "test_data.csv:reference", "chosen_model:candidate", "chosen_model:prod",
                      "release:prod"):
        assert place.store.get(reference).number == 1
    assert not refusals and result.outcome("evaluate").record.metrics


def test_a_step_that_says_no_stops_the_pipeline_and_moves_no_alias(tmp_path, refusals):
    place = workplace(tmp_path)
    refusals["check"] = "rows in the sea"
    result = run_pipeline(place)
    assert [outcome.unit.step for outcome in result.outcomes] == list(STEPS[:4])
    assert not place.store.has("clean_sample.csv:reference")
    with pytest.raises(CheckSaidNo, match="check: rows in the sea"):
        demand_success(result)


def test_a_model_that_is_refused_does_not_become_prod(tmp_path, refusals):
    place = workplace(tmp_path)
    refusals["evaluate"] = "no better than the median"
    run_pipeline(place)
    assert place.store.has("chosen_model:candidate")
    assert not place.store.has("chosen_model:prod") and not place.store.has("release")


def test_the_reference_stays_until_somebody_sets_another(tmp_path, refusals):
    run_pipeline(workplace(tmp_path))
    place = workplace(tmp_path, "data.rows=800", "seed=9")
    refusals["fetch"] = ""
    place.store.put("sample.csv", _other(tmp_path))
    run_pipeline(place, ["clean", "check", "split"])
    assert place.store.find("clean_sample.csv").number == 2
    assert place.store.find("clean_sample.csv:reference").number == 1


def _other(folder):
    (folder / "other").write_text("other listings", encoding="utf-8")
    return folder / "other"


def test_inputs_are_pinned_to_what_this_call_made(tmp_path, refusals, monkeypatch):
    place = workplace(tmp_path)
    before = pipeline.run_unit

    def with_a_neighbour(place, unit, references):
        found = before(place, unit, references)
        if unit.step == "fetch":
            place.store.put("sample.csv", _other(tmp_path))
        return found

    monkeypatch.setattr(pipeline, "run_unit", with_a_neighbour)
    result = run_pipeline(place, ["fetch", "clean"])
    assert [use.reference for use in result.outcomes[1].record.inputs] == ["sample.csv:v1"]
    assert place.store.find("sample.csv").number == 2 and not refusals


def test_a_reference_can_be_given_by_role(tmp_path, refusals):
    place = workplace(tmp_path)
    run_pipeline(place, ["fetch"])
    place.store.put("sample.csv", _other(tmp_path))
    result = run_pipeline(place, ["clean"], {"sample": "sample.csv:v1"})
    assert result.outcomes[0].record.inputs[0].number == 1 and not refusals


def test_a_second_model_on_one_test_set_is_pointed_out(tmp_path, refusals, caplog):
    run_pipeline(workplace(tmp_path))
    assert "have seen this test set" not in caplog.text
    place = workplace(tmp_path)
    place.store.put("chosen_model", _other(tmp_path))
    run_pipeline(place, ["evaluate"])
    assert "2 different models have seen this test set" in caplog.text and not refusals
