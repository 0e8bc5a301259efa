"""Tests of the comparison of two tables; rates over many tables: test_drift_rates.py."""

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from drift_tables import SETTINGS, compared, normal, texts

from churn.drift import compare_tables
from churn.settings import DriftSettings


# What a verdict needs: rows, significance and effect.

@pytest.mark.parametrize(("rows", "verdict"), [(49, "not_enough_data"), (50, "large")])
def test_fewer_rows_than_fifty_are_never_judged(rows: int, verdict: str) -> None:
    assert compared(normal(1, 500), normal(2, rows, mean=5)).verdict == verdict
    assert compared(normal(2, rows, mean=5), normal(1, 500)).verdict == verdict


def test_missing_values_of_fewer_rows_than_fifty_are_not_judged_either() -> None:
    column = compared(normal(1, 500), [np.nan] * 49)
    assert (column.verdict, column.tests) == ("not_enough_data", ())


def test_too_few_present_values_are_not_judged_though_the_table_is_long() -> None:
    sparse = np.where(np.arange(500) < 49, normal(1, 500), np.nan)
    column = compared(sparse, np.where(np.arange(500) < 49, 9 + normal(2, 500), np.nan))
    assert column.verdict == "not_enough_data"
    assert [test.name for test in column.tests] == ["missing"]


@pytest.mark.parametrize("value", [7.0, "same"])
def test_a_constant_column_is_never_judged(value: object) -> None:
    column = compared([value] * 100, [value] * 100)
    assert (column.verdict, column.tests) == ("not_enough_data", ())


def test_a_constant_of_another_value_is_seen() -> None:
    assert compared([5.0] * 100, [7.0] * 100).verdict == "large"


def test_the_same_table_has_no_drift_in_any_column() -> None:
    table = pd.DataFrame({"n": normal(1, 300), "t": texts(a=100, b=200), "few": [0, 1, 2] * 100})
    report = compare_tables(table, table, SETTINGS)
    assert report.names("none") == ("few", "n", "t")
    assert not report.faults()


def test_a_significant_difference_surely_below_small_is_no_drift() -> None:
    """Ten points of 100,000 rows are drift, three points are not, though p is tiny."""
    before = texts(a=50_000, b=50_000)
    three, ten = (compared(before, texts(a=50_000 + more, b=50_000 - more))
                  for more in (3000, 10_000))
    assert three.tests[0].adjusted_p < 1e-9
    assert (three.verdict, ten.verdict) == ("none", "small")


def test_effects_are_small_or_large_by_the_settings() -> None:
    reference, current = pd.DataFrame({"x": normal(1, 1000)}), pd.DataFrame(
        {"x": normal(2, 1000, mean=0.6)})
    effect = compare_tables(reference, current, SETTINGS).columns[0].tests[0].effect
    below, above = (compare_tables(reference, current, DriftSettings(large_effect=limit))
                    for limit in (effect, effect + 0.01))
    assert (below.columns[0].verdict, above.columns[0].verdict) == ("large", "small")


def test_the_correction_spans_the_whole_table() -> None:
    """What is significant alone is not among 40 columns."""
    before, after = texts(a=100, b=100), texts(a=125, b=75)
    others = {f"other {seed}": normal(seed, 200) for seed in range(39)}
    alone = compared(before, after)
    among = compare_tables(pd.DataFrame({"x": before} | others),
                           pd.DataFrame({"x": after} | others), SETTINGS).columns[0]
    assert (alone.verdict, among.verdict) == ("small", "none")
    assert alone.tests[0].p_value == among.tests[0].p_value


# Odd tables.

def test_a_column_of_ids_is_not_judged() -> None:
    ids = [f"id {number}" for number in range(400)]
    column = compared(ids[:200], ids[200:])
    assert column.verdict == "not_enough_data"
    assert column.new_categories == tuple(ids[200:220])


def test_empty_tables_are_compared_without_a_verdict() -> None:
    empty = pd.DataFrame({"n": pd.Series(dtype=float), "t": pd.Series(dtype=str)})
    assert compare_tables(empty, empty, SETTINGS).names("not_enough_data") == ("n", "t")
    assert not compare_tables(pd.DataFrame(), pd.DataFrame(), SETTINGS).columns


@pytest.mark.parametrize("dtype", ["Int64", "category", "bool", "str", "float32"])
def test_other_dtypes_are_compared_as_what_they_mean(dtype: str) -> None:
    values = pd.Series([0, 1] * 100).astype("bool" if dtype == "bool" else "int64").astype(dtype)
    column = compared(values, values)
    assert (column.verdict, column.tests[0].effect) == ("none", 0.0)


def test_infinite_numbers_are_ordered_like_any_other() -> None:
    with_infinity = np.where(np.arange(100) < 40, np.inf, normal(1, 100))
    test = compared(normal(1, 100), with_infinity).tests[0]
    assert test.effect == pytest.approx(0.4, abs=0.05)


def test_the_tables_are_left_as_they_were() -> None:
    reference = pd.DataFrame({"n": [1.0, np.nan] * 50, "t": ["a", None] * 50})
    current, kept = reference.copy(), reference.copy()
    compare_tables(reference, current, SETTINGS)
    pd.testing.assert_frame_equal(reference, kept)
    pd.testing.assert_frame_equal(current, kept)


def test_the_report_says_what_it_cannot_see() -> None:
    report = compare_tables(pd.DataFrame(), pd.DataFrame(), SETTINGS)
    assert any("P(y given x)" in line for line in report.cannot_see)
    assert any("correlation" in line for line in report.cannot_see)


def test_a_flipped_correlation_is_not_seen_as_the_report_says() -> None:
    x, noise = normal(1, 1000), normal(2, 1000)
    reference, current = (pd.DataFrame({"x": x, "y": sign * x + 0.1 * noise}) for sign in (1, -1))
    assert compare_tables(reference, current, SETTINGS).names("none") == ("x", "y")


# Cost, and the true file.

def test_a_table_of_10_127_rows_and_19_columns_costs_less_than_a_second() -> None:
    rng = np.random.default_rng(5)
    table = pd.DataFrame({f"number {place}": rng.lognormal(size=10_127) for place in range(14)}
                         | {f"text {place}": rng.choice(list("abcdef"), 10_127)
                            for place in range(5)})
    costs = []
    for _ in range(3):
        started = time.process_time()
        compare_tables(table, table, SETTINGS)
        costs.append(time.process_time() - started)
    assert min(costs) < 1


@pytest.fixture(name="customers")
def true_customers(real_data: Path) -> pd.DataFrame:
    """Return the features of the true file, in its order of rows."""
    table = pd.read_csv(real_data / "churn" / "bank_data.csv", keep_default_na=False)
    return table.iloc[:, 2:].drop(columns="Attrition_Flag")


@pytest.mark.realdata
def test_random_halves_of_the_true_file_show_no_drift(customers: pd.DataFrame) -> None:
    alarms = 0
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(len(customers))
        report = compare_tables(customers.iloc[order[:5063]], customers.iloc[order[5063:]],
                                SETTINGS)
        alarms += len(report.names("none")) < len(report.columns)
    assert alarms <= 2


@pytest.mark.realdata
def test_the_order_of_the_true_file_carries_large_drift_without_a_fault(
        customers: pd.DataFrame) -> None:
    report = compare_tables(customers.iloc[:5063], customers.iloc[5063:], SETTINGS)
    assert report.names("large") == ("Total_Relationship_Count", "Total_Trans_Amt",
                                     "Total_Trans_Ct")
    assert len(report.names("small")) == 8
    assert not report.faults()
