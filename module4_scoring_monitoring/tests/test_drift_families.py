"""Families without drift are without drift, and changes change what they say."""

import numpy as np
import pytest

from riskwatch.drift_families import (CHANGES, FLIP, NULL_FAMILIES, SHAPES, changed_pair,
                                      null_pair, null_pairs)


def test_the_plan_has_the_asked_spread() -> None:
    assert len(NULL_FAMILIES) == 12 and len(CHANGES) == 9
    assert {width for _, width in SHAPES} == {1, 3, 10, 40}
    assert min(min(sizes) for sizes, _ in SHAPES) == 40
    assert max(max(sizes) for sizes, _ in SHAPES) == 20_000


@pytest.mark.parametrize("family", NULL_FAMILIES)
def test_pairs_have_the_wanted_shape_and_follow_from_the_seed(family: str) -> None:
    one, two = (null_pair(family, ((60, 90), 3), np.random.default_rng(4)) for _ in range(2))
    assert [side.shape for side in one] == [(60, 3), (90, 3)]
    assert all(left.equals(right) for left, right in zip(one, two))
    assert not one[0].equals(one[1].head(60))


def test_every_family_gives_one_pair_for_each_shape() -> None:
    names = [name for name, *_ in null_pairs((((40, 40), 1), ((50, 40), 3)), 1)]
    assert names == [name for name in NULL_FAMILIES for _ in range(2)]


@pytest.mark.parametrize("change", CHANGES)
def test_only_the_named_column_changes(change: str) -> None:
    before, after = changed_pair(change, np.random.default_rng(5))
    assert before.shape == after.shape == (1000, 10) and before.columns[-1] == "changed"


def test_scale_skew_and_two_peaks_keep_the_mean() -> None:
    for change in ("scale x1.5", "skew", "bimodal"):
        before, after = changed_pair(change, np.random.default_rng(6), 100_000)
        assert after["changed"].mean() == pytest.approx(before["changed"].mean(), abs=0.03)
        if change != "scale x1.5":
            assert after["changed"].std() == pytest.approx(1, abs=0.03)


def test_a_flip_keeps_each_column_and_turns_the_correlation() -> None:
    before, after = changed_pair(FLIP, np.random.default_rng(7), 100_000)
    assert before["one"].corr(before["other"]) == pytest.approx(0.5, abs=0.02)
    assert after["one"].corr(after["other"]) == pytest.approx(-0.5, abs=0.02)
    for name in ("one", "other"):
        assert before[name].std() == pytest.approx(after[name].std(), abs=0.02)
