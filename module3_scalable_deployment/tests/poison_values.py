"""Hostile values, field by field, with the verdict that each must get.

In: the good table of `census_tables`. Out: cases; each breaks one field of one line.
"""

from collections.abc import Iterator

import census_tables as tables
from poison_bytes import Case

NOT_A_NUMBER = (
    "", " ", "NaN", "nan", "NA", "N/A", "None", "null", "NULL", "inf", "-inf", "Infinity",
    "-Infinity", "1e400", "-1e400", "1_000", "+1", "0x10", "0b1", "١", "１２", "²",
    "½", "−1", "=1+1", "@SUM(A1)", "-1+1", "--1", "1-", "TRUE", "#REF!", "$1", "1%", "'1", "1.2.3",
    "1\t", "1\u00a0", "\u200b1", "\ufeff1", "\x1b[31m1\x1b[0m", "1\x07", "1\x7f", "9" * 400,
    "9" * 9_000, "1e", "e1", ".", "-", "a", "🙂")
NOT_A_WHOLE_NUMBER = ("1.0", "1.5", "1e0", "1.", "99999999999999999999")
NOT_A_CATEGORY = (
    "", " ", "NA", "N/A", "None", "null", "nan", "?", "0", "divorced", "DIVORCED", "Divor ced",
    "Divorced\t", "Divorced\u00a0", "Divorced\u200b", "Div\u043erced", "D\u0131vorced", "Husband",
    "unknown", "=1+1", "\x1b[31mDivorced\x1b[0m", "\x07", "\x1b]0;title\x07",
    "\u202eDivorced", "\u2028", "\x85", "\x0b", "\x0c", "<script>alert(1)</script>",
    "'; DROP TABLE people; --",
    "../../etc/passwd", "${HOME}", "%s%n", "x" * 9_000, "🙂")

#: Column -> a number just below its range and one just above it.
OUT_OF_RANGE = {
    "age": ("16", "121"), "fnlgt": ("0", "10000001"), "education-num": ("0", "17"),
    "capital-gain": ("-1", "100000"), "capital-loss": ("-1", "100000"),
    "hours-per-week": ("0", "100"),
}


def _case(line: int, column: str, text: str, rule: str | None) -> Case:
    name = f"{column} {text[:20]!a} of {len(text)} in line {line}"
    return Case(name, tables.with_field(line, column, text).encode(), rule,
                None if rule is None else line, None if rule is None else column)


def number_cases() -> Iterator[Case]:
    """Texts that are no numbers, and numbers out of range."""
    for text in (*NOT_A_NUMBER, *NOT_A_WHOLE_NUMBER):
        yield _case(13, "age", text, "is not a whole number")
        yield _case(2, "capital-gain", text, "is not a whole number")
    for column, texts in OUT_OF_RANGE.items():
        for text in texts:
            yield _case(7, column, text, "is not between")
    for text in ("0", "99999", "0007", " 7", "7  "):
        yield _case(7, "capital-loss", text, None)


def category_cases() -> Iterator[Case]:
    """Texts that are no category of the column."""
    for text in NOT_A_CATEGORY:
        yield _case(7, "marital-status", text, "is not one of")
    for column, text in (("sex", "male"), ("sex", "M"), ("education", "Bachelor"),
                         ("relationship", "?"), ("race", "white"), ("native-country", "USA"),
                         ("native-country", "Hong Kong"),
                         ("occupation", "Armed Forces"), ("workclass", "Self-emp"),
                         ("native-country", "Trinidad&Tobago"), ("salary", ">50K."),
                         ("salary", "<=50k"), ("salary", "1"), ("salary", "")):
        yield _case(7, column, text, "is not one of")
    for column, text in (("workclass", "?"), ("native-country", " ? "),
                         ("native-country", "Trinadad&Tobago"), ("salary", " >50K")):
        yield _case(7, column, text, None)


def agreement_cases() -> Iterator[Case]:
    """Rows that contradict themselves."""
    for line, number in ((2, 12), (5, 16), (13, 1)):
        name = f"education-num {number} does not fit in line {line}"
        yield Case(name, tables.with_field(line, "education-num", str(number)).encode(),
                   "is not the number of education", line, "education-num")


def value_cases() -> list[Case]:
    """Return all cases of this file."""
    return [*number_cases(), *category_cases(), *agreement_cases()]
