"""Hosts and numbers: no host shows more listings than it has, no two drops share a number."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rentals.hosting import assign_hosts, draw_host_numbers, draw_listing_numbers


@given(st.lists(st.sampled_from([1, 2, 3, 7, 50, 327]), min_size=1, max_size=300),
       st.sampled_from([.002, .41, .96, 1.0]), st.integers(0, 99))
def test_no_host_shows_more_listings_than_it_has(sizes: list[int], share: float,
                                                 seed: int) -> None:
    host_rows = np.array(sizes)
    hosts = assign_hosts(np.random.default_rng(seed), host_rows, share)
    for host in np.unique(hosts):
        members = host_rows[hosts == host]
        assert len(set(members.tolist())) == 1 and len(members) <= members[0]


def test_hosts_are_numbered_without_gaps() -> None:
    hosts = assign_hosts(np.random.default_rng(0), np.array([1, 2, 2, 5, 5, 5, 5]), .5)
    assert sorted(set(hosts.tolist())) == list(range(hosts.max() + 1))


def test_a_whole_city_shows_every_listing_of_its_hosts() -> None:
    hosts = assign_hosts(np.random.default_rng(0), np.repeat([1, 2, 5], [10, 20, 50]), 1.0)
    assert np.bincount(np.bincount(hosts)).tolist() == [0, 10, 10, 0, 0, 10]


def test_two_fifths_of_a_city_show_two_fifths_of_a_large_host() -> None:
    hosts = assign_hosts(np.random.default_rng(0), np.full(4000, 50), .4)
    assert np.bincount(hosts).mean() == pytest.approx(20, rel=.05)


@pytest.mark.parametrize("draw", [draw_listing_numbers, draw_host_numbers])
@pytest.mark.parametrize("rows", [1, 100, 48_895])
def test_numbers_are_different_within_a_drop_and_between_drops(
        draw: Callable[..., np.ndarray], rows: int) -> None:
    newness = np.random.default_rng(0).normal(size=rows)
    first, second = (draw(np.random.default_rng(1), newness, drop) for drop in (1, 2))
    assert len(set(first.tolist()) | set(second.tolist())) == 2 * rows
    assert min(first.min(), second.min()) >= 1


def test_newer_listings_have_higher_numbers() -> None:
    newness = np.random.default_rng(0).normal(size=500)
    numbers = draw_listing_numbers(np.random.default_rng(1), newness, 1)
    assert (np.argsort(numbers) == np.argsort(newness)).all()


def test_many_more_rows_than_the_true_range_holds_still_have_their_own_numbers() -> None:
    newness = np.zeros(4_100_000)
    numbers = draw_listing_numbers(np.random.default_rng(1), newness, 2)
    assert (np.diff(numbers) > 0).all()
