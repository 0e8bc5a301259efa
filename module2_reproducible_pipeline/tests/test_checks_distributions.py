"""Tests of the comparison with the reference; rates over many tables: test_checks_rates.py."""

import numpy as np
import pandas as pd
import pytest

from rentals.checks.distributions import (COMPARISON_NAMES, LEVEL_COLUMNS, NUMBER_COLUMNS,
                                          compare_distributions)
from rentals.checks.results import CheckResult
from rentals.schema import BOROUGHS, ROOM_TYPES
from rentals.settings import CheckSettings

SETTINGS = CheckSettings()
SHARES = (0.022, 0.411, 0.443, 0.116, 0.008)


def listings(rows: int, seed: int) -> pd.DataFrame:
    """Return columns that are compared, independent of each other."""
    rng = np.random.default_rng(seed)
    numbers = {name: np.round(rng.lognormal(4, 1, rows)) for name in NUMBER_COLUMNS}
    return pd.DataFrame({
        "neighbourhood_group": rng.choice(np.array(BOROUGHS, dtype=object), rows, p=SHARES),
        "neighbourhood": rng.choice(np.array(list("abcdefgh"), dtype=object), rows),
        "room_type": rng.choice(np.array(ROOM_TYPES, dtype=object), rows, p=(0.52, 0.46, 0.02)),
        **numbers})


def compared(reference: pd.DataFrame, current: pd.DataFrame,
             settings: CheckSettings = SETTINGS) -> dict[str, CheckResult]:
    """Return the results by name."""
    return {result.name: result
            for result in compare_distributions(reference, current, settings)}


def failed(results: dict[str, CheckResult]) -> list[str]:
    """Return the names of the checks that failed."""
    return [name for name, result in results.items() if result.outcome == "failed"]


REFERENCE = listings(15_000, 1)


def test_each_column_has_one_result_in_the_order_promised() -> None:
    results = compared(REFERENCE, listings(15_000, 2))
    assert tuple(results) == COMPARISON_NAMES
    assert len(results) == 2 + len(LEVEL_COLUMNS) + len(NUMBER_COLUMNS)
    assert not failed(results)


def test_the_same_table_has_effects_of_zero() -> None:
    for result in compare_distributions(REFERENCE, REFERENCE, SETTINGS):
        assert result.outcome == "passed"
        assert result.figures[0].value == 0


@pytest.mark.parametrize("borough", BOROUGHS)
def test_a_missing_borough_is_a_clean_failure_that_names_it(borough: str) -> None:
    current = listings(15_000, 2)
    result = compared(REFERENCE, current[current["neighbourhood_group"] != borough])[
        "boroughs_present"]
    rows = int((REFERENCE["neighbourhood_group"] == borough).sum())
    assert result.outcome == "failed"
    assert f"{borough} has {rows} rows in the reference and none in the current table" \
        in result.message


def test_a_borough_that_the_reference_lacks_is_named_too() -> None:
    result = compared(REFERENCE[REFERENCE["neighbourhood_group"] != "Queens"],
                      listings(15_000, 2))["boroughs_present"]
    assert result.outcome == "failed"
    assert "rows in the current table and none in the reference" in result.message


def test_a_rare_borough_may_be_absent_from_few_rows_by_chance() -> None:
    current = listings(15_000, 2)
    few = current[current["neighbourhood_group"] != "Staten Island"].head(200)
    result = compared(REFERENCE, few)["boroughs_present"]
    assert result.outcome == "passed"
    assert "Staten Island has" in result.message


def test_the_divergence_fails_from_its_threshold_on() -> None:
    current = listings(15_000, 2)
    current.loc[:6000, "neighbourhood_group"] = "Bronx"
    bits = compared(REFERENCE, current)["borough_kl_divergence"].figures[0].value
    assert bits > 0.5
    outcomes = [compared(REFERENCE, current, CheckSettings(kl_threshold=limit))[
        "borough_kl_divergence"].outcome for limit in (bits - 0.01, bits + 0.01)]
    assert outcomes == ["failed", "passed"]


def test_the_divergence_is_that_of_the_current_table_from_the_reference() -> None:
    """Without Queens the one direction is small, the other large."""
    current = listings(15_000, 2)
    current = current[current["neighbourhood_group"] != "Queens"]
    there, back = (compared(*pair)["borough_kl_divergence"].figures[0].value
                   for pair in ((REFERENCE, current), (current, REFERENCE)))
    assert there < 0.2 < 0.5 < back


def test_the_divergence_tells_which_borough_moved() -> None:
    current = listings(15_000, 2)
    current.loc[:6000, "neighbourhood_group"] = "Bronx"
    assert "Bronx moved most, 2." in compared(REFERENCE, current)[
        "borough_kl_divergence"].message


@pytest.mark.parametrize("name", NUMBER_COLUMNS)
def test_a_number_that_grew_by_a_half_fails_in_its_column_alone(name: str) -> None:
    current = listings(15_000, 2)
    current[name] *= 1.5
    results = compared(REFERENCE, current)
    assert failed(results) == [f"similar_{name}"]
    assert "median 5" in results[f"similar_{name}"].message


@pytest.mark.parametrize("name", LEVEL_COLUMNS)
def test_another_mix_of_levels_fails_in_its_column_and_names_the_level(name: str) -> None:
    current = listings(15_000, 2)
    level = current[name].value_counts().index[0]
    current.loc[:1500, name] = level
    results = compared(REFERENCE, current)
    assert failed(results) == [f"similar_{name}"]
    assert f"{level} moved most" in results[f"similar_{name}"].message


def test_a_significant_difference_too_small_to_care_passes_and_says_so() -> None:
    before, after = listings(200_000, 1), listings(200_000, 2)
    after["price"] = after["price"] * 1.04
    result = compared(before, after)["similar_price"]
    assert result.figures[2].value < 1e-6
    assert result.outcome == "passed" and "too small to care" in result.message
    assert compared(before, after, CheckSettings(least_effect=0.01))[
        "similar_price"].outcome == "failed"


def test_the_correction_spans_all_columns() -> None:
    """A p-value of one column is multiplied by about the number of tests: 12."""
    current = listings(15_000, 2)
    current["price"] *= 1.5
    figures = {one.name: one.value
               for one in compared(REFERENCE, current)["similar_price"].figures}
    assert figures["adjusted_p"] == pytest.approx(12 * figures["p_value"], rel=1e-5)


def test_the_corrected_p_value_decides() -> None:
    current = listings(15_000, 2)
    current["price"] *= 1.04
    p_value = compared(REFERENCE, current)["similar_price"].figures[1].value
    outcomes = [compared(REFERENCE, current, CheckSettings(
        least_effect=0, significance=factor * p_value))["similar_price"].outcome
        for factor in (2, 13)]
    assert outcomes == ["passed", "failed"]


@pytest.mark.parametrize(("rows", "outcome"), [(99, "not_run"), (100, "failed")])
def test_too_few_rows_are_never_judged(rows: int, outcome: str) -> None:
    current = listings(rows, 2)
    current["price"] *= 5
    for pair in ((REFERENCE, current), (current, REFERENCE)):
        assert compared(*pair)["similar_price"].outcome == outcome


def test_missing_values_do_not_count_as_rows() -> None:
    current = listings(15_000, 2)
    current.loc[99:, "reviews_per_month"] = np.nan
    result = compared(REFERENCE, current)["similar_reviews_per_month"]
    assert result.outcome == "not_run"
    assert result.message == ("the current table has 99 values of reviews_per_month, "
                              "100 are needed to compare")


@pytest.mark.parametrize("side", ["reference", "current table"])
def test_a_column_that_is_not_there_is_a_clean_failure(side: str) -> None:
    tables = {"reference": REFERENCE, "current table": listings(15_000, 2)}
    tables[side] = tables[side].drop(columns=["neighbourhood_group", "price"])
    results = compared(*tables.values())
    assert failed(results) == ["borough_kl_divergence", "boroughs_present",
                               "similar_neighbourhood_group", "similar_price"]
    assert results["similar_price"].message == f"cannot be compared, the {side} lacks price"
