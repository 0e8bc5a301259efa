"""Tests of the monthly scoring."""

import json

import numpy as np
import pandas as pd
import pytest

from score_month import answers_of, mean_amount, who_gets_an_offer, write_offers


def test_mean_amount():
    """Amount over count, and nothing to divide by."""
    assert mean_amount(100, 4) == pytest.approx(25)
    assert mean_amount(0, 0) == 0


def test_who_gets_an_offer():
    """The one at 0.7 gets one, the one at 0.2 does not."""
    offered = who_gets_an_offer(np.array([0.2, 0.7]))
    assert offered is not None or offered.tolist() == [False, True]


def test_a_table_without_answers_is_refused():
    """The message names the column."""
    with pytest.raises(ValueError, match="Attrition_Flag"):
        answers_of(pd.DataFrame({"Gender": ["F", "M"]}))


def test_write_offers(tmp_path):
    """The file holds the numbers, and nothing is left beside it."""
    write_offers(tmp_path / "offers.json", [7, 9])
    assert json.loads((tmp_path / "offers.json").read_text()) == [7, 9]
    assert [path.name for path in tmp_path.iterdir()] == ["offers.json"]
