"""The facts: quantiles rise, shares sum to one, and each band has its factor."""

import numpy as np
import pytest

from rentals import calibration as facts

RISING = ("RESIDUAL", "AVAILABILITY", "REVIEWS", "DAYS_SINCE_REVIEW", "SPAN_DAYS")
SHARES = ("HOST_SIZES", "NIGHT_SHARES", "HEAP_SHARES")


@pytest.mark.parametrize("name", RISING)
def test_quantiles_rise(name: str) -> None:
    assert (np.diff(np.array(getattr(facts, name)), axis=1) >= 0).all()


@pytest.mark.parametrize("name", SHARES)
def test_shares_sum_to_one(name: str) -> None:
    assert np.array(getattr(facts, name)).sum(axis=1) == pytest.approx(1, abs=.003)


def test_levels_and_scores_rise_from_end_to_end() -> None:
    assert facts.SHARES[0] == 0 and facts.SHARES[-1] == 1
    for levels in (facts.SHARES, facts.SCORES, facts.HOST_IDS, facts.LISTING_IDS):
        assert (np.diff(levels) > 0).all()


@pytest.mark.parametrize("name", [
    "MINIMUM_NIGHTS", "NUMBER_OF_REVIEWS", "AVAILABILITY_365", "CALCULATED_HOST_LISTINGS_COUNT",
    "REVIEWS_PER_MONTH", "DAYS_SINCE_REVIEW"])
def test_each_band_has_its_factor_for_homes_and_rooms(name: str) -> None:
    edges, factors = getattr(facts, f"{name}_EDGES"), getattr(facts, f"{name}_FACTORS")
    assert (np.diff(edges) > 0).all()
    assert [len(row) for row in factors] == [len(edges) + 1] * 2
