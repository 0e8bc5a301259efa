"""The quick look agrees with the strict reader on every file that it takes for plain."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from poison_drops import ROWS

from riskwatch.errors import TableError
from riskwatch.plain import MISSING, PLAIN_HEADER, Rows, read_plain
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
    plain = read_plain(block)
    try:
        blocks = list(canonical_blocks(Path("x.csv"), io.BytesIO(PLAIN_HEADER + block),
                                       ReadingSettings()))
    except TableError:
        assert plain is None
    else:
        if plain is not None:
            assert lines_of(plain) == b"".join(canonical for canonical, _ in blocks)
            assert len(plain) == sum(rows for _, rows in blocks)


def lines_of(rows: Rows) -> bytes:
    """Return rows as canonical lines."""
    return b"".join(b",".join((
        int(name).to_bytes(4, "big"),
        *(b"" if value == MISSING else b"%d" % value for value in (*counts, label)))) + b"\n"
        for name, counts, label in zip(rows.names, rows.counts.T, rows.labels))


NUMBERS = st.one_of(st.just(""), st.integers(0, 999_999_999).map(str),
                    st.integers(1, 9).flatmap(lambda width: st.integers(0, 10**width - 1).map(
                        lambda number: f"{number:0{width}d}")))


@given(st.lists(st.tuples(st.from_regex("[a-z]{4}", fullmatch=True), NUMBERS, NUMBERS, NUMBERS,
                          st.sampled_from(["", "0", "1"])), min_size=1, max_size=20))
def test_every_number_is_what_its_digits_say(lines: list[tuple[str, ...]]) -> None:
    rows = read_plain("".join(",".join(line) + "\n" for line in lines).encode())
    assert rows is not None
    assert lines_of(rows).decode() == "".join(
        ",".join((line[0], *(text and str(int(text)) for text in line[1:]))) + "\n"
        for line in lines)


def test_ordinary_blocks_are_plain() -> None:
    rows = read_plain("\n".join([*ROWS, ""]).encode())
    assert rows is not None and lines_of(rows) == "\n".join([*ROWS, ""]).encode()
    many = read_plain(b"abcd,999999999,999999999,999999999,1\n" * 1000)
    assert many is not None and len(many) == 1000 and (many.counts == 999_999_999).all()


@pytest.mark.parametrize("line", [
    b"abcd,1,2,3,4", b"abcd,1,2,3,01", b"abcd,1,2,3", b"abcd,1,2,3,0,", b"abc1,1,2,3,0",
    b"1abcd,1,2,3,0", b"abcd1,1,2,3,0", b"a1bcd,1,2,3,0", b"abcde,1,2,3,0", b"abcd,a,2,3,0",
    b"abcd,1000000000,2,3,0", b"abcd,1,2,3,0\r", b" abcd,1,2,3,0", b"", b"abcd,1,2,,30"])
def test_one_odd_line_makes_the_block_odd(line: bytes) -> None:
    good = ROWS[0].encode()
    for place in range(3):
        lines = [good, good, good]
        lines[place] = line
        assert read_plain(b"\n".join([*lines, b""])) is None
    assert read_plain(good) is None  # no newline at the end
