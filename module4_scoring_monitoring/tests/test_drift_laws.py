"""Laws that the comparison of two tables obeys, whatever the tables."""

import numpy as np
import pandas as pd
import pytest
from drift_tables import SETTINGS, compared, normal, texts
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from riskwatch.drift import compare_tables
from riskwatch.drift_report import ColumnDrift, DriftReport


def test_levels_equally_rare_are_pooled_alike_in_any_order_of_rows() -> None:
    before, after = texts(a=2, b=9, c=5, d=34), texts(a=2, b=2, c=6, d=40)
    assert compared(before, after).tests == compared(before[::-1], after[::-1]).tests


@given(seed=st.integers(0, 2**32 - 1), shift=st.sampled_from([0.0, 0.2, 1.0]))
@examples(max_examples=25, deadline=None)
def test_the_order_of_rows_and_columns_is_of_no_effect(seed: int, shift: float) -> None:
    rng = np.random.default_rng(seed)
    reference, current = (pd.DataFrame({
        "n": rng.normal(mean, 1, 120), "few": rng.poisson(1 + mean, 120),
        "t": rng.choice(list("abcdefgh"), 120, p=[.3, .3, .2, .1, .04, .03, .02, .01])})
        for mean in (0.0, shift))
    other = compare_tables(reference.sample(frac=1, random_state=rng)[["t", "few", "n"]],
                           current.sample(frac=1, random_state=rng), SETTINGS)
    report = compare_tables(reference, current, SETTINGS)
    assert by_name(report) == by_name(other)


def by_name(report: DriftReport) -> dict[str, ColumnDrift]:
    """Return the columns of a report by name."""
    return {column.name: column for column in report.columns}


@given(seed=st.integers(0, 2**32 - 1), rows=st.integers(50, 200), other=st.integers(50, 200))
@examples(max_examples=25, deadline=None)
def test_distances_are_symmetric_and_between_zero_and_one(seed: int, rows: int,
                                                          other: int) -> None:
    before, after = normal(seed, rows).round(1), normal(seed + 1, other, mean=0.5).round(1)
    there, back = compared(before, after).tests[0], compared(after, before).tests[0]
    assert 0 <= there.effect <= 1 and there.effect == pytest.approx(back.effect)
    assert there.p_value == pytest.approx(back.p_value)
