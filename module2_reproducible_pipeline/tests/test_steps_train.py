"""Train: a candidate beside its predictions of rows that it has not seen."""

import numpy as np
from trained import NAMES, SETTINGS, rows_of

from rentals.contents import content_of
from rentals.data import load_listings
from rentals.model_files import load_model
from rentals.plan import Task
from rentals.steps import train


def test_a_candidate_stands_beside_its_predictions_of_rows_it_has_not_seen(made):
    stored = load_model(made / "model_ridge")
    rows = rows_of(made / "model_ridge" / "validation.csv")
    validation = load_listings(made / "trainval.csv").set_index("id", drop=False).loc[
        [int(row["id"]) for row in rows]]
    assert len(rows) == 80 and stored.facts.rows == 320
    np.testing.assert_allclose(stored.pipeline.predict(validation),
                               [float(row["predicted"]) for row in rows], atol=5e-5)


def test_all_candidates_are_validated_on_the_samerows_of(made):
    assert len({tuple(row["id"] for row in rows_of(made / f"model_{name}" / "validation.csv"))
                for name in NAMES}) == 1


def test_training_again_gives_the_same_bytes(made, tmp_path):
    train.run(Task({"trainval": made / "trainval.csv"}, SETTINGS, tmp_path, "ridge"))
    assert content_of(tmp_path / "model_ridge") == content_of(made / "model_ridge")
