"""The pattern of a range matches its numbers and no others."""

import re

import pytest

from census.schema import COLUMNS
from census.serving.number_patterns import whole_number_pattern


@pytest.mark.parametrize(("least", "most"), [
    (0, 0), (0, 9), (1, 16), (17, 120), (1, 99), (0, 99_999), (5, 5), (9, 10), (99, 101),
    (95, 1234), (100, 200), (10, 19), (7, 1000)])
def test_exactly_the_numbers_of_the_range_match(least: int, most: int) -> None:
    pattern = re.compile(whole_number_pattern(least, most))
    for number in range(0, most * 2 + 20):
        assert bool(pattern.fullmatch(str(number))) == (least <= number <= most), number
    for text in ("", "-1", "01", "1.0", "+5", " 1"):
        assert not pattern.fullmatch(text)


def test_every_number_of_the_schema_has_a_short_pattern() -> None:
    for column in COLUMNS:
        if not column.levels:
            assert len(whole_number_pattern(column.minimum, column.maximum)) < 300
