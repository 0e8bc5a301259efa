"""Draw customers from the facts of `churn.calibration`, block by block.

In: which rows of a file of what size, and a seed. Out: their columns, categories as codes.
It stands apart from `churn.synthetic` so that a reader meets the law of one customer alone.

Things are drawn in the order in which one depends on another: the place in the file and
whether the customer left; from both, spending and dealings with the bank; the person; the
limit from income and card; the balance from the limit; at last what follows from these.
Draws become values by plain arithmetic, without exp or log, so that all processors agree.
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from churn import calibration as facts
from churn.schema import CATEGORICAL_FEATURES, TARGET

BLOCK_ROWS = 65_536  # Part of the law that seed and rows decide the bytes: never change it.

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Columns = dict[str, npt.NDArray[np.generic]]


def draw_block(rows: int, seed: int, start: int) -> pd.DataFrame:
    """Draw one block of a file of customers.

    Parameters
    ----------
    rows : int
        Rows of the whole file.
    seed : int
        Not negative.
    start : int
        First row of the block, a multiple of `BLOCK_ROWS`.

    Returns
    -------
    pandas.DataFrame, at most `BLOCK_ROWS` rows
        Every column of the schema, indexed by row of the file; categories as numbers from 0
        in the order of the schema.
    """
    rng = np.random.default_rng([seed, start // BLOCK_ROWS])
    row = np.arange(start, min(start + BLOCK_ROWS, rows))
    place = (row + 0.5) / rows
    ends = np.array((0.0, *facts.STRETCH_ENDS))
    stretch = np.searchsorted(ends[1:-1], place, side="right")
    in_stretch = (place - ends[stretch]) / (ends[stretch + 1] - ends[stretch])
    kind = _pick(rng, facts.KIND_SHARES, stretch)
    left = (kind == 1).astype(np.int64)
    group = np.array(facts.GROUPS)[stretch, kind]
    columns: Columns = {"CLIENTNUM": _client_numbers(row, rows, seed), "Attrition_Flag": left}
    columns |= _spending(rng, group, in_stretch)
    columns |= _dealings(rng, group, left)
    columns |= _person(rng, group, stretch, left)
    columns |= _credit(rng, columns, stretch, left)
    for name in (TARGET, *CATEGORICAL_FEATURES):
        columns[name] = columns[name].astype(np.int8)  # A large table is made of many blocks.
    return pd.DataFrame(columns, index=pd.RangeIndex(start, start + len(row)), copy=False)


def _client_numbers(row: Integers, rows: int, seed: int) -> Integers:
    """Return unique customer numbers that do not tell the row.

    Steps of the golden section, without a common divisor with ``rows``, shuffle all rows
    without a table of them; each then takes a number from its own share of the range.
    """
    step = max(round(rows * (math.sqrt(5.0) - 1.0) / 2.0), 1)
    while math.gcd(step, rows) != 1:
        step += 1
    slot = (row * step + seed % rows) % rows
    # Past ten million rows the true range has too few numbers, so it is stretched.
    edges = np.array(facts.CLIENT_NUMBERS)
    edges = edges[0] + (edges - edges[0]) * (1 + rows // 10_000_000)
    first, following = (_at_share(edges, each, rows) for each in (slot, slot + 1))
    return first + slot * 7919 % (following - first)


def _at_share(edges: Integers, slot: Integers, rows: int) -> Integers:
    """Return the quantile at ``slot / rows``, by whole numbers alone."""
    parts = len(edges) - 1
    below = np.minimum(slot * parts // rows, parts - 1)
    rest = slot * parts - below * rows
    return np.asarray(edges[below] + rest * (edges[below + 1] - edges[below]) // rows)


def _pick(rng: np.random.Generator, shares: facts.Table, row: Integers) -> Integers:
    """Draw a category for each customer, by the shares in its ``row`` of the table."""
    cumulative = np.cumsum(np.array(shares), axis=1)[row]
    level = rng.random(len(row))[:, None] * cumulative[:, -1:]
    return np.asarray((level >= cumulative).sum(axis=1), dtype=np.int64)


def _at(score: Floats, quantiles: facts.Table, row: Integers) -> Floats:
    """Turn normal scores into values, by the quantiles in each customer's ``row``."""
    scores, table = np.array(facts.SCORES), np.array(quantiles, dtype=np.float64)
    below = np.clip(np.searchsorted(scores, score) - 1, 0, len(scores) - 2)
    low, high = table[row, below], table[row, below + 1]
    part = (score - scores[below]) / (scores[below + 1] - scores[below])
    return np.asarray(low + part * (high - low), dtype=np.float64)


def _within(name: str, values: Floats) -> Floats:
    return np.clip(values, *facts.RANGES[name])


def _whole(values: npt.ArrayLike) -> Integers:
    return np.rint(values).astype(np.int64)


def _linked(rng: np.random.Generator, links: Sequence[tuple[Floats, Floats]],
            explained: Floats) -> Floats:
    """Return scores of variance one: weighted causes, and chance for what they leave."""
    own = rng.normal(size=len(explained)) * np.sqrt(1.0 - explained)
    for weight, cause in links:
        own = own + weight * cause
    return np.asarray(own, dtype=np.float64)


def _spending(rng: np.random.Generator, group: Integers, in_stretch: Floats) -> Columns:
    by_place, by_amount, to_change, by_count, by_change = np.array(facts.LINKS)[group].T
    # Of variance one, as the scores are: the square root of 12 is the spread of a uniform.
    place = (in_stretch - 0.5) * np.sqrt(12.0)
    amount = _linked(rng, [(by_place, place)], by_place * by_place)
    count = _linked(rng, [(by_amount, amount)], by_amount * by_amount)
    change = _linked(rng, [(to_change, amount)], to_change * to_change)
    count_change = _linked(rng, [(by_count, count), (by_change, change)],
                           by_count * by_count + by_change * by_change
                           + 2.0 * by_count * by_change * by_amount * to_change)
    drawn = {"Total_Trans_Amt": _at(amount, facts.AMOUNT, group),
             "Total_Trans_Ct": _at(count, facts.COUNT, group),
             "Total_Amt_Chng_Q4_Q1": np.round(_at(change, facts.AMOUNT_CHANGE, group), 3),
             "Total_Ct_Chng_Q4_Q1": np.round(_at(count_change, facts.COUNT_CHANGE, group), 3)}
    columns: Columns = {name: _within(name, values) for name, values in drawn.items()}
    return columns | {name: _whole(columns[name])
                      for name in ("Total_Trans_Amt", "Total_Trans_Ct")}


def _dealings(rng: np.random.Generator, group: Integers, left: Integers) -> Columns:
    return {"Total_Relationship_Count": 1 + _pick(rng, facts.RELATIONSHIPS, group),
            "Months_Inactive_12_mon": _pick(rng, facts.INACTIVE, left),
            "Contacts_Count_12_mon": _pick(rng, facts.CONTACTS, group)}


def _person(rng: np.random.Generator, group: Integers, stretch: Integers,
            left: Integers) -> Columns:
    size = len(group)
    age = _within("Customer_Age", np.rint(_at(rng.normal(size=size), facts.AGE, group)))
    below = np.rint(_at(rng.normal(size=size), facts.MONTHS_BELOW_AGE, np.zeros_like(group)))
    is_default = rng.random(size) < facts.DEFAULT_MONTHS_SHARE
    months = np.where(is_default, facts.DEFAULT_MONTHS, _within("Months_on_book", age - below))
    man = (rng.random(size) >= np.array(facts.WOMEN)[group]).astype(np.int64)
    band = np.searchsorted(np.array(facts.AGE_BANDS), age, side="right")
    return {"Customer_Age": _whole(age), "Months_on_book": _whole(months), "Gender": man,
            "Dependent_count": _pick(rng, facts.DEPENDENTS, band),
            "Education_Level": _pick(rng, facts.EDUCATION, left),
            "Marital_Status": _pick(rng, facts.MARITAL, stretch),
            "Income_Category": _pick(rng, facts.INCOME, man)}


def _credit(rng: np.random.Generator, columns: Columns, stretch: Integers,
            left: Integers) -> Columns:
    income = columns["Income_Category"].astype(np.int64)
    span = np.searchsorted(np.array(facts.SPAN_STARTS), stretch, side="right")
    card = _pick(rng, facts.CARD, (span == len(facts.SPAN_STARTS)).astype(np.int64))
    score = rng.normal(size=len(left)) + facts.LEFT_LIMIT_SHIFT * left
    ceiling = np.array(facts.BLUE_CEILING)[income]
    blue = np.minimum(_at(score, facts.BLUE_LIMIT, len(facts.BLUE_CEILING) * span + income),
                      ceiling)
    premium = np.minimum(ceiling * rng.uniform(1.0, facts.PREMIUM_FACTOR, len(left)),
                         np.array(facts.PREMIUM_CEILING)[income])
    # Limits are whole dollars; the floor alone has a decimal.
    limit = _within("Credit_Limit", np.rint(np.where(card == 0, blue, premium)))
    revolving = _revolving(rng, limit, left)
    return {"Card_Category": card, "Credit_Limit": limit, "Total_Revolving_Bal": revolving,
            "Avg_Open_To_Buy": np.round(limit - revolving, 1),
            "Avg_Utilization_Ratio": np.round(revolving / limit, 3)}


def _revolving(rng: np.random.Generator, limit: Floats, left: Integers) -> Integers:
    bands = np.searchsorted(np.array(facts.LIMIT_BANDS), limit, side="right")
    row = (len(facts.LIMIT_BANDS) + 1) * left + bands
    kind = _pick(rng, facts.REVOLVING_KINDS, row)
    lowest = np.array(facts.LOWEST_BALANCE)[left]
    drawn = _at(rng.normal(size=len(limit)), facts.REVOLVING_BETWEEN, row)
    between = lowest + np.abs(drawn - lowest)  # A tail below the lowest is folded back.
    highest = facts.RANGES["Total_Revolving_Bal"][1]
    balance = np.choose(kind, [np.zeros_like(limit), np.minimum(between, highest - 1.0),
                               np.full_like(limit, highest)])
    return _whole(np.minimum(balance, limit - 3.0))  # Somewhat is always left to spend.
