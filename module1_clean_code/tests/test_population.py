"""The law of one customer: generated columns have the facts of the true file.

The facts stand here a second time, as they were published with the data's description and
not as the generator's tables say them, so that a wrong table cannot confirm itself.
"""

import numpy as np
import pandas as pd
import pytest

from churn.schema import LEFT
from churn.synthetic import generate_customers

SHARES: dict[str, dict[str | int, float]] = {
    "Gender": {"F": .529, "M": .471},
    "Education_Level": {"Graduate": .309, "High School": .199, "Unknown": .150,
                        "Uneducated": .147, "College": .100, "Post-Graduate": .051,
                        "Doctorate": .0445},
    "Marital_Status": {"Married": .463, "Single": .389, "Unknown": .074, "Divorced": .074},
    "Income_Category": {"Less than $40K": .352, "$40K - $60K": .177, "$80K - $120K": .152,
                        "$60K - $80K": .138, "Unknown": .110, "$120K +": .072},
    "Card_Category": {"Blue": .932, "Silver": .055, "Gold": .0115, "Platinum": .002},
    "Dependent_count": dict(enumerate((.089, .182, .262, .270, .155, .042))),
    "Total_Relationship_Count": dict(enumerate((.090, .123, .228, .189, .187, .184), 1)),
    "Months_Inactive_12_mon": dict(enumerate((.003, .221, .324, .380, .043, .018, .012))),
    "Contacts_Count_12_mon": dict(enumerate((.039, .148, .319, .334, .138, .017, .005))),
}
LEVELS = (.01, .05, .25, .50, .75, .95, .99)
QUANTILES = {
    "CLIENTNUM": (708304300, 709120400, 713036800, 717926400, 773143500, 814212000, 825250800),
    "Customer_Age": (27, 33, 41, 46, 52, 60, 65),
    "Months_on_book": (15, 22, 31, 36, 40, 50, 56),
    "Credit_Limit": (1438.3, 1438.51, 2555, 4549, 11067.5, 34516, 34516),
    "Total_Revolving_Bal": (0, 0, 359, 1276, 1784, 2517, 2517),
    "Avg_Open_To_Buy": (210.1, 480.3, 1324.5, 3474, 9859, 32183.4, 34294.1),
    "Total_Amt_Chng_Q4_Q1": (.340, .463, .631, .736, .859, 1.103, 1.515),
    "Total_Trans_Amt": (869.3, 1283.3, 2155.5, 3899, 4741, 14212, 15882.4),
    "Total_Trans_Ct": (20, 28, 45, 67, 81, 105, 123),
    "Total_Ct_Chng_Q4_Q1": (.231, .368, .582, .702, .818, 1.069, 1.455),
    "Avg_Utilization_Ratio": (0, 0, .023, .176, .503, .793, .906),
}
#: Column, edges of bands (each includes its upper edge), share that left in each band.
LEFT_BY_BAND = [
    ("Total_Trans_Amt", (0, 3200, 6000, 11500, 20000), (.321, .022, .320, .000)),
    ("Total_Revolving_Bal", (-1, 0, 500, 1000, 2000, 2516, 2517),
     (.362, .841, .124, .047, .083, .311)),
    ("Total_Trans_Ct", (20, 30, 40, 50, 60, 70, 80, 100, 140),
     (.212, .328, .484, .222, .076, .042, .016, .000)),
    ("Total_Ct_Chng_Q4_Q1", (-1, .2, .4, .5, .6, .7, 4), (.82, .57, .405, .20, .098, .076)),
    ("Total_Relationship_Count", (0, 1, 2, 3, 4, 5, 6), (.256, .278, .174, .118, .12, .105)),
    ("Months_Inactive_12_mon", (0, 1, 2, 3, 4), (.045, .154, .215, .299)),
    ("Contacts_Count_12_mon", (-1, 0, 1, 2, 3, 4, 5, 6),
     (.018, .072, .125, .201, .226, .335, 1.)),
]
LEFT_BY_DECILE = (.102, .069, .053, .143, .210, .215, .209, .205, .149, .251)
CORRELATIONS_WITH_LEAVING = {
    "Total_Trans_Ct": -.371, "Total_Ct_Chng_Q4_Q1": -.290, "Total_Revolving_Bal": -.263,
    "Contacts_Count_12_mon": .204, "Avg_Utilization_Ratio": -.178, "Total_Trans_Amt": -.169,
    "Months_Inactive_12_mon": .152, "Total_Relationship_Count": -.150,
    "Total_Amt_Chng_Q4_Q1": -.131, "Credit_Limit": -.024, "Customer_Age": .018}


@pytest.fixture(scope="module", params=[42, 1, 2], name="generated")
def generated_fixture(request: pytest.FixtureRequest) -> pd.DataFrame:
    """As many customers as the true file has, with the answer as 0 and 1 beside."""
    customers = generate_customers(10_127, request.param)
    return customers.assign(left=(customers["Attrition_Flag"] == LEFT).astype(int))


def left_by_band(customers: pd.DataFrame, column: str, edges: tuple[float, ...]) -> pd.DataFrame:
    """Return rows and share that left in each band of a column."""
    return customers.groupby(pd.cut(customers[column], list(edges)), observed=False)[
        "left"].agg(["size", "mean"])


def test_one_customer_in_six_left(generated: pd.DataFrame) -> None:
    assert generated["left"].mean() == pytest.approx(.1607, abs=.011)


@pytest.mark.parametrize("column", SHARES)
def test_shares_are_within_total_variation(generated: pd.DataFrame, column: str) -> None:
    shares = generated[column].value_counts(normalize=True)
    distance = shares.sub(pd.Series(SHARES[column]), fill_value=0).abs().sum() / 2
    assert distance < .04


@pytest.mark.parametrize("column", QUANTILES)
def test_quantiles_are_within_the_distance_of_kolmogorov(
        generated: pd.DataFrame, column: str) -> None:
    values = np.sort(generated[column])
    for level, value in zip(LEVELS, QUANTILES[column]):
        # At a value that many rows share, the distribution jumps across the level.
        below = np.searchsorted(values, value, side="left") / len(values)
        upto = np.searchsorted(values, value, side="right") / len(values)
        assert below - .08 < level < upto + .08


@pytest.mark.parametrize("column, edges, expected", LEFT_BY_BAND, ids=lambda each: str(each)[:24])
def test_leaving_goes_with_the_band(generated: pd.DataFrame, column: str,
                                    edges: tuple[float, ...],
                                    expected: tuple[float, ...]) -> None:
    found = left_by_band(generated, column, edges)
    error = np.sqrt(np.array(expected) / np.maximum(found["size"], 1))
    assert ((found["mean"] - np.array(expected)).abs() < .05 + 3.5 * error).all()
    # In order wherever the facts are clearly apart.
    for one, other in zip(range(len(expected)), range(1, len(expected))):
        if abs(expected[one] - expected[other]) > .06:
            assert ((found["mean"].iloc[one] > found["mean"].iloc[other])
                    == (expected[one] > expected[other]))


def test_amounts_form_the_four_clusters(generated: pd.DataFrame) -> None:
    sizes = left_by_band(generated, "Total_Trans_Amt", (0, 3200, 6000, 11500, 20000))["size"]
    assert (sizes / len(generated)).tolist() == pytest.approx([.401, .456, .069, .074], abs=.02)
    # Between the clusters there is next to nobody.
    between = generated["Total_Trans_Amt"].between(10_600, 11_900)
    assert between.mean() < .003


def test_the_balance_has_its_two_atoms(generated: pd.DataFrame) -> None:
    balance = generated["Total_Revolving_Bal"]
    assert (balance == 0).mean() == pytest.approx(.244, abs=.02)
    assert (balance == 2517).mean() == pytest.approx(.050, abs=.01)
    assert balance.max() == 2517


def test_the_limit_has_its_floor_and_its_cap(generated: pd.DataFrame) -> None:
    limit = generated["Credit_Limit"]
    assert (limit == 1438.3).mean() == pytest.approx(.050, abs=.012)
    assert (limit == 34516).mean() == pytest.approx(.050, abs=.012)
    assert limit.min() == 1438.3 and limit.max() == 34516


def test_limits_rise_with_income(generated: pd.DataFrame) -> None:
    medians = generated.groupby("Income_Category")["Credit_Limit"].median()
    expected = {"Less than $40K": 2766, "$40K - $60K": 3682, "$60K - $80K": 7660,
                "$80K - $120K": 12830, "$120K +": 18442, "Unknown": 6380}
    assert medians.to_dict() == pytest.approx(expected, rel=.2)


def test_the_two_identities_hold_on_every_row(generated: pd.DataFrame) -> None:
    limit, balance = generated["Credit_Limit"], generated["Total_Revolving_Bal"]
    assert (generated["Avg_Open_To_Buy"] == (limit - balance).round(1)).all()
    assert (generated["Avg_Utilization_Ratio"] == (balance / limit).round(3)).all()
    assert (generated["Avg_Open_To_Buy"] >= 0).all()


def test_no_woman_has_a_high_income(generated: pd.DataFrame) -> None:
    women = generated.loc[generated["Gender"] == "F", "Income_Category"]
    assert set(women) == {"Less than $40K", "$40K - $60K", "Unknown"}


def test_months_on_book_follow_age_but_for_a_default(generated: pd.DataFrame) -> None:
    months = generated["Months_on_book"]
    assert (months == 36).mean() == pytest.approx(.243, abs=.015)
    assert months.corr(generated["Customer_Age"]) == pytest.approx(.79, abs=.04)


def test_the_order_of_rows_tells_who_left(generated: pd.DataFrame) -> None:
    decile = np.arange(len(generated)) * 10 // len(generated)
    shares = generated["left"].groupby(decile).mean().tolist()
    assert shares == pytest.approx(LEFT_BY_DECILE, abs=.045)
    order = pd.Series(np.arange(len(generated)))
    assert order.corr(generated["left"]) == pytest.approx(.13, abs=.04)


def test_amounts_grow_along_the_file(generated: pd.DataFrame) -> None:
    order = pd.Series(np.arange(len(generated)))
    assert order.corr(generated["Total_Trans_Amt"], "spearman") > .75
    last = generated.iloc[-900:]
    assert last.loc[last["left"] == 0, "Total_Trans_Amt"].quantile(.01) > 11_500
    assert last.loc[last["left"] == 1, "Total_Trans_Amt"].quantile(.99) < 11_500


def test_correlations_with_leaving(generated: pd.DataFrame) -> None:
    found = generated[list(CORRELATIONS_WITH_LEAVING)].corrwith(generated["left"])
    assert found.to_dict() == pytest.approx(CORRELATIONS_WITH_LEAVING, abs=.05)


def test_amount_count_and_changes_hang_together(generated: pd.DataFrame) -> None:
    logs = np.corrcoef(np.log(generated["Total_Trans_Amt"]), np.log(generated["Total_Trans_Ct"]))
    assert logs[0, 1] == pytest.approx(.88, abs=.03)
    changes = np.corrcoef(generated["Total_Amt_Chng_Q4_Q1"], generated["Total_Ct_Chng_Q4_Q1"])
    assert changes[0, 1] == pytest.approx(.38, abs=.08)
