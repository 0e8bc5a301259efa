"""The gate: only a challenger that is surely better gets through, whatever luck it had."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from riskwatch.gate import Contender, GateVerdict, Terms, compare
from riskwatch.watch_settings import GateSettings

SETTINGS = GateSettings(resamples=400)
METRICS = ("f1", "accuracy", "roc_auc")


def answers(seed: int, rows: int = 400) -> np.ndarray:
    """Random answers."""
    return np.random.default_rng([seed, 1]).integers(0, 2, rows)


def guesses(left: np.ndarray, skill: float, seed: int) -> np.ndarray:
    """Probabilities that know the answer by so much."""
    noise = np.random.default_rng([seed, 2]).normal(size=len(left))
    return 1 / (1 + np.exp(-skill * (2 * left - 1) - noise))


def verdict(left: np.ndarray, champion: np.ndarray, challenger: np.ndarray,
            metric: str = "f1") -> GateVerdict:
    """Compare by one figure."""
    return compare(left, Contender("old", champion), Contender("new", challenger),
                   Terms(metric, SETTINGS, 1))  # type: ignore[arg-type]


@pytest.mark.parametrize("metric", METRICS)
def test_a_better_challenger_gets_through_and_a_worse_one_does_not(metric: str) -> None:
    left = answers(1)
    weak, strong = guesses(left, 0.2, 1), guesses(left, 1.5, 2)
    better, worse = verdict(left, weak, strong, metric), verdict(left, strong, weak, metric)
    assert better.may_serve and better.reason.startswith("surely better")
    assert not worse.may_serve and worse.reason.startswith("worse")
    assert better.low is not None and better.low > 0


@pytest.mark.parametrize("metric", METRICS)
def test_figures_are_those_of_scikit_learn(metric: str) -> None:
    left = answers(2)
    old, new = guesses(left, 0.5, 1).round(2), guesses(left, 0.8, 2).round(2)  # with ties
    found = verdict(left, old, new, metric)
    for figure, probability in ((found.champion, old), (found.challenger, new)):
        expected = {"f1": f1_score(left, probability >= 0.5),
                    "accuracy": accuracy_score(left, probability >= 0.5),
                    "roc_auc": roc_auc_score(left, probability)}[metric]
        assert figure == pytest.approx(expected, abs=1e-6)


def test_the_same_model_is_not_proven_better() -> None:
    left = answers(3)
    found = verdict(left, guesses(left, 1, 1), guesses(left, 1, 1))
    assert (found.may_serve, found.difference, found.low) == (False, 0.0, 0.0)
    assert found.reason.startswith("not proven better")


def test_challengers_of_equal_skill_get_through_as_seldom_as_said() -> None:
    """At 95 % certainty about one of twenty passes by luck; without the gate every second."""
    passed = better = 0
    for seed in range(200):
        left = answers(seed, 200)
        found = verdict(left, guesses(left, 0.7, 2 * seed), guesses(left, 0.7, 2 * seed + 1))
        passed += found.may_serve
        better += (found.difference or 0) > 0
    assert better > 70 and passed <= 20


def test_pairing_proves_what_two_separate_intervals_do_not() -> None:
    left = answers(5)
    base = guesses(left, 0.6, 1)
    slightly = base + 0.04 * (2 * left - 1)
    found = verdict(left, base, slightly)
    assert found.may_serve
    # Each figure alone scatters by .026 or so, and a difference of two such by .037.
    assert found.difference is not None and found.difference < 1.645 * 0.037


@pytest.mark.parametrize(("rows", "left"), [(49, None), (100, 0), (100, 1)])
def test_few_rows_or_one_answer_prove_nothing(rows: int, left: int | None) -> None:
    exited = answers(6, rows) if left is None else np.full(rows, left)
    found = verdict(exited, np.full(rows, 0.4), exited * 1.0)
    assert not found.may_serve and found.reason.startswith("unproven")


def test_models_that_alarm_at_nobody_have_an_f1_of_nothing() -> None:
    left = answers(7)
    found = verdict(left, np.full(400, 0.1), np.full(400, 0.2))
    assert not found.may_serve and found.champion == 0.0


def test_the_threshold_is_each_models_own() -> None:
    left = answers(8)
    low, high = left * 0.1 + 0.1, left * 0.1 + 0.1
    found = compare(left, Contender("old", low, 0.5), Contender("new", high, 0.15),
                    Terms("f1", SETTINGS, 1))
    assert found.may_serve and found.challenger == 1.0


def test_two_runs_agree() -> None:
    left = answers(9)
    pair = guesses(left, 0.5, 1), guesses(left, 0.6, 2)
    assert verdict(left, *pair) == verdict(left, *pair)
