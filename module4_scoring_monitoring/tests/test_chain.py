"""The chain changes with everything that came before."""

import pytest

from riskwatch.chain import EMPTY, link


def test_a_link_depends_on_the_row_and_on_all_before_it() -> None:
    row = {"id": 1, "text": "a", "number": 0.1, "nothing": None}
    first = link(EMPTY, row)
    assert len(first) == 64 and first == link(EMPTY, dict(reversed(row.items())))
    others = {link(EMPTY, {**row, "number": 0.2}), link(EMPTY, {**row, "text": "b"}),
              link(first, row), link(EMPTY, {**row, "nothing": ""})}
    assert len(others) == 4 and first not in others


def test_numbers_that_no_database_gives_back_are_refused() -> None:
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="not JSON compliant"):
            link(EMPTY, {"value": value})
