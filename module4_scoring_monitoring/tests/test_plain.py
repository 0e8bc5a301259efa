"""The quick look agrees with the strict reader on every file that it takes for plain."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from poison_drops import ROWS

from riskwatch.errors import TableError
from riskwatch.plain import PLAIN_HEADER, count_plain_rows
from riskwatch.reader import canonical_blocks
from riskwatch.settings import ReadingSettings

FIELDS = st.sampled_from(["abcd", "zzzz", "ab1d", "abc", "", "0", "1", "2", "007", "999999999",
                          "1000000000", "-1", "1.0", " 1", '"1"', "ABCD", "é"])
LINES = st.one_of(st.sampled_from(ROWS),
                  st.lists(FIELDS, min_size=3, max_size=7).map(",".join))
BREAKS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\n\n", ""])


@given(st.lists(st.tuples(LINES, BREAKS), min_size=1, max_size=6))
def test_what_is_plain_is_also_right(lines: list[tuple[str, str]]) -> None:
    block = "".join(line + end for line, end in lines).encode()
    plain = count_plain_rows(block)
    try:
        blocks = list(canonical_blocks(Path("x.csv"), io.BytesIO(PLAIN_HEADER + block),
                                       ReadingSettings()))
    except TableError:
        assert plain is None
    else:
        if plain is not None:
            assert sum(rows for _, rows in blocks) == plain


def test_ordinary_blocks_are_plain() -> None:
    assert count_plain_rows("\n".join([*ROWS, ""]).encode()) == 8
    assert count_plain_rows(b"abcd,,,,\n") == 1
    assert count_plain_rows(b"abcd,999999999,999999999,999999999,1\n" * 1000) == 1000


@pytest.mark.parametrize("line", [
    b"abcd,1,2,3,4", b"abcd,1,2,3,01", b"abcd,1,2,3", b"abcd,1,2,3,0,", b"abc1,1,2,3,0",
    b"1abcd,1,2,3,0", b"abcd1,1,2,3,0", b"a1bcd,1,2,3,0", b"abcde,1,2,3,0", b"abcd,a,2,3,0",
    b"abcd,1000000000,2,3,0", b"abcd,1,2,3,0\r", b" abcd,1,2,3,0", b"", b"abcd,1,2,,30"])
def test_one_odd_line_makes_the_block_odd(line: bytes) -> None:
    good = ROWS[0].encode()
    for place in range(3):
        lines = [good, good, good]
        lines[place] = line
        assert count_plain_rows(b"\n".join([*lines, b""])) is None
    assert count_plain_rows(good) is None  # no newline at the end
