"""Hostile drops, with the verdict that each must get.

In: a good drop, its header in line 1 and eight corporations in lines 2 to 9. Out: cases, by
bytes, header, shape and value.
"""

import gzip
import io
import pickle
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

HEADER = "corporation,lastmonth_activity,lastyear_activity,number_of_employees,exited"
NAMES = HEADER.split(",")
ROWS = ["abcd,78,1024,12,1", "asdf,14,2145,20,0", "xyzz,182,3891,35,0", "acme,101,10983,2,1",
        "qwer,0,118,42,1", "tyui,929,1992,1,0", "zxcv,,455,8,1", "hjkl,94,868,3,"]
LINES = [HEADER, *ROWS]
GOOD = "\n".join([*LINES, ""])
#: In a case's content it stands for 8 MiB of the case's filler.
FILL = "<8 MiB>"


@dataclass(frozen=True)
class Case:
    """A file and its verdict: accepted when ``rule`` is None, else what the reason must say."""

    name: str
    content: bytes
    rule: str | None = None
    line: int | None = None
    column: str | None = None
    filler: bytes = b""

    def whole(self) -> bytes:
        """Return the bytes of the file."""
        return self.content.replace(FILL.encode(), self.filler * 2**23)


def _text(name: str, text: str, rule: str | None = None, line: int | None = None,
          column: str | None = None) -> Case:
    return Case(name, text.encode(), rule, line, column)


def _with_line(number: int, text: str) -> str:
    return "\n".join([*LINES[:number - 1], text, *LINES[number:]]) + "\n"


def with_field(line: int, column: str, text: str) -> str:
    """Return the good drop with one other field."""
    fields = LINES[line - 1].split(",")
    fields[NAMES.index(column)] = text
    return _with_line(line, ",".join(fields))


def accepted_cases() -> Iterator[Case]:
    """Unusual files that are good all the same, with the same eight rows."""
    yield _text("plain", GOOD)
    yield _text("CRLF", GOOD.replace("\n", "\r\n"))
    yield _text("no final newline", GOOD.removesuffix("\n"))
    yield _text("CRLF, no final newline", GOOD.replace("\n", "\r\n").removesuffix("\r\n"))
    yield _text("one quoted name", GOOD.replace("qwer", '"qwer"'))
    yield _text("everything quoted",
                "".join('"' + line.replace(",", '","') + '"\n' for line in LINES))
    yield _text("leading zeros", GOOD.replace(",78,", ",0078,"))
    yield _text("CRLF in one line", GOOD.replace("12,1\n", "12,1\r\n"))


def encoding_cases() -> Iterator[Case]:
    """Other encodings, and bytes that are no text."""
    yield Case("UTF-8 byte order mark", GOOD.encode("utf-8-sig"), "byte order mark", 1)
    for name in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        yield Case(name, GOOD.encode(name), "NUL byte", 1)
        yield Case(f"{name}, marked", ("\ufeff" + GOOD).encode(name), "NUL byte", 1)
    good = GOOD.encode()
    for name, piece in (("latin-1", b"\xe9"), ("cp1252", b"\x80"), ("overlong", b"\xc0\x80"),
                        ("surrogate", b"\xed\xa0\x80"), ("beyond Unicode", b"\xf5\x80\x80\x80"),
                        ("lone continuation", b"\xbf"), ("never in UTF-8", b"\xff")):
        yield Case(f"{name} in a name", good.replace(b"xyzz", b"xy" + piece), "not UTF-8", 4)
    yield Case("EBCDIC", GOOD.encode("cp500"), "not UTF-8", 1)
    yield Case("character cut at the end", good + b"\xe2\x82", "not UTF-8", 10)
    yield Case("NUL in the header", good.replace(b"exited", b"ex\0ted"), "NUL byte", 1)
    yield Case("NUL in the middle", good.replace(b"xyzz", b"xy\0z"), "NUL byte", 4)
    yield Case("NUL at the end", good + b"\0", "NUL byte", 10)
    yield Case("a megabyte of NUL", bytes(10**6), "longer than", 1)


def disguise_cases() -> Iterator[Case]:
    """Other kinds of file under the name of a drop."""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("drop.csv", GOOD)
    yield Case("gzip", gzip.compress(GOOD.encode(), mtime=0), "", 1)
    yield Case("zip", zipped.getvalue(), "", 1)
    yield Case("pickle", pickle.dumps([1, "a", None]), "", 1)
    yield Case("parquet", b"PAR1\x15\x04\x15\x00\x00PAR1", "NUL byte", 1)
    yield Case("PNG", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not UTF-8", 1)
    yield Case("ELF", b"\x7fELF\x02\x01\x01\0" * 4, "NUL byte", 1)
    yield Case("SQLite", b"SQLite format 3\0", "NUL byte", 1)
    for name, text in (("PDF", "%PDF-1.7\n%%EOF\n"), ("JSON", '[{"corporation": "abcd"}]\n'),
                       ("web page", "<!doctype html>\n<html><title>Log in</title></html>\n"),
                       ("XML", "<?xml version='1.0'?>\n"), ("script", "#!/bin/sh\nexit 0\n"),
                       ("git LFS pointer", "version 1\noid sha256:00\nsize 1\n")):
        yield _text(name, text, "", 1)


def header_cases() -> Iterator[Case]:
    """Headers that are not exactly ours."""
    yield _text("empty", "", "is empty")
    yield _text("one newline", "\n", "lacks corporation", 1)
    yield _text("header only", HEADER + "\n", "no rows")
    yield _text("header only, no newline", HEADER, "no rows")
    yield _text("no header", "\n".join(ROWS) + "\n", "lacks corporation", 1)
    for column in NAMES:
        yield _text(f"{column} missing", _with_line(1, ",".join(n for n in NAMES if n != column)),
                    f"lacks {column}", 1)
        yield _text(f"{column} twice", _with_line(1, f"{HEADER},{column}"), "twice", 1)
        for other in (column + "_", f" {column}", f"{column} ", column.upper(), ""):
            yield _text(f"{column} as {other!r}",
                        _with_line(1, ",".join(other if n == column else n for n in NAMES)),
                        f"lacks {column}", 1)
    yield _text("reversed", _with_line(1, ",".join(NAMES[::-1])), "another order", 1)
    yield _text("swapped", _with_line(1, ",".join([NAMES[1], NAMES[0], *NAMES[2:]])),
                "another order", 1)
    yield _text("foreign column", _with_line(1, HEADER + ",salary"), "'salary'", 1)
    yield _text("escape in a foreign column", _with_line(1, HEADER + ",\x1b[2J"), "x1b", 1)
    yield _text("index column", _with_line(1, "," + HEADER), "unknown column ''", 1)
    for mark in (";", "\t", "|"):
        yield _text(f"parted by {mark!r}", GOOD.replace(",", mark), "lacks corporation", 1)


def shape_cases() -> Iterator[Case]:
    """Lines that are no rows of five fields."""
    for line in (2, 5, 9):
        row = LINES[line - 1]
        for name, text, rule in (
                ("one field too many", f"{row},1", "has 6 fields"),
                ("a comma at the end", f"{row},", "has 6 fields"),
                ("one field too few", row.rpartition(",")[0], "has 4 fields"),
                ("blank", "", "has 0 fields"), ("a space", " ", "has 1 fields"),
                ("an open quote", '"' + row, "comma-separated"),
                ("text after a quote", '"abcd"x,1,2,3,0', "comma-separated"),
                ("a quoted newline", '"ab\ncd",1,2,3,0', "comma-separated"),
                ("a comment", "# " + row, "is not four letters"),
                ("the header again", HEADER, "is not four letters")):
            yield _text(f"{name} in line {line}", _with_line(line, text), rule, line)
        for filler in (b"x", b",", b'"', b"1"):
            yield Case(f"8 MiB of {filler!r} in line {line}",
                       _with_line(line, row + FILL).encode(), "longer than 10000 bytes", line,
                       filler=filler)
    yield _text("classic Mac line ends", GOOD.replace("\n", "\r"), "comma-separated", 1)
    yield _text("blank line at the end", GOOD + "\n", "has 0 fields", 10)
    for filler, rule in ((b"\n", "has 0 fields"), (b",\n", "has 2 fields"),
                         (b"x\n", "has 1 fields"), (b"x", "longer than 10000 bytes")):
        yield Case(f"8 MiB of {filler!r} at the end", (GOOD + FILL).encode(), rule, 10,
                   filler=filler)
    yield Case("8 MiB header", f"{HEADER}{FILL}\n".encode(), "longer than", 1, filler=b"x")
    yield _text("total line", GOOD + "Total,12\n", "has 2 fields", 10)
    yield _text("trailing quote", GOOD + '"', "comma-separated", 10)


NOT_A_NUMBER = (
    " ", "NaN", "nan", "NA", "N/A", "None", "null", "inf", "-inf", "Infinity", "1e400", "1_000",
    " 1", "1 ", "+1", "0x10", "١", "１２", "²", "½", "−1", "=1+1", "@SUM(A1)", "-1+1", "--1",
    "1-", "TRUE", "#REF!", "$1", "1%", "'1", "1.0", "1.5", "1e0", "1.", ".5", "1\t", "1\u00a0",
    "\u200b1", "\ufeff1", "\x1b[31m1", "1\x07", "1\x7f", "-", "a", "🙂")
OUT_OF_RANGE = ("-1", "-0", "1000000000", "99999999999", "9" * 400)
NOT_A_NAME = ("", " ", "abc", "abcde", "ABCD", "Abcd", "ab1d", "1234", "ab d", " abcd", "abcd ",
              "ab\u200bd", "аbcd", "NA", "None", "nan", "=1+1", "../x", "<b>x", "\x1b[2J",
              "\u202eabc", "x" * 9_000, "🙂🙂🙂🙂", "ab\x0bc", "ab\x85c")
NOT_A_LABEL = ("2", "-1", "00", "01", "10", "1.0", "yes", "true", "NA", "9" * 20, "None", " 0")


def value_cases() -> Iterator[Case]:
    """Fields that break the rule of their column."""
    for text in NOT_A_NUMBER:
        yield _text(f"month {text!a}", with_field(9, NAMES[1], text), "is not a whole number", 9,
                    NAMES[1])
    for column in NAMES[1:4]:
        for text in OUT_OF_RANGE:
            yield _text(f"{column} {text[:20]!a} of {len(text)}", with_field(2, column, text),
                        "is not between 0 and 999999999", 2, column)
        for text in ("0", "999999999", ""):
            yield _text(f"{column} {text!a}", with_field(3, column, text))
    for text in NOT_A_NAME:
        yield _text(f"name {text[:20]!a} of {len(text)}", with_field(5, NAMES[0], text),
                    "is not four letters", 5, NAMES[0])
    for text in NOT_A_LABEL:
        yield _text(f"label {text!a}", with_field(6, NAMES[4], text), "is not", 6, NAMES[4])


CASES: list[Case] = [*accepted_cases(), *encoding_cases(), *disguise_cases(), *header_cases(),
                     *shape_cases(), *value_cases()]
