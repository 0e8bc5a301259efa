"""The tables answer what scikit-learn answers, for one row and for many."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from served_models import fitted, form, random_rows
from sklearn.base import clone

from census.schema import BY_NAME, CATEGORICAL, FEATURES
from census.serving.scorer import Scorer
from census.serving_form import ServingForm
from census.training.serving_export import to_serving_form


def columns(rows: pd.DataFrame) -> list[list[object]]:
    """Return the features of ``rows`` as lists."""
    return [rows[name].tolist() for name in FEATURES]


def score(scorer: Scorer, rows: pd.DataFrame) -> np.ndarray:
    """Return probabilities by the path for many rows."""
    return scorer.probabilities(scorer.encode_columns(columns(rows)))  # type: ignore[arg-type]


@pytest.mark.parametrize("leaves", [2, 8, 31, 32, 33, 64])
def test_ten_thousand_random_rows_score_as_scikit_learn_scores_them(
        leaves: int, say: Callable[[str], None]) -> None:
    rows = random_rows(10_000, 77)
    assert all(set(rows[name]) == set(levels) for name, levels in CATEGORICAL.items())
    expected = fitted(0, leaves).predict_proba(rows)[:, 1]
    difference = np.abs(score(Scorer(form(0, leaves)), rows) - expected).max()
    say(f"scoring with up to {leaves} leaves: 10,000 rows, largest difference {difference:.1e}")
    assert difference < 1e-6
    assert np.ptp(expected) > .2


def test_one_row_scores_to_the_last_bit_as_among_many() -> None:
    scorer, rows = Scorer(form()), random_rows(3000, 5)
    many = score(scorer, rows).tolist()
    assert [scorer.probability(row) for row in zip(*columns(rows))] == many  # type: ignore


def test_every_edge_of_every_number_falls_to_the_right_side() -> None:
    """Values at a threshold go left, the next ones right."""
    rows = random_rows(1, 3)
    scorer, model = Scorer(form()), fitted()
    for name in FEATURES:
        if BY_NAME[name].levels:
            continue
        edges = sorted({value for tree in form().trees for node in tree
                        if len(node) == 4 and FEATURES[node[0]] == name
                        for value in (int(node[1]), int(node[1]) + 1)})  # type: ignore
        assert edges
        table = pd.concat([rows] * len(edges), ignore_index=True).assign(**{name: edges})
        expected = model.predict_proba(table)[:, 1]
        assert np.abs(score(scorer, table) - expected).max() < 1e-6


def test_a_level_that_training_never_saw_goes_where_scikit_learn_sends_it() -> None:
    rows = random_rows(3000, 8)
    seen = rows[rows["native-country"] != "Haiti"]
    noise = np.random.default_rng(8).normal(size=len(seen))
    target = seen["age"] / 60 + 2 * (seen["native-country"] < "I") + noise > 2
    model = clone(fitted()).fit(seen, target)
    written = to_serving_form(model, .5, form().reference)
    country = FEATURES.index("native-country")
    assert sum(node[0] == country for tree in written.trees for node in tree
               if len(node) == 4) > 10
    found = Scorer(written)
    unseen = rows[rows["native-country"] == "Haiti"]
    assert len(unseen) > 20
    assert np.abs(score(found, unseen) - model.predict_proba(unseen)[:, 1]).max() < 1e-6


def test_no_rows_are_no_probabilities() -> None:
    scorer = Scorer(form())
    assert scorer.probabilities(np.empty((len(FEATURES), 0), dtype=np.intp)).shape == (0,)


def test_codes_fit_the_smallest_type_that_is_promised() -> None:
    scorer = Scorer(form())
    codes = scorer.encode_columns(columns(random_rows(2000, 4)))  # type: ignore[arg-type]
    assert codes.max() <= np.iinfo(scorer.code_type).max
    assert codes.max() > np.iinfo(scorer.code_type).max / 2
    assert scorer.lookup("sex")["Male"] == scorer.lookup("sex")["Female"] + 1


@pytest.mark.parametrize("log_odds", [-800.0, 800.0])
def test_extreme_sums_are_certain_and_never_overflow(log_odds: float) -> None:
    scorer = Scorer(ServingForm(log_odds, .5, form().reference, (((0.0,),),)))
    row = list(form().reference.values())
    assert scorer.probability(row) == float(log_odds > 0)
    assert scorer.probabilities(scorer.encode_columns([[value] for value in row])).tolist() == [
        float(log_odds > 0)]
