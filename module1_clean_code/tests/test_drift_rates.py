"""How often the comparison cries wolf, and how often it sees the wolf: measured, not claimed.

In: twelve families of tables without drift, nine planted changes. Out: rates with their counts.
"""

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from churn.drift import compare_tables
from churn.settings import DriftSettings

SETTINGS = DriftSettings()
Draw = Callable[[np.random.Generator, int], object]

SIZES = ((40, 40), (50, 50), (60, 1000), (20_000, 60), (200, 150), (1000, 1000),
         (5000, 700), (20_000, 20_000))
WIDTHS = (1, 3, 10, 40)


def _levels(weights: np.ndarray) -> Draw:
    names = np.array([f"level {place}" for place in range(len(weights))], dtype=object)
    return lambda rng, rows: rng.choice(names, rows, p=weights / weights.sum())


def _with_gaps(draw: Draw, share: float, gap: object) -> Draw:
    def drawn(rng: np.random.Generator, rows: int) -> object:
        return pd.Series(draw(rng, rows)).mask(rng.random(rows) < share, gap)
    return drawn


def _normal(rng: np.random.Generator, rows: int) -> np.ndarray:
    return rng.normal(size=rows)


EVEN, RARE = _levels(np.ones(5)), _levels(1 / np.arange(1, 61) ** 2.0)
NULL_FAMILIES: dict[str, tuple[Draw, ...]] = {
    "normal": (_normal,),
    "heavy tails": (lambda rng, rows: rng.standard_cauchy(rows),),
    "skewed": (lambda rng, rows: rng.lognormal(sigma=2, size=rows),),
    "ties": (lambda rng, rows: rng.normal(0, 8, rows).round(),),
    "constants": (lambda rng, rows: np.full(rows, 7.0), lambda rng, rows: ["same"] * rows,
                  _normal),
    "mostly zero": (lambda rng, rows: rng.exponential(size=rows) * (rng.random(rows) < 0.1),),
    "small counts": (lambda rng, rows: rng.poisson(1.5, rows),),
    "even levels": (EVEN,),
    "rare levels": (RARE,),
    "singletons": (lambda rng, rows: rng.integers(0, 100_000, rows).astype(str),),
    "missing": (_with_gaps(_normal, 0.03, np.nan), _with_gaps(EVEN, 0.2, None),
                _with_gaps(RARE, 0.01, "Unknown")),
    "mixed": (_normal, EVEN, RARE, lambda rng, rows: rng.poisson(3, rows),
              lambda rng, rows: rng.standard_cauchy(rows).round(1),
              _with_gaps(_normal, 0.3, np.nan)),
}


def _table(draws: tuple[Draw, ...], rng: np.random.Generator, rows: int,
           width: int) -> pd.DataFrame:
    return pd.DataFrame({f"column {place}": draws[place % len(draws)](rng, rows)
                         for place in range(width)})


def _alarms(draws: tuple[Draw, ...], seed: int,
            shapes: list[tuple[tuple[int, int], int]]) -> Iterator[bool]:
    for number, (sizes, width) in enumerate(shapes):
        rng = np.random.default_rng([seed, number])
        reference, current = (_table(draws, rng, rows, width) for rows in sizes)
        report = compare_tables(reference, current, SETTINGS)
        yield any(column.verdict not in ("none", "not_enough_data") for column in report.columns)


def _false_alarms(shapes: list[tuple[tuple[int, int], int]]) -> dict[str, tuple[int, int]]:
    """Return alarms and pairs by family: one pair for each of ``shapes``."""
    return {name: (sum(_alarms(draws, seed, shapes)), len(shapes))
            for seed, (name, draws) in enumerate(NULL_FAMILIES.items())}


def _lower_limit(alarms: int, pairs: int) -> float:
    return float(binomtest(alarms, pairs).proportion_ci(0.95).low)


def _told(say: Callable[[str], None], title: str,
          counts: dict[str, tuple[int, int]]) -> tuple[int, int]:
    total = (sum(hits for hits, _ in counts.values()), sum(tries for _, tries in counts.values()))
    parts = ", ".join(f"{name} {hits}/{tries}" for name, (hits, tries) in counts.items())
    say(f"{title}: {total[0]} of {total[1]}: {parts}")
    return total


def test_few_false_alarms_in_a_sample_of_twelve_families(
        say: Callable[[str], None]) -> None:
    """At most 5 % by the lower limit, on 120 pairs of up to 1,000 rows and 10 columns."""
    counts = _false_alarms([shape for shape in product(SIZES, (1, 10)) if max(shape[0]) <= 1000])
    total = _told(say, "null sample, false alarms", counts)
    assert total[1] == 120
    assert _lower_limit(*total) <= 0.05
    assert max(_lower_limit(*family) for family in counts.values()) <= 0.10


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_few_false_alarms_in_full(say: Callable[[str], None]) -> None:
    """At most 5 % by the lower limit, no family over 10 %, on 1,152 pairs of 40 to 20,000 rows."""
    counts = _false_alarms(list(product(SIZES, WIDTHS)) * 3)
    total = _told(say, "null in full, false alarms", counts)
    assert total[1] == 1152
    assert _lower_limit(*total) <= 0.05
    assert max(alarms / pairs for alarms, pairs in counts.values()) <= 0.10


def _bimodal(rng: np.random.Generator, rows: int) -> np.ndarray:
    return rng.choice([-0.9, 0.9], rows) + rng.normal(0, np.sqrt(1 - 0.81), rows)


#: Name: law of the reference, law of the current column, the verdicts that see the change.
DRIFT, FAULT = ("small", "large"), ("data_fault",)
CHANGES: dict[str, tuple[Draw, Draw, tuple[str, ...]]] = {
    "mean +.3 sd": (_normal, lambda rng, rows: rng.normal(0.3, 1, rows), DRIFT),
    "scale x1.5": (_normal, lambda rng, rows: rng.normal(0, 1.5, rows), DRIFT),
    "skew": (_normal, lambda rng, rows: rng.exponential(size=rows) - 1, DRIFT),
    "bimodal": (_normal, _bimodal, DRIFT),
    "category +10 points": (_levels(np.array([0.3, 0.3, 0.2, 0.2])),
                            _levels(np.array([0.4, 0.25, 0.175, 0.175])), DRIFT),
    "new category": (EVEN, _levels(np.array([0.19] * 5 + [0.05])), FAULT),
    "missing +10 points": (_with_gaps(_normal, 0.05, np.nan), _with_gaps(_normal, 0.15, np.nan),
                           DRIFT),
    "unit change": (lambda rng, rows: rng.lognormal(8, 1, rows),
                    lambda rng, rows: rng.lognormal(8, 1, rows) / 1000, FAULT),
    "stuck feed": (_normal, lambda rng, rows: np.full(rows, 0.1), FAULT),
}


def _power(tries: int) -> dict[str, tuple[int, int]]:
    """Return sightings and tries by change: one column of ten changes, at 1,000 rows a side."""
    counts = {}
    for seed, (name, (before, after, verdicts)) in enumerate(CHANGES.items()):
        seen = 0
        for number in range(tries):
            rng = np.random.default_rng([100 + seed, number])
            reference, current = (_table((_normal, EVEN, RARE), rng, 1000, 9).assign(
                changed=draw(rng, 1000)) for draw in (before, after))
            report = compare_tables(reference, current, SETTINGS)
            seen += report.columns[-1].verdict in verdicts
        counts[name] = (seen, tries)
    return counts


def test_planted_changes_are_seen_in_a_sample(say: Callable[[str], None]) -> None:
    """At least nine of ten of each change, on 20 pairs each."""
    counts = _power(20)
    _told(say, "power sample, seen", counts)
    assert {name: seen for name, (seen, tries) in counts.items() if seen < 0.9 * tries} == {}


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_planted_changes_are_seen_in_full(say: Callable[[str], None]) -> None:
    """At least nine of ten of each change, on 300 pairs each."""
    counts = _power(300)
    _told(say, "power in full, seen", counts)
    assert {name: seen for name, (seen, tries) in counts.items() if seen < 0.9 * tries} == {}
