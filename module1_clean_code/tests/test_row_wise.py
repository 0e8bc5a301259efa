"""Row by row or column by column: the same features, at another price."""

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.row_wise import main, row_wise, vectorised
from churn.schema import BY_NAME, LEFT, STAYED
from churn.synthetic import generate_customers, write_customers

ROWS = st.lists(st.tuples(
    st.sampled_from([STAYED, LEFT]), st.integers(0, 20_000), st.integers(0, 140),
    st.sampled_from([0.0, 0.3, 0.7, 1.0]) | st.floats(0, 1),
    st.sampled_from(BY_NAME["Income_Category"].allowed)), max_size=30)
NAMES = ["Attrition_Flag", "Total_Trans_Amt", "Total_Trans_Ct", "Avg_Utilization_Ratio",
         "Income_Category"]


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_both_forms_give_the_same_features(rows: list[tuple[str, int, int, float, str]]) -> None:
    """To the last bit, with no rows, no transactions, one category or all."""
    customers = pd.DataFrame(rows, columns=NAMES)
    pd.testing.assert_frame_equal(row_wise(customers), vectorised(customers), check_exact=True)


def test_both_forms_give_the_same_features_whatever_the_index() -> None:
    """A shuffled table keeps its rows together."""
    customers = generate_customers(400, seed=7).sample(frac=1.0, random_state=7)
    pd.testing.assert_frame_equal(row_wise(customers), vectorised(customers), check_exact=True)


@pytest.mark.parametrize("form", [row_wise, vectorised])
def test_the_features_are_the_right_ones(form: type[pd.DataFrame]) -> None:
    """Counted by hand, edges of the bands and an empty year among them."""
    customers = pd.DataFrame(
        [(LEFT, 300, 4, 0.0, "Unknown"), (STAYED, 50, 0, 0.3, "Unknown"),
         (STAYED, 90, 3, 0.299, "$120K +"), (STAYED, 1, 1, 0.7, "Unknown")], columns=NAMES)
    features = form(customers)
    assert features["churn"].tolist() == [1, 0, 0, 0]
    assert features["amount_per_transaction"].tolist() == [75.0, 0.0, 30.0, 1.0]
    assert features["utilization_band"].tolist() == ["none", "medium", "low", "high"]
    assert features["income_churn_rate"].tolist() == pytest.approx([1 / 3, 1 / 3, 0, 1 / 3])


def test_the_command_times_both_forms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whole columns are much quicker even on a small table."""
    write_customers(tmp_path / "customers.csv", rows=2000, seed=1)
    assert main(["--data", str(tmp_path / "customers.csv")]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["rows"] == 2000
    assert figures["ratio"] > 5
