"""Rows that are read back: in order, of one side, and none before there are any."""

from collections.abc import Callable
from pathlib import Path

import pytest
from poison_drops import GOOD

from riskwatch.dataset import COLUMNS, drop_rows, labelled_rows
from riskwatch.errors import InputError
from riskwatch.ingest import ingest
from riskwatch.ledger import Ledger
from riskwatch.workplace import Workplace

Put = Callable[..., Path]


def test_without_rows_there_is_an_empty_frame(place: Workplace, ledger: Ledger) -> None:
    rows = labelled_rows(place, ledger, "train", 10)
    assert tuple(rows.columns) == COLUMNS and rows.empty


def test_the_latest_rows_come_oldest_first(place: Workplace, ledger: Ledger, put: Put) -> None:
    for part in range(3):
        put(f"{part}.csv", [f"{chr(97 + n)}aaa,{part},50,{n},{n % 2}" for n in range(20)])
        ingest(place, ledger)
    every = labelled_rows(place, ledger, "train", 1000)
    assert list(every["row"]) == sorted(every["row"]) and not every["is_hold_out"].any()
    latest = labelled_rows(place, ledger, "train", 7)
    assert list(latest["row"]) == list(every["row"])[-7:]
    hold_out = labelled_rows(place, ledger, "hold_out", 1000)
    assert hold_out["is_hold_out"].all() and len(every) + len(hold_out) == 60
    after = labelled_rows(place, ledger, "train", 1000, after=30)
    assert list(after["row"]) == [row for row in every["row"] if row > 30]
    assert [str(kind) for kind in every.dtypes] == [
        "int64", str(every["corporation"].dtype), *["float64"] * 4, "bool"]


def test_a_drop_comes_back_as_it_came(place: Workplace, ledger: Ledger, put: Put) -> None:
    put("a.csv", GOOD)
    put("b.csv", "bad")
    result = ingest(place, ledger)
    rows = drop_rows(place, ledger, result.accepted[0].record)
    assert list(rows["corporation"]) == ["abcd", "asdf", "xyzz", "acme", "qwer", "tyui", "zxcv",
                                         "hjkl"]
    assert rows["lastmonth_activity"].isna().sum() == rows["exited"].isna().sum() == 1
    assert not rows["is_repeated"].any() and list(rows["row"]) == list(range(1, 9))
    with pytest.raises(InputError, match="was not taken in"):
        drop_rows(place, ledger, result.refused[0].record)
