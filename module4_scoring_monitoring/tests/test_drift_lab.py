"""The laboratory measures: usual rules cry wolf, ours does not, and the counts are right."""

import pytest

from riskwatch.drift_families import NULL_FAMILIES
from riskwatch.drift_lab import OURS, Rate, measure_rules, totals
from riskwatch.watch_settings import DriftSettings


@pytest.fixture(name="rates", scope="module")
def measured_rates() -> tuple[Rate, ...]:
    """A small measurement."""
    return measure_rules(DriftSettings(), shapes=(((40, 40), 10), ((200, 150), 10)),
                         tries=4, seed=1)


def total(rates: tuple[Rate, ...], rule: str, is_null: bool) -> Rate:
    """All pairs of a rule, with or without drift."""
    return next(rate for rate in totals(rates) if rate.rule == rule and rate.is_null == is_null)


def test_usual_rules_cry_wolf_and_ours_does_not(rates: tuple[Rate, ...]) -> None:
    ours = total(rates, OURS, True)
    assert ours.pairs == 2 * len(NULL_FAMILIES) and ours.alarms <= 2
    for rule in ("any column p < .05", "any column PSI > .2"):
        assert total(rates, rule, True).alarms >= 5 * max(ours.alarms, 1), rule


def test_ours_sees_what_is_planted_and_half_of_columns_does_not(rates: tuple[Rate, ...]) -> None:
    ours, half = (total(rates, rule, False) for rule in (OURS, "half of the columns p < .05"))
    assert ours.pairs == 40 and ours.alarms >= 36
    assert half.alarms <= 4


def test_the_raw_rule_alarms_at_about_half_of_unchanged_scores(rates: tuple[Rate, ...]) -> None:
    found = {rate.rule: rate for rate in rates if rate.kind == "score of 150 rows, unchanged"}
    assert found["score below the baseline (raw)"].alarms >= 4
    assert found["score below mean - 2 sd (parametric)"].alarms <= 4


def test_the_interval_is_that_of_clopper_and_pearson() -> None:
    low, high = Rate("r", "k", True, 0, 60).interval()
    assert low == 0 and high == pytest.approx(0.0596, abs=1e-4)


def test_the_same_seed_measures_the_same() -> None:
    settings, shapes = DriftSettings(permutations=19), (((50, 50), 3),)
    one, two = (measure_rules(settings, shapes=shapes, tries=1, seed=3) for _ in range(2))
    assert one == two
