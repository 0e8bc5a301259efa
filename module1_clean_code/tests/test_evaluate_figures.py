"""Pictures of the evaluation carry the right numbers under the right names."""

import numpy as np
import pytest

from churn.evaluate import choose_threshold
from churn.evaluate_figures import (Scored, calibration_figure, class_report, cost_figure,
                                    curves_figure, report_figure)
from churn.settings import EvaluationSettings

PERFECT = Scored("training rows", np.array([0, 0, 0, 1]), np.array([0.1, 0.2, 0.3, 0.9]))
POOR = Scored("hold-out", np.array([0, 1, 1, 1, 0]), np.array([0.9, 0.1, 0.2, 0.8, 0.3]))


def _tables(figure):
    """Heading -> rows of the table drawn under it."""
    found = {}
    for axis in figure.get_axes():
        cells = axis.tables[0].get_celld()
        found[axis.get_title(loc="left")] = {
            cells[row, -1].get_text().get_text(): [
                cells[row, column].get_text().get_text() for column in range(4)]
            for row in (1, 2)}
    return found


@pytest.mark.parametrize("row_sets", [[PERFECT, POOR], [POOR, PERFECT]])
def test_each_report_stands_under_its_own_rows(row_sets):
    tables = _tables(report_figure("a model", row_sets, 0.5))
    assert tables["training rows"] == {"stayed": ["1.000", "1.000", "1.000", "3"],
                                       "left": ["1.000", "1.000", "1.000", "1"]}
    assert tables["hold-out"]["left"] == ["0.500", "0.333", "0.400", "3"]


def test_an_undefined_precision_is_not_shown_as_perfect():
    silent = Scored("x", np.array([0, 1]), np.array([0.1, 0.2]))
    assert np.isnan(class_report(silent, 0.5)["left"]["precision"])


def test_the_legend_of_the_curves_names_each_models_own_auc():
    other = Scored("coin", PERFECT.has_left, np.full(4, 0.5))
    labels = [text.get_text() for text in
              curves_figure([PERFECT, other]).get_axes()[0].get_legend().get_texts()]
    assert labels[:2] == ["training rows (AUC 1.000)", "coin (AUC 0.500)"]


def test_calibration_draws_observed_over_predicted_and_counts():
    rng = np.random.default_rng(0)
    probability = rng.random(5000)
    scored = Scored("hold-out", (rng.random(5000) < probability).astype(int), probability)
    axis = calibration_figure(scored).get_axes()[0]
    drawn = axis.lines[1]
    assert np.abs(np.subtract(drawn.get_ydata(), drawn.get_xdata())).max() < 0.08
    assert sum(int(text.get_text().replace(",", "")) for text in axis.texts) == 5000


def test_the_cost_curve_is_least_at_the_chosen_threshold():
    costs = EvaluationSettings()
    chosen = choose_threshold(POOR.has_left, POOR.probability, costs)
    curve, mark, _ = cost_figure(POOR, chosen, costs).get_axes()[0].lines
    assert mark.get_xdata()[0] == chosen.value
    assert min(curve.get_ydata()) == pytest.approx(chosen.cost_per_customer)
