"""The course's rules, worked by hand, for scores and for errors the right way round."""

import pytest

from riskwatch.score_rules import non_parametric, parametric, raw_comparison

HISTORY = [0.80, 0.82, 0.78, 0.81, 0.79]  # mean .80, sd .0141421; Q1 .79, Q3 .81, IQR .02
ERRORS = [0.20, 0.18, 0.22, 0.19, 0.21]


@pytest.mark.parametrize(("new", "verdict"), [
    (0.5713, "drift"), (0.5714, "no_drift"), (0.6, "no_drift"), (None, "not_enough_data")])
def test_raw_only_a_lower_score_than_at_deployment_is_drift(new: float | None, verdict: str
                                                            ) -> None:
    assert raw_comparison(new, 0.5714).verdict == verdict


def test_raw_an_error_is_worse_when_it_is_higher() -> None:
    assert raw_comparison(0.21, 0.20, "lower").is_drift
    assert not raw_comparison(0.19, 0.20, "lower").is_drift
    assert raw_comparison(0.2, None, "lower").verdict == "not_enough_data"


def test_parametric_is_two_deviations_from_the_mean() -> None:
    assert parametric(HISTORY, 0.9).limit == pytest.approx(0.80 - 2 * 0.0141421, abs=1e-6)
    assert parametric(HISTORY, 0.771).is_drift and not parametric(HISTORY, 0.772).is_drift
    assert parametric(ERRORS, 0.229, "lower").is_drift
    assert not parametric(ERRORS, 0.228, "lower").is_drift


def test_non_parametric_looks_below_q1_for_scores_and_above_q3_for_errors() -> None:
    assert non_parametric(HISTORY, 0.9).limit == pytest.approx(0.79 - 1.5 * 0.02)
    assert non_parametric(HISTORY, 0.759).is_drift and not non_parametric(HISTORY, 0.761).is_drift
    assert non_parametric(ERRORS, 0.241, "lower").is_drift
    assert not non_parametric(ERRORS, 0.239, "lower").is_drift


@pytest.mark.parametrize("rule", [parametric, non_parametric])
def test_an_improvement_is_never_drift(rule) -> None:
    """A solution in circulation compares an error with Q1 - 1.5 IQR: it alarms at these."""
    assert not rule(HISTORY, 0.99).is_drift
    assert not rule(ERRORS, 0.01, "lower").is_drift


@pytest.mark.parametrize("rule", [parametric, non_parametric])
def test_a_short_history_is_not_enough(rule) -> None:
    assert rule(HISTORY[:4], 0.1).verdict == "not_enough_data"
    assert rule(HISTORY, None).verdict == "not_enough_data"


def test_a_history_without_spread_alarms_at_the_least_fall_only() -> None:
    assert not parametric([0.1 + 0.2] * 5, 0.3).is_drift
    assert parametric([0.3] * 5, 0.29).is_drift
