"""A sweep: every combination once, the best first, all below one parent, the test rows unseen."""

import pytest
from mlflow import MlflowClient
from quick import NOON, WORDS

from rentals.artifacts import Store
from rentals.errors import SettingsError
from rentals.lineage import all_runs
from rentals.plan import STEPS
from rentals.sweep import run_sweep
from rentals.tracking_address import local_uri

GRID = [*(word for word in WORDS if "candidates" not in word), "model.candidates=[ridge]",
        "model.ridge.alpha=1,1000", "split.validation_fraction=0.2,0.3", "tracking.wandb=off"]


@pytest.fixture(scope="module", name="swept")
def swept_fixture(tmp_path_factory):
    """The folder and the table of a sweep of four points."""
    out = tmp_path_factory.mktemp("sweep")
    return out, run_sweep(out, GRID, [step for step in STEPS if step != "explore"], lambda: NOON)


def test_the_table_has_every_combination_and_the_best_is_first(swept):
    head, *lines = swept[1].splitlines()
    assert head.split() == ["mae", "r2", "artifact", "settings"] and len(lines) == 4
    errors = [float(line.split()[0]) for line in lines]
    assert errors == sorted(errors) and len(set(errors)) == 4
    points = {tuple(word for word in line.split() if word.startswith((
        "model.ridge.alpha=", "split.validation_fraction="))) for line in lines}
    assert len(points) == 4


def test_all_pipelines_stand_below_one_parent_that_knows_the_best(swept):
    out, table = swept
    client = MlflowClient(local_uri(out))
    runs = client.search_runs([client.get_experiment_by_name("rentals").experiment_id])
    top, = (run for run in runs if "mlflow.parentRunId" not in run.data.tags)
    assert top.info.run_name == "sweep of 4" and top.info.status == "FINISHED"
    assert top.data.metrics["best_mean_absolute_error"] == pytest.approx(
        float(table.splitlines()[1].split()[0]), abs=1e-4)
    below = [run for run in runs if run.data.tags.get("mlflow.parentRunId") == top.info.run_id]
    assert len(below) == 4 and all(run.info.run_name.startswith("pipeline") for run in below)


def test_common_steps_run_once_and_the_test_rows_are_not_looked_at(swept):
    steps = [record.step for record in all_runs(Store(swept[0] / "artifacts"))]
    assert [steps.count(name) for name in ("fetch", "clean", "check", "split")] == [1, 1, 1, 1]
    assert (steps.count("train ridge"), steps.count("select")) == (4, 4)
    assert not {"evaluate", "release"} & set(steps)


@pytest.mark.parametrize(("words", "steps", "said"), [
    (["model.ridge.alpha=1,minus"], STEPS, "model.ridge.alpha"),
    (["model.ridge.alfa=1,2"], STEPS, "model.ridge.alfa"),
    (["model.ridge.alpha=1,-2"], STEPS, "model.ridge.alpha"),
    (["model.ridge.alpha=1,2"], ("fetch", "clean"), "add it to --steps")])
def test_a_wrong_point_stops_the_sweep_before_anything_runs(tmp_path, words, steps, said):
    with pytest.raises(SettingsError, match=said):
        run_sweep(tmp_path, words, steps, lambda: NOON)
    assert not list(tmp_path.iterdir())
