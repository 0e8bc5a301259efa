"""The exploration shows the numbers of the table."""

import numpy as np
import pytest

from churn.eda import churn_by_category, explore
from churn.schema import LEFT, TARGET
from churn.synthetic import generate_customers


@pytest.fixture(scope="module", name="customers")
def _customers():
    return generate_customers(1200, seed=5)


@pytest.fixture(scope="module", name="figures")
def _figures(customers):
    return explore(customers)


def test_there_are_at_least_eight_figures_with_titles_and_named_axes(figures):
    assert len(figures) >= 8
    for name, figure in figures.items():
        assert figure.get_suptitle(), name
        assert any(axis.get_xlabel() or axis.get_ylabel() or axis.get_yticklabels()
                   for axis in figure.get_axes()), name


def test_the_course_names_its_five_figures(figures):
    assert list(figures)[:5] == ["churn_distribution", "customer_age_distribution",
                                 "marital_status_distribution",
                                 "total_transaction_distribution", "heatmap"]


def test_the_churn_bars_are_the_counts(customers, figures):
    heights = [patch.get_height() for patch in figures["churn_distribution"].get_axes()[0].patches]
    left = int((customers[TARGET] == LEFT).sum())
    assert heights == [len(customers) - left, left]


def test_the_age_bars_hold_every_customer_once(customers, figures):
    axis = figures["customer_age_distribution"].get_axes()[0]
    assert sum(patch.get_height() for patch in axis.patches) == len(customers)


def test_the_marital_bars_are_shares_with_unknown_among_them(customers, figures):
    axis = figures["marital_status_distribution"].get_axes()[0]
    shares = dict(zip((label.get_text() for label in axis.get_xticklabels()),
                      (patch.get_height() / 100 for patch in axis.patches)))
    assert shares == pytest.approx(
        customers["Marital_Status"].value_counts(normalize=True).to_dict())


def test_the_heatmap_is_the_correlation_and_names_its_rows(customers, figures):
    axis = figures["heatmap"].get_axes()[0]
    names = [label.get_text() for label in axis.get_xticklabels()]
    matrix = axis.images[0].get_array()
    at = names.index("Total_Trans_Ct"), names.index("left")
    expected = np.corrcoef(customers["Total_Trans_Ct"], customers[TARGET] == LEFT)[0, 1]
    assert matrix[at] == pytest.approx(expected)


def test_the_unknown_panel_shows_their_own_churn_rate(customers, figures):
    axis = figures["unknown_values"].get_axes()[1]
    unknown = customers["Education_Level"] == "Unknown"
    assert axis.patches[0].get_height() == pytest.approx(
        100 * (customers.loc[unknown, TARGET] == LEFT).mean())


def test_deciles_draw_the_churn_rate_of_each_tenth(customers, figures):
    heights = figures["churn_by_decile"].get_axes()[0].lines[0].get_ydata()
    assert len(heights) == 10
    assert np.mean(heights) == pytest.approx(100 * (customers[TARGET] == LEFT).mean(), abs=1.5)
    assert heights[0] > 3 * heights[-1]


def test_a_small_group_has_a_wide_interval(customers):
    axis = churn_by_category(customers).get_axes()[0]
    labels = [label.get_text() for label in axis.get_yticklabels()]
    segments = axis.collections[0].get_segments()
    widths = {label: segment[1][0] - segment[0][0] for label, segment in zip(labels, segments)}
    assert widths["Card_Category = Gold"] > 3 * widths["Card_Category = Blue"]


def test_a_table_without_unknown_values_is_drawn_too(customers):
    known = customers.copy()
    for name, value in (("Education_Level", "College"), ("Marital_Status", "Single"),
                        ("Income_Category", "$40K - $60K")):
        known[name] = value
    assert len(explore(known)) == len(explore(customers))


def test_incomes_are_labelled_with_plain_dollar_signs(figures):
    labels = [label.get_text() for label in
              figures["income_category_distribution"].get_axes()[0].get_xticklabels()]
    assert r"\$40K - \$60K" in labels
