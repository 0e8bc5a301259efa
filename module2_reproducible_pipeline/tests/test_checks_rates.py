"""How often the comparison cries wolf, and how often it sees the wolf: measured, not claimed.

In: simulated drops of one population, and drops that were changed. Out: rates with their counts.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from rentals.checks.distributions import compare_distributions
from rentals.settings import CheckSettings
from rentals.synthetic import generate_listings

SETTINGS = CheckSettings()
#: By significance alone: the least effect hides nothing.
STRICT = CheckSettings(least_effect=0)
SIZES = ((500, 500), (500, 5000), (1000, 1000), (20_000, 500), (2000, 2000), (5000, 5000),
         (5000, 20_000), (10_000, 10_000), (20_000, 20_000))
DROP = 15_000
Counts = dict[str, tuple[int, int]]


@pytest.fixture(scope="module", name="population")
def population_fixture() -> pd.DataFrame:
    """Return 80,000 generated listings within the bounds of the price."""
    listings = generate_listings(85_000, 11, 1)
    kept = listings[listings["price"].between(SETTINGS.min_price, SETTINGS.max_price)]
    assert len(kept) >= 76_000
    return kept.reset_index(drop=True)


def _failed(reference: pd.DataFrame, current: pd.DataFrame,
            settings: CheckSettings) -> set[str]:
    return {result.name for result in compare_distributions(reference, current, settings)
            if result.outcome == "failed"}


def _false_alarms(population: pd.DataFrame, repeats: int) -> tuple[Counts, Counts]:
    """Return alarms and pairs by size, by the default settings and by significance alone.

    The two sides of a pair are drawn without replacement, so they share no listing.
    """
    usual, strict = {}, {}
    for place, sizes in enumerate(SIZES):
        alarms = [0, 0]
        for repeat in range(repeats):
            rng = np.random.default_rng([place, repeat])
            rows = rng.choice(len(population), sum(sizes), replace=False)
            pair = population.iloc[rows[:sizes[0]]], population.iloc[rows[sizes[0]:]]
            for which, settings in enumerate((SETTINGS, STRICT)):
                alarms[which] += bool(_failed(*pair, settings))
        usual[f"{sizes[0]}/{sizes[1]}"] = alarms[0], repeats
        strict[f"{sizes[0]}/{sizes[1]}"] = alarms[1], repeats
    return usual, strict


def _told(capsys: pytest.CaptureFixture[str], title: str, counts: Counts) -> tuple[int, int]:
    total = (sum(hits for hits, _ in counts.values()), sum(tries for _, tries in counts.values()))
    with capsys.disabled():
        print(f"\n{title}: {total[0]} of {total[1]}:",
              ", ".join(f"{name} {hits}/{tries}" for name, (hits, tries) in counts.items()))
    return total


def _lower_limit(alarms: int, pairs: int) -> float:
    return float(binomtest(alarms, pairs).proportion_ci(0.95).low)


def _assert_few_false_alarms(capsys: pytest.CaptureFixture[str], population: pd.DataFrame,
                             repeats: int) -> None:
    for title, counts in zip(("by the settings", "by significance alone"),
                             _false_alarms(population, repeats)):
        total = _told(capsys, f"null drops, false alarms {title}", counts)
        assert total[1] == len(SIZES) * repeats
        assert _lower_limit(*total) <= 0.05
        assert max(_lower_limit(*size) for size in counts.values()) <= 0.10


def test_few_false_alarms_in_a_sample(capsys: pytest.CaptureFixture[str],
                                      population: pd.DataFrame) -> None:
    """At most 5 % of 108 pairs of 500 to 20,000 rows, by the lower limit."""
    _assert_few_false_alarms(capsys, population, 12)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_few_false_alarms_in_full(capsys: pytest.CaptureFixture[str],
                                  population: pd.DataFrame) -> None:
    """At most 5 % of 1,008 pairs of 500 to 20,000 rows, by the lower limit."""
    _assert_few_false_alarms(capsys, population, 112)


# Power.

Change = Callable[[pd.DataFrame, np.random.Generator], pd.DataFrame]


def _more_of(column: str, level: str, points: float) -> Change:
    """Draw a drop in which a level's share is so many points larger."""
    def change(population: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        is_level = (population[column] == level).to_numpy()
        share = is_level.mean()
        weights = np.where(is_level, (share + points) / share, (1 - share - points) / (1 - share))
        rows = rng.choice(len(population), DROP, p=weights / weights.sum())
        return population.iloc[rows]
    return change


def _with(column: str, alter: Callable[[pd.Series], pd.Series]) -> Change:
    """Draw a drop and alter one of its columns."""
    def change(population: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        drop = population.iloc[rng.choice(len(population), DROP, replace=False)]
        return drop.assign(**{column: alter(drop[column])})
    return change


#: Name: the check that must see it, and the change.
CHANGES: dict[str, tuple[str, Change]] = {
    "borough share +5 points": ("similar_neighbourhood_group",
                                _more_of("neighbourhood_group", "Brooklyn", 0.05)),
    "price x 1.2": ("similar_price", _with("price", lambda price: (price * 1.2).round())),
    "room mix +5 points": ("similar_room_type", _more_of("room_type", "Private room", 0.05)),
    "latitude + 0.01": ("similar_latitude", _with("latitude", lambda degrees: degrees + 0.01)),
    "longitude + 0.01": ("similar_longitude", _with("longitude", lambda degrees: degrees + 0.01)),
}


def _seen(population: pd.DataFrame, repeats: int) -> Counts:
    counts = {}
    for place, (title, (name, change)) in enumerate(CHANGES.items()):
        hits = 0
        for repeat in range(repeats):
            rng = np.random.default_rng([100 + place, repeat])
            rows = rng.choice(len(population), DROP, replace=False)
            rest = population.drop(index=rows)
            hits += name in _failed(population.iloc[rows], change(rest, rng), SETTINGS)
        counts[title] = hits, repeats
    return counts


def test_changes_of_a_drop_of_15_000_rows_are_seen(capsys: pytest.CaptureFixture[str],
                                                   population: pd.DataFrame) -> None:
    """At least 9 of 10 each, by the check of the column that was changed."""
    counts = _seen(population, 10)
    _told(capsys, "changed drops of 15,000 rows, seen", counts)
    assert all(hits >= 0.9 * tries for hits, tries in counts.values())


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_changes_of_a_drop_of_15_000_rows_are_seen_in_full(
        capsys: pytest.CaptureFixture[str], population: pd.DataFrame) -> None:
    """At least 90 of 100 each, by the check of the column that was changed."""
    counts = _seen(population, 100)
    _told(capsys, "changed drops of 15,000 rows, seen in full", counts)
    assert all(hits >= 0.9 * tries for hits, tries in counts.values())
