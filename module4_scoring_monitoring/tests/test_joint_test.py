"""The joint test: honest by permutation, and it sees what no single column shows."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kstest

from riskwatch.joint_test import JointResult, joint_test


def found(reference: pd.DataFrame, current: pd.DataFrame, permutations: int = 99,
          seed: int = 1) -> JointResult:
    """The result, which must be there."""
    result = joint_test(reference, current, most_rows=700, permutations=permutations, seed=seed)
    assert result is not None
    return result


def pair_of(seed: int, rows: int, correlation: float, width: int = 2) -> pd.DataFrame:
    """Columns of which two correlate."""
    values = np.random.default_rng(seed).normal(size=(rows, width))
    values[:, 1] = correlation * values[:, 0] + np.sqrt(1 - correlation**2) * values[:, 1]
    return pd.DataFrame(values, columns=[f"c{place}" for place in range(width)])


def test_p_values_without_drift_are_uniform() -> None:
    """Were they not, the rate of false alarms would not be what it is said to be."""
    p_values = [found(pair_of(2 * seed, 60, 0.6), pair_of(2 * seed + 1, 80, 0.6)).p_value
                for seed in range(200)]
    assert kstest(p_values, "uniform").pvalue > 0.01
    assert np.mean(np.array(p_values) <= 0.05) <= 0.09


@pytest.mark.parametrize("width", [2, 10, 40])
def test_a_flip_is_seen_among_few_and_many_columns(width: int) -> None:
    result = found(pair_of(1, 700, 0.5, width), pair_of(2, 700, -0.5, width))
    assert result.p_value == 0.01 and result.columns == ("c0", "c1")
    assert result.effect == pytest.approx(0.5, abs=0.08)


def test_a_bend_without_any_correlation_is_seen() -> None:
    """The quadratic kernel alone would miss it: both sides have correlation 0."""
    rng = np.random.default_rng(3)
    angle = rng.uniform(0, 2 * np.pi, 400)
    ring = pd.DataFrame({"x": np.cos(angle), "y": np.sin(angle)})
    shuffled = pd.DataFrame({"x": ring["x"], "y": rng.permutation(ring["y"])})
    assert found(ring, shuffled).p_value <= 0.02


def test_text_and_gaps_take_part() -> None:
    rng = np.random.default_rng(4)
    number, level = rng.normal(size=400), rng.choice(["a", "b"], 400)
    together = pd.DataFrame({"n": number, "t": np.where(number > 0, "a", "b")})
    apart = pd.DataFrame({"n": number, "t": level})
    assert found(together, apart).p_value == 0.01
    gaps = pd.DataFrame({"n": number, "m": np.where(number > 1, np.nan, rng.normal(size=400))})
    random = gaps.assign(m=rng.permutation(gaps["m"]))
    assert found(gaps, random).p_value <= 0.05


def test_the_same_seed_gives_the_same_answer_and_tables_stay_as_they_were() -> None:
    one, two = pair_of(1, 800, 0.1), pair_of(2, 600, 0.2)
    kept = one.copy()
    assert found(one, two) == found(one, two)
    assert found(one, two).rows == (700, 600)
    pd.testing.assert_frame_equal(one, kept)


def test_one_column_that_varies_is_not_joint() -> None:
    table = pd.DataFrame({"x": np.arange(60.0), "same": 1.0, "text": "a"})
    assert joint_test(table, table, most_rows=700, permutations=9, seed=1) is None
