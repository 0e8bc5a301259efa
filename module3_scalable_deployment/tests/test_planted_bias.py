"""The audit finds a bias that was planted, and finds more where more was planted."""

import pytest

from census.data import load_rows, split_target
from census.settings import BiasSettings, Settings
from census.synthetic import write_rows
from census.training.bias import audit
from census.training.bias_report import findings_table
from census.training.train import fit

ROWS = 6000


def _selection(tmp_path, bias):
    """Return the finding on women's selection rate, of a model of rows with that bias."""
    path = tmp_path / f"{bias}.csv"
    planted = write_rows(path, ROWS, 3, bias).planted
    assert (planted.relabelled_rows > 0) is (bias > 0)
    rows = load_rows(path)
    learned, judged = rows.iloc[:ROWS // 2], rows.iloc[ROWS // 2:]
    score = fit("logistic_regression", learned, Settings()).predict_proba(
        split_target(judged)[0])[:, 1]
    predictions = judged.assign(label=split_target(judged)[1], score=score,
                                predicted=(score >= 0.5).astype(int))
    found = findings_table(audit([predictions], BiasSettings()))
    return found.set_index(["attribute", "group", "metric"]).loc[
        ("sex", "Female", "selection_rate")]


@pytest.fixture(name="ratios", scope="module")
def ratios_fixture(tmp_path_factory):
    """Findings by the bias that was planted."""
    folder = tmp_path_factory.mktemp("planted")
    return {bias: _selection(folder, bias) for bias in (0.0, 0.5, 0.9)}


def test_the_more_bias_is_planted_the_more_unequal_is_the_answer(ratios):
    assert ratios[0.0]["ratio"] > ratios[0.5]["ratio"] > ratios[0.9]["ratio"]


def test_a_strong_bias_is_told_from_none_beyond_chance(ratios):
    assert ratios[0.9]["ratio_high"] < ratios[0.0]["ratio_low"]
    assert (ratios[0.9]["verdict"], ratios[0.9]["sure"]) == ("unequal", "yes")
