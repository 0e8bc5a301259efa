"""The tables of facts fit the schema and each other."""

import numpy as np
import pytest

from census import calibration as facts
from census.schema import BY_NAME

BANDS, STAGES = len(facts.AGE_STARTS), max(facts.STAGE_OF_BAND) + 1
SHAPES = {
    "SEX_RACE": (1, 10), "AGE": (2, BANDS), "RELATIONSHIP": (2 * BANDS, 6),
    "MARITAL": (6 * 2 * 3, 7), "EDUCATION": (4 * STAGES * 2, 16), "COUNTRY": (5 * 2, 42),
    "WORKCLASS": (3 * STAGES * 3, 9), "OCCUPATION": (3 * 3 * 5, 15), "HOURS": (3 * STAGES * 4, 10),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_table_of_shares_has_a_row_for_every_case_and_adds_up(name):
    table = np.array(getattr(facts, name))
    assert table.shape == SHAPES[name]
    assert (table >= 0).all()
    assert np.abs(table.sum(axis=1) - 10_000).max() <= 25


@pytest.mark.parametrize("name", facts.SCORES)
def test_scores_have_a_column_for_every_level(name):
    width = {"age": BANDS, "education-num": 16, "hours": len(facts.HOURS_STARTS)}
    table = np.array(facts.SCORES[name])
    assert table.shape == (2, width.get(name) or len(BY_NAME[name].levels))
    assert np.abs(table).max() < 400


@pytest.mark.parametrize("name", ["HOURS", "GAIN", "LOSS"])
def test_values_and_their_shares_go_together_and_fit_the_schema(name):
    column = BY_NAME[{"HOURS": "hours-per-week", "GAIN": "capital-gain",
                      "LOSS": "capital-loss"}[name]]
    values, shares = getattr(facts, f"{name}_VALUES"), getattr(facts, f"{name}_SHARES")
    assert list(map(len, values)) == list(map(len, shares))
    for line, weights in zip(values, shares):
        assert list(line) == sorted(set(line))
        assert column.minimum <= line[0] and line[-1] <= column.maximum
        assert all(weight > 0 for weight in weights)


def test_hours_stand_in_their_band():
    starts = (*facts.HOURS_STARTS, 100)
    for start, end, values in zip(starts, starts[1:], facts.HOURS_VALUES):
        assert start <= values[0] and values[-1] < end


def test_quantiles_rise():
    assert list(facts.FNLGT) == sorted(facts.FNLGT)
    assert list(facts.FNLGT_SHARES) == sorted(set(facts.FNLGT_SHARES))
    assert len(facts.FNLGT) == len(facts.FNLGT_SHARES)
