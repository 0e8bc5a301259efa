"""How often the comparison cries wolf, and how often it sees the wolf: measured, not claimed.

In: twelve families of tables without drift, ten planted changes. Out: rates with their counts.
"""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import binomtest

from riskwatch.drift import compare_tables
from riskwatch.drift_families import (CHANGES, FLIP, NULL_FAMILIES, SHAPES, SIZES, Shape,
                                      changed_pair, null_pairs)
from riskwatch.watch_settings import DriftSettings

SETTINGS = DriftSettings()
Counts = dict[str, tuple[int, int]]


def false_alarms(shapes: tuple[Shape, ...], seed: int) -> Counts:
    """Return alarms and pairs by family: one pair for each of ``shapes``."""
    alarms: Counter[str] = Counter()
    for family, reference, current in null_pairs(shapes, seed):
        report = compare_tables(reference, current, SETTINGS, seed=seed)
        alarms[family] += report.verdict() not in ("none", "not_enough_data")
    return {family: (alarms[family], len(shapes)) for family in NULL_FAMILIES}


def lower_limit(alarms: int, pairs: int) -> float:
    """The lower end of the exact 95 % interval."""
    return float(binomtest(alarms, pairs).proportion_ci(0.95).low)


def told(say: Callable[[str], None], title: str, counts: Counts) -> tuple[int, int]:
    """Say the counts, and return their sums."""
    total = (sum(hits for hits, _ in counts.values()), sum(tries for _, tries in counts.values()))
    parts = ", ".join(f"{name} {hits}/{tries}" for name, (hits, tries) in counts.items())
    say(f"{title}: {total[0]} of {total[1]}: {parts}")
    return total


def power(tries: int) -> Counts:
    """Return sightings and tries by change: one of ten columns changes, at 1,000 rows a side."""
    counts = {}
    for place, (name, change) in enumerate(CHANGES.items()):
        seen = 0
        for number in range(tries):
            pair = changed_pair(name, np.random.default_rng([100 + place, number]))
            seen += compare_tables(*pair, SETTINGS).columns[-1].verdict in change.seen_as
        counts[name] = (seen, tries)
    flips = 0
    for number in range(tries):
        joint = compare_tables(*changed_pair(FLIP, np.random.default_rng([99, number])),
                               SETTINGS).joint
        flips += joint is not None and joint.is_drift and set(joint.columns) == {"one", "other"}
    return counts | {FLIP: (flips, tries)}


def test_few_false_alarms_in_a_sample_of_twelve_families(say: Callable[[str], None]) -> None:
    """At most 5 % by the lower limit, on 120 pairs of up to 1,000 rows and 10 columns."""
    shapes = tuple((sizes, width) for sizes in SIZES if max(sizes) <= 1000 for width in (1, 10))
    counts = false_alarms(shapes, 1)
    total = told(say, "null sample, false alarms", counts)
    assert total[1] == 120
    assert lower_limit(*total) <= 0.05
    assert max(lower_limit(*family) for family in counts.values()) <= 0.10


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_few_false_alarms_in_full(say: Callable[[str], None]) -> None:
    """At most 5 % by the lower limit, no family over 10 %, on 1,152 pairs of 40 to 20,000 rows."""
    counts = false_alarms(SHAPES * 3, 2)
    total = told(say, "null in full, false alarms", counts)
    assert total[1] == 1152
    assert lower_limit(*total) <= 0.05
    assert max(alarms / pairs for alarms, pairs in counts.values()) <= 0.10


def test_planted_changes_are_seen_in_a_sample(say: Callable[[str], None]) -> None:
    """At least nine of ten of each change, on 10 pairs each."""
    counts = power(10)
    told(say, "power sample, seen", counts)
    assert {name: seen for name, (seen, tries) in counts.items() if seen < 0.9 * tries} == {}


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_planted_changes_are_seen_in_full(say: Callable[[str], None]) -> None:
    """At least nine of ten of each change, on 200 pairs each."""
    counts = power(200)
    told(say, "power in full, seen", counts)
    assert {name: seen for name, (seen, tries) in counts.items() if seen < 0.9 * tries} == {}
