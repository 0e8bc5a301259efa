"""A thousand quantiles say what the column says: within a thousandth, whatever its law."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from riskwatch.quantile_sketch import (counted_at, ks_distance, merged, sketch_of,
                                       stability_index)

ROWS = 200_000
Law = Callable[[np.random.Generator, float], np.ndarray]
LAWS: dict[str, Law] = {
    "normal": lambda rng, shift: rng.normal(shift, 1, ROWS),
    "heavy tails": lambda rng, shift: rng.standard_cauchy(ROWS) + 10 * shift,
    "skewed": lambda rng, shift: rng.lognormal(shift, 3, ROWS),
    "ties": lambda rng, shift: rng.normal(10 * shift, 8, ROWS).round(),
    "counts": lambda rng, shift: rng.poisson(1000 + 100 * shift, ROWS).astype(float),
    "mostly zero": lambda rng, shift: rng.exponential(size=ROWS) * (rng.random(ROWS) < .1 + shift),
    "constant": lambda rng, shift: np.full(ROWS, 7.0),
    "two far clusters": lambda rng, shift: rng.choice([0.0, 1e12], ROWS) + rng.normal(size=ROWS),
    "infinities": lambda rng, shift: np.where(rng.random(ROWS) < .1 + shift, np.inf,
                                              rng.normal(size=ROWS)),
}


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("shift", [0.0, 0.02])
def test_the_distance_is_within_a_thousandth_of_the_exact_one(law: str, shift: float) -> None:
    reference = LAWS[law](np.random.default_rng(1), 0.0)
    current = LAWS[law](np.random.default_rng(2), shift)
    exact = stats.ks_2samp(reference, current, method="asymp").statistic
    whole = sketch_of(reference)
    assert len(whole.edges) <= 1001 and whole.error <= 0.001
    assert 0 <= exact - ks_distance(whole, counted_at(whole.edges, current)) <= whole.error + 1e-12
    parts = sketch_of(reference[:50_000])
    for start in range(50_000, ROWS, 50_000):  # neither shuffled nor of the same edges
        parts = merged(parts, sketch_of(reference[start:start + 50_000]))
    assert parts.rows == ROWS and len(parts.edges) <= 2100
    joint = ks_distance(parts, counted_at(parts.edges, current))
    assert abs(exact - joint) <= 0.001
    assert abs(exact - joint) <= parts.error + 1e-12


def test_bins_of_equal_width_would_not_see_what_quantiles_see() -> None:
    """The reason for quantiles: on a Cauchy law, equal bins see next to nothing."""
    before, after = (np.random.default_rng(seed).standard_cauchy(ROWS) + shift
                     for seed, shift in ((1, 0), (2, 0.1)))
    edges = np.linspace(before.min(), before.max(), 1001)
    equal = np.abs([np.searchsorted(np.sort(side), edges) / ROWS
                    for side in (before, after)])
    sketch = sketch_of(before)
    assert np.abs(equal[0] - equal[1]).max() < 0.015
    assert ks_distance(sketch, counted_at(sketch.edges, after)) > 0.03


def test_counts_do_not_depend_on_how_the_rows_are_cut() -> None:
    values = np.random.default_rng(3).normal(size=200_001)
    edges = sketch_of(values).edges
    whole = counted_at(edges, values)
    parts = merged(counted_at(edges, values[:77]), counted_at(edges, values[77:]))
    assert (whole.upto == parts.upto).all() and (whole.below == parts.below).all()
    assert (whole.upto == np.sort(values).searchsorted(edges, "right")).all()


def test_a_merge_with_nothing_changes_nothing() -> None:
    some, nothing = sketch_of(np.array([1.0, 2.0])), sketch_of(np.zeros(0))
    assert merged(some, nothing) is some and merged(nothing, some) is some


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=60),
       st.lists(st.integers(-6, 6), min_size=1, max_size=60))
def test_small_columns_are_exact(before: list[int], after: list[int]) -> None:
    reference, current = np.array(before, float), np.array(after, float)
    sketch = sketch_of(reference)
    assert sketch.error == 0
    assert ks_distance(sketch, counted_at(sketch.edges, current)) == pytest.approx(
        stats.ks_2samp(reference, current, method="asymp").statistic, abs=1e-12)


def test_the_stability_index_as_worked_by_hand() -> None:
    """Five bins grow from .1 to .14, five shrink to .06: 5 x .04 x (ln 1.4 - ln .6)."""
    reference = sketch_of(np.arange(10_000.0))
    same = counted_at(reference.edges, np.arange(10_000.0))
    assert stability_index(reference, same) == pytest.approx(0, abs=1e-5)
    shares = np.repeat([0.14, 0.06], 5)
    current = np.concatenate([np.linspace(1000 * place + 1, 1000 * place + 999, int(10_000 * part))
                              for place, part in enumerate(shares)])
    expected = 5 * 0.04 * (np.log(0.14 / 0.1) - np.log(0.06 / 0.1))
    assert stability_index(reference, counted_at(reference.edges, current)) == pytest.approx(
        expected, rel=0.02)
