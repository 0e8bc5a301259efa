"""Hostile values, field by field, with the verdict that each must get.

In: the good table of `poison_bytes`. Out: cases; each breaks one field of one line.
"""

from collections.abc import Iterator

from poison_bytes import ROWS, Case

from rentals.schema import NAMES

NOT_A_NUMBER = (
    " ", "NaN", "nan", "NA", "N/A", "None", "null", "NULL", "inf", "-inf", "Infinity",
    "-Infinity", "1e400", "-1e400", "1_000", " 1", "1 ", "+1", "0x10", "0b1", "١", "１２", "²",
    "½", "−1", "=1+1", "@SUM(A1)", "-1+1", "--1", "1-", "TRUE", "#REF!", "$1", "1%", "'1", "1.2.3",
    "1\t", "1\u00a0", "\u200b1", "\ufeff1", "\x1b[31m1\x1b[0m", "\x07", "1\x7f", "9" * 400,
    "9" * 9_000, "1e", "e1", ".", "-", "a", "🙂")
NOT_A_WHOLE_NUMBER = ("", "1.0", "1.5", "1e0", "1.", "99999999999999999999")
NOT_A_DECIMAL = (".5", "5.", "1e1000", "0x1p3", "1d3", "1e5.0")
NOT_A_CATEGORY = (
    "", " ", "NA", "N/A", "None", "null", "nan", "?", "0", "private room", "PRIVATE ROOM",
    " Private room", "Private room ", "Private room\t", "Private\u00a0room",
    "Private room\u200b", "Priv\u0430te room", "Hotel room", "unknown", "=1+1",
    "\x1b[31mPrivate room\x1b[0m", "\x07", "\x1b]0;title\x07", "\u202ePrivate room", "\u2028",
    "\x85", "\x0b", "\x0c", "<script>alert(1)</script>", "'; DROP TABLE listings; --",
    "../../etc/passwd", "${HOME}", "%s%n", "x" * 9_000, "🙂")
NOT_A_DATE = (
    " ", "NaT", "NA", "None", "2019-02-29", "2019-13-01", "2019-00-10", "2019-06-31", "2019-6-1",
    "19-06-01", "01/06/2019", "06-01-2019", "2019-06-01T00:00:00", "2019-06-01 ", " 2019-06-01",
    "20190601", "2019-W22-6", "0000-01-01", "٢٠١٩-٠٦-٠١", "1559347200", "June 2019", "\x1b[2J")
NOT_A_TITLE = ("\x1b[31mred\x1b[0m", "bell\x07", "\x7f", "\x85", "\x0b", "\x9b2J", "a\x08b")

#: Column -> a number just below its range and one just above it.
OUT_OF_RANGE = {
    "id": ("0", "1000000000001"), "host_id": ("0", "1000000000001"),
    "latitude": ("-90.001", "90.001"), "longitude": ("-180.001", "180.001"),
    "price": ("-1", "1000001"), "minimum_nights": ("0", "100001"),
    "number_of_reviews": ("-1", "1000001"), "reviews_per_month": ("-0.01", "1e300"),
    "calculated_host_listings_count": ("0", "1000001"), "availability_365": ("-1", "367"),
}


def with_field(line: int, column: str, text: str) -> str:
    """Return the good table with another field in a line."""
    rows = [list(row.values()) for row in ROWS]
    rows[line - 2][NAMES.index(column)] = text
    return "\n".join(",".join(row) for row in [NAMES, *rows]) + "\n"


def _case(line: int, column: str, text: str, rule: str | None) -> Case:
    name = f"{column} {text[:20]!a} of {len(text)} in line {line}"
    return Case(name, with_field(line, column, text).encode(), rule,
                None if rule is None else line, None if rule is None else column)


def number_cases() -> Iterator[Case]:
    """Texts that are no numbers, and numbers out of range."""
    for text in (*NOT_A_NUMBER, *NOT_A_WHOLE_NUMBER):
        yield _case(13, "price", text, "is not a whole number")
    for text in (*NOT_A_NUMBER, *NOT_A_DECIMAL):
        yield _case(2, "reviews_per_month", text, "is not a finite decimal number")
    yield _case(2, "latitude", "", "is not a finite decimal number")
    for column, texts in OUT_OF_RANGE.items():
        for text in texts:
            yield _case(7, column, text, "is not between")
    for text in ("0", "0.0", "1000", "1e-5", "1E+2", "0." + "3" * 25, ""):
        yield _case(7, "reviews_per_month", text, None)


def text_cases() -> Iterator[Case]:
    """Texts that are no category, no date or no title."""
    for text in NOT_A_CATEGORY:
        yield _case(7, "room_type", text, "is not one of")
    for text in ("", "manhattan", "New York", "Hoboken", "Bronx "):
        yield _case(7, "neighbourhood_group", text, "is not one of")
    for text in NOT_A_DATE:
        yield _case(7, "last_review", text, "is not a date")
    for text in NOT_A_TITLE:
        yield _case(7, "name", text, "control character")
        yield _case(7, "host_name", text, "control character")
    yield _case(7, "neighbourhood", "", "has 0 characters")
    for column in ("name", "host_name", "neighbourhood"):
        yield _case(7, column, "x" * 1001, "has 1001 characters")
    for column, text in (("neighbourhood", "Nowhere"), ("host_name", ""), ("name", "x" * 1000),
                         ("last_review", "2020-02-29"), ("last_review", "")):
        yield _case(7, column, text, None)


def value_cases() -> list[Case]:
    """Return all cases of this file."""
    return [*number_cases(), *text_cases()]
