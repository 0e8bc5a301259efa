"""The figures show the tables they are given."""

import pandas as pd
import pytest

from census.training.evaluate_figures import calibration_figure, cost_figure, roc_figure

CURVES = pd.DataFrame({
    "threshold": [0, .25, .5, .75, 1], "false_positive_rate": [1, .5, .2, .1, 0],
    "true_positive_rate": [1, .9, .7, .3, 0], "cost_per_row": [.7, .4, .3, .35, .5]})
CALIBRATION = pd.DataFrame({
    "rows": [1200, 40], "mean_score": [.1, .8], "share_positive": [.12, .75],
    "low": [.1, .6], "high": [.14, .86]})


def test_the_threshold_in_use_is_marked_on_the_curve():
    axis = roc_figure(CURVES, .51, .9).get_axes()[0]
    point = axis.get_lines()[-1]
    assert (point.get_xdata()[0], point.get_ydata()[0]) == (.2, .7)
    assert "test rows (AUC 0.900)" in [text.get_text() for text in axis.get_legend().texts]


def test_calibration_shows_shares_intervals_and_sizes():
    axis = calibration_figure(CALIBRATION).get_axes()[0]
    assert [text.get_text() for text in axis.texts] == ["1,200", "40"]
    ends = [path.vertices[:, 1].tolist() for path in axis.collections[0].get_paths()]
    assert ends == [pytest.approx([.1, .14]), pytest.approx([.6, .86])]


def test_cost_shows_the_chosen_threshold():
    axis = cost_figure(CURVES, .4).get_axes()[0]
    curve, chosen = axis.get_lines()
    assert list(curve.get_ydata()) == CURVES["cost_per_row"].tolist()
    assert chosen.get_xdata()[0] == .4
    assert axis.get_ylim()[0] == 0
