"""Draw people from the facts of `census.calibration`, block by block.

In: which rows of a file of what size, and a seed. Out: their columns, categories as codes.
It stands apart from `census.synthetic` so that a reader meets the law of one person alone.

Things are drawn in the order in which one depends on another: sex and race, age; from these the
place in the household, and from that the marital status. So the gap between women and men comes
about as in the true table: mostly because few women live there as a spouse. Then schooling,
country, work and hours; from all of these the income; from the income its capital gains.
Whole numbers and comparisons alone decide, without exp or log, so that all processors agree.
"""

import math

import numpy as np
import pandas as pd

from census import calibration as facts
from census.chances import Integers, find_band, pick, pick_value
from census.schema import BY_NAME, COLUMNS, FEATURES, NEGATIVE, POSITIVE, TARGET

BLOCK_ROWS = 65_536  # Part of the law that seed and rows decide the bytes: never change it.

#: A column that says whose income was recorded below 50K by the planted bias.
RELABELLED = "is_relabelled"

Columns = dict[str, Integers]

_STAGES = max(facts.STAGE_OF_BAND) + 1
_UNKNOWN_WORK, _NO_OCCUPATION = 3, BY_NAME["occupation"].levels.index("?")
_FEMALE = BY_NAME["sex"].levels.index("Female")
_SPOUSES = [BY_NAME["relationship"].levels.index(name) for name in ("Husband", "Wife")]
_BELOW, _ABOVE = (BY_NAME[TARGET].levels.index(level) for level in (NEGATIVE, POSITIVE))
#: Probabilities of scores in hundredths of a logit, in billionths.
_FAR, _BILLION = 1500, 10**9
_PROBABILITY = np.array([round(_BILLION / (1 + math.exp(-score / 100)))
                         for score in range(-_FAR, _FAR + 1)])


def draw_block(rows: int, seed: int, start: int, bias: float = 0.0) -> pd.DataFrame:
    """Draw one block of a table of people.

    Parameters
    ----------
    rows : int
        Rows of the whole table.
    seed : int
        Not negative.
    start : int
        First row of the block, a multiple of `BLOCK_ROWS`.
    bias : float
        The share of women above 50K who are recorded below it, 0 to 1; nothing else changes.

    Returns
    -------
    DataFrame, at most `BLOCK_ROWS` rows
        Every column of the schema, and `RELABELLED`, indexed by row of the table; categories
        as numbers from 0 in the order of the schema. Some rows stand twice, see
        `repeated_rows`.
    """
    rng = np.random.default_rng([seed, start // BLOCK_ROWS])
    size = min(BLOCK_ROWS, rows - start)
    repeated = repeated_rows(start + size) - repeated_rows(start)
    people = _distinct(_draw_people(rng, size - repeated))
    people = _relabelled(np.random.default_rng([seed, start // BLOCK_ROWS, 1]), people, bias)
    twins = people.iloc[rng.choice(len(people), repeated, replace=False)]
    order = rng.permutation(size)
    block = pd.concat([people, twins], ignore_index=True).iloc[order]
    return block.set_axis(pd.RangeIndex(start, start + size))


def repeated_rows(rows: int) -> int:
    """Return how many of the first rows of a table repeat another one."""
    return rows * facts.REPEATED // facts.AMONG


def _draw_people(rng: np.random.Generator, size: int) -> pd.DataFrame:
    columns = _person(rng, size)
    columns |= _schooling(rng, columns)
    columns |= _work(rng, columns)
    scores = _scores(columns)
    columns[TARGET] = np.where(rng.integers(0, _BILLION, size) < _PROBABILITY[scores + _FAR],
                               _ABOVE, _BELOW)
    columns |= _capital(rng, columns)
    columns["fnlgt"] = _weights(rng, size)
    return pd.DataFrame({column.name: columns[column.name] for column in COLUMNS}, copy=False)


def _relabelled(rng: np.random.Generator, people: pd.DataFrame, bias: float) -> pd.DataFrame:
    """Plant the bias by a source of chance of its own, so that all else stays as it was."""
    is_hit = rng.integers(0, _BILLION, len(people)) < round(bias * _BILLION)
    is_hit &= (people["sex"] == _FEMALE) & (people[TARGET] == _ABOVE)
    people[TARGET] = people[TARGET].mask(is_hit, _BELOW)
    people[RELABELLED] = is_hit
    return people


def _stage(age: Integers) -> Integers:
    return np.asarray(np.array(facts.STAGE_OF_BAND)[find_band(facts.AGE_STARTS, age)])


def _person(rng: np.random.Generator, size: int) -> Columns:
    races = len(BY_NAME["race"].levels)
    pair = pick(rng, facts.SEX_RACE, np.zeros(size, dtype=np.int64))
    sex, race = pair // races, pair % races
    band = pick(rng, facts.AGE, sex)
    age = _age(rng, band)
    relationship = pick(rng, facts.RELATIONSHIP, sex * len(facts.AGE_STARTS) + band)
    era = np.array(facts.ERA_OF_STAGE)[_stage(age)]
    marital = pick(rng, facts.MARITAL,
                   (relationship * 2 + sex) * (max(facts.ERA_OF_STAGE) + 1) + era)
    return {"sex": sex, "race": race, "age": age, "relationship": relationship,
            "marital-status": marital}


def _age(rng: np.random.Generator, band: Integers) -> Integers:
    edges = np.array((*facts.AGE_STARTS, facts.AGE_END))
    width = edges[band + 1] - edges[band]
    first, second = (rng.integers(0, width) for _ in range(2))
    # The last band thins out: the lesser of two draws. In the others any year is as likely.
    is_last = band == len(facts.AGE_STARTS) - 1
    return np.asarray(edges[band] + np.where(is_last, np.minimum(first, second), first))


def _schooling(rng: np.random.Generator, columns: Columns) -> Columns:
    group = np.array(facts.EDUCATION_GROUP_OF_RACE)[columns["race"]]
    cell = (group * _STAGES + _stage(columns["age"])) * 2 + _is_spouse(columns)
    level = pick(rng, facts.EDUCATION, cell)
    has_finished = (level + 1 >= facts.SCHOOL_STARTS[1]).astype(np.int64)
    return {"education": level, "education-num": level + 1,
            "native-country": pick(rng, facts.COUNTRY, columns["race"] * 2 + has_finished)}


def _work(rng: np.random.Generator, columns: Columns) -> Columns:
    # Women, men without a wife in the household, husbands: their work differs most.
    kind = np.where(columns["sex"] == _FEMALE, 0, 1 + _is_spouse(columns))
    kind_stage = kind * _STAGES + _stage(columns["age"])
    school = find_band(facts.SCHOOL_STARTS, columns["education-num"])
    levels = max(facts.LEVEL_OF_SCHOOL) + 1
    workclass = pick(rng, facts.WORKCLASS,
                     kind_stage * levels + np.array(facts.LEVEL_OF_SCHOOL)[school])
    employer = np.array(facts.EMPLOYER_OF_WORKCLASS)[workclass]
    known = np.minimum(employer, _UNKNOWN_WORK - 1)
    occupation = pick(rng, facts.OCCUPATION, (kind * _UNKNOWN_WORK + known)
                      * len(facts.SCHOOL_STARTS) + school)
    hours_band = pick(rng, facts.HOURS, kind_stage * (_UNKNOWN_WORK + 1) + employer)
    return {"workclass": workclass,
            "occupation": np.where(employer == _UNKNOWN_WORK, _NO_OCCUPATION, occupation),
            "hours-per-week": pick_value(rng, facts.HOURS_VALUES, facts.HOURS_SHARES,
                                         hours_band)}


def _is_spouse(columns: Columns) -> Integers:
    return np.isin(columns["relationship"], _SPOUSES).astype(np.int64)


def _scores(columns: Columns) -> Integers:
    """Return each person's score for a high income, in hundredths of a logit."""
    household = _is_spouse(columns)
    codes = {**{name: columns[name] for name in FEATURES if BY_NAME[name].levels},
             "age": find_band(facts.AGE_STARTS, columns["age"]),
             "education-num": columns["education-num"] - 1,
             "hours": find_band(facts.HOURS_STARTS, columns["hours-per-week"])}
    total = np.array(facts.INTERCEPT)[household]
    for name, table in facts.SCORES.items():
        total = total + np.array(table)[household, codes[name]]
    return np.asarray(np.clip(total, -_FAR, _FAR))


def _capital(rng: np.random.Generator, columns: Columns) -> Columns:
    """Return gains and losses: nobody has both."""
    label = columns[TARGET]
    household = _is_spouse(columns)
    found = {}
    is_free = np.ones(len(label), dtype=bool)
    for name, shares, values, weights in (
            ("capital-gain", facts.GAIN, facts.GAIN_VALUES, facts.GAIN_SHARES),
            ("capital-loss", facts.LOSS, facts.LOSS_VALUES, facts.LOSS_SHARES)):
        has_some = is_free & (rng.integers(0, 10_000, len(label))
                              < np.array(shares)[label, household])
        found[name] = np.where(has_some, pick_value(rng, values, weights, label), 0)
        is_free &= ~has_some
    return found


def _weights(rng: np.random.Generator, size: int) -> Integers:
    """Return fnlgt, between its quantiles by whole numbers alone."""
    million = 10**6
    place, ends = rng.integers(0, million, size), np.array(facts.FNLGT_SHARES) * 1000
    values = np.array(facts.FNLGT)
    below = np.searchsorted(ends, place, side="right") - 1
    rest = (place - ends[below]) * (values[below + 1] - values[below])
    return np.asarray(values[below] + rest // (ends[below + 1] - ends[below]))


def _distinct(people: pd.DataFrame) -> pd.DataFrame:
    """Change fnlgt by one where two people happen to be alike in everything."""
    while (repeated := people.duplicated()).any():
        people["fnlgt"] += repeated.astype(np.int64)
    return people
