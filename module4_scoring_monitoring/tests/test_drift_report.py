"""Tests of what is mended in the data and not learned from, and of missing values."""

import numpy as np
import pandas as pd
import pytest
from drift_tables import SETTINGS, compared, fault_kinds, normal, texts

from riskwatch.drift import compare_tables
from riskwatch.errors import InputError


@pytest.mark.parametrize("gap", [None, np.nan])
def test_missing_values_are_counted_apart_from_the_distribution(gap: object) -> None:
    before = ["a", "b"] * 500
    after = [gap if place % 5 == 0 else "a" if place % 2 else "b" for place in range(1000)]
    tests = {test.name: test for test in compared(before, after).tests}
    assert tests["missing"].effect == pytest.approx(0.2)
    assert tests["distribution"].effect == pytest.approx(0.0)
    assert tests["distribution"].rows == (1000, 800)


@pytest.mark.parametrize("level", ["NA", "None", "nan", ""])
def test_texts_that_look_missing_are_categories(level: str) -> None:
    column = compared(["a"] * 100 + ["b"] * 100, ["a"] * 100 + [level] * 100)
    assert column.new_categories == (level,)
    assert "missing" not in {test.name for test in column.tests}


def test_ten_points_more_missing_are_small_drift_and_forty_are_a_fault() -> None:
    full = normal(1, 1000)
    ten, forty = (compared(full, np.where(np.arange(1000) < rows, np.nan, normal(2, 1000)))
                  for rows in (100, 400))
    assert (ten.verdict, ten.faults) == ("small", ())
    assert fault_kinds(forty) == ["missing_jump"]
    assert "0.0% to 40.0%" in forty.faults[0].detail


def test_a_column_that_went_all_missing_is_a_fault() -> None:
    assert fault_kinds(compared(texts(a=50, b=50), [np.nan] * 100)) == ["missing_jump"]


def test_a_new_category_is_a_fault_beyond_chance_and_listed_always() -> None:
    before = texts(a=500, b=500)
    many, one = compared(before, texts(a=480, b=500, c=20)), compared(
        before, texts(a=499, b=500, c=1))
    assert (many.verdict, fault_kinds(many)) == ("data_fault", ["new_category"])
    assert "2.0%" in many.faults[0].detail
    assert (one.verdict, one.new_categories) == ("none", ("c",))


def test_a_category_that_vanished_is_drift_and_not_a_fault() -> None:
    column = compared(texts(a=400, b=400, c=200), texts(a=500, b=500))
    assert (column.verdict, column.new_categories) == ("small", ())


@pytest.mark.parametrize("factor", [1000.0, 1 / 1000, 10.5])
def test_a_change_of_unit_is_a_fault(factor: float) -> None:
    column = compared(np.exp(normal(1, 1000)), factor * np.exp(normal(2, 1000)))
    assert (column.verdict, fault_kinds(column)) == ("data_fault", ["unit_change"])


def test_a_change_of_unit_is_seen_past_many_zeros_and_in_few_values() -> None:
    zeros = np.where(np.arange(1000) % 5 < 3, 0.0, np.exp(normal(1, 1000)))
    assert fault_kinds(compared(zeros, zeros * 100)) == ["unit_change"]
    assert fault_kinds(compared([1, 2, 3, 4] * 100, [100, 200, 300, 400] * 100)) == ["unit_change"]


def test_another_scale_or_another_shape_is_drift_and_not_a_unit() -> None:
    celsius = 20 + 8 * normal(1, 1000)
    assert compared(celsius, 32 + 1.8 * celsius).verdict == "large"
    assert compared(np.exp(normal(1, 1000)), 40 + normal(2, 1000)).verdict == "large"


@pytest.mark.parametrize(("before", "value"), [(normal(1, 200), 0.5), (texts(a=100, b=100), "b"),
                                               ([0, 1, 2, 3] * 50, 2)])
def test_a_stuck_feed_is_a_fault(before: object, value: object) -> None:
    column = compared(before, [value] * 200)
    assert (column.verdict, fault_kinds(column)) == ("data_fault", ["stuck_feed"])


def test_a_rare_value_that_is_absent_by_chance_is_no_stuck_feed() -> None:
    assert compared([0] * 198 + [1, 1], [0] * 200).verdict == "none"


def test_numbers_that_became_text_are_a_fault() -> None:
    assert fault_kinds(compared(normal(1, 100), ["1.5"] * 100)) == ["type_change"]


def test_absent_columns_are_told_and_one_that_a_model_needs_is_a_fault() -> None:
    report = compare_tables(pd.DataFrame({"a": [1], "b": [1]}), pd.DataFrame({"b": [1], "c": [1]}),
                            SETTINGS)
    assert (report.only_in_reference, report.only_in_current) == (("a",), ("c",))
    assert [(fault.kind, fault.column) for fault in report.faults()] == [("missing_column", "a")]


def test_faults_are_told_by_column() -> None:
    before = pd.DataFrame({"b": normal(1, 100), "c": texts(a=50, b=50), "a": normal(2, 100)})
    after = pd.DataFrame({"b": [1.0] * 100, "c": texts(a=50, z=50)})
    faults = compare_tables(before, after, SETTINGS).faults()
    assert [(fault.column, fault.kind) for fault in faults] == [
        ("a", "missing_column"), ("b", "stuck_feed"), ("c", "new_category")]


def test_two_columns_of_one_name_are_refused() -> None:
    twice = pd.DataFrame([[1, 2]], columns=["x", "x"])
    with pytest.raises(InputError, match="reference table has two columns of the same name"):
        compare_tables(twice, pd.DataFrame({"x": [1]}), SETTINGS)
