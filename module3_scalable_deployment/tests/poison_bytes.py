"""Hostile files by their bytes, header and shape, with the verdict that each must get.

In: the good table of `census_tables`. Out: cases. The good table has its header in line 1 and
twelve people in lines 2 to 13.
"""

import gzip
import io
import pickle
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import census_tables as tables

GOOD = tables.table_text()
LINES = GOOD.splitlines()
#: In a case's content it stands for 8 MiB of the case's filler.
FILL = "<8 MiB>"


@dataclass(frozen=True)
class Case:
    """A file and its verdict: accepted when ``rule`` is None, else what the message must say."""

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


def accepted_cases() -> Iterator[Case]:
    """Unusual files that are good all the same."""
    for layout in tables.LAYOUTS:
        yield _text(f"layout {layout}", tables.table_text(layout))
    yield _text("CRLF", GOOD.replace("\n", "\r\n"))
    yield _text("no final newline", GOOD.removesuffix("\n"))
    yield _text("CRLF, no final newline", GOOD.replace("\n", "\r\n").removesuffix("\r\n"))
    yield _text("quoted category", GOOD.replace("HS-grad", '"HS-grad"'))
    yield _text("everything quoted",
                "".join('"' + line.replace(",", '","') + '"\n' for line in LINES))
    yield _text("one person", "\n".join(LINES[:2]))
    yield _text("turned columns", "\n".join(",".join(line.split(",")[::-1]) for line in LINES))
    yield _text("blanks in the header", GOOD.replace("age,", "  age  ,", 1))
    yield _text("blank line at the end", GOOD + "\n")
    yield _text("blank CRLF line at the end", GOOD + "\r\n")


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
        yield Case(f"{name} in a category",
                   good.replace(b"Some-college", b"Some" + piece + b"lege"),
                   "not UTF-8", 6)
    yield Case("EBCDIC", GOOD.encode("cp500"), "not UTF-8", 1)
    yield Case("character cut at the end", good + b"\xe2\x82", "not UTF-8", 14)
    yield Case("NUL in the header", good.replace(b"workclass", b"work\0lass"), "NUL byte", 1)
    yield Case("NUL in the middle", good.replace(b"Some-college", b"Some\0college"), "NUL byte", 6)
    yield Case("NUL at the end", good + b"\0", "NUL byte", 14)
    yield Case("a megabyte of NUL", bytes(10**6), "longer than", 1)


def disguise_cases() -> Iterator[Case]:
    """Other kinds of file under the name of a table."""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("census.csv", GOOD)
    yield Case("gzip", gzip.compress(GOOD.encode(), mtime=0), "", 1)
    yield Case("zip", zipped.getvalue(), "", 1)
    yield Case("pickle", pickle.dumps([1, "a", None]), "", 1)
    yield Case("parquet", b"PAR1\x15\x04\x15\x00\x00PAR1", "NUL byte", 1)
    yield Case("PNG", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not UTF-8", 1)
    yield Case("ELF", b"\x7fELF\x02\x01\x01\0" * 4, "NUL byte", 1)
    yield Case("SQLite", b"SQLite format 3\0", "NUL byte", 1)
    for name, text in (("PDF", "%PDF-1.7\n%%EOF\n"), ("JSON", '[{"age": 39}]\n'),
                       ("web page", "<!doctype html>\n<html><title>Log in</title></html>\n"),
                       ("XML", "<?xml version='1.0'?>\n"), ("script", "#!/bin/sh\nexit 0\n"),
                       ("git LFS pointer", "version 1\noid sha256:00\nsize 1\n")):
        yield _text(name, text, "", 1)


def header_cases() -> Iterator[Case]:
    """Headers of no known layout."""
    names = tables.NAMES
    yield _text("empty", "", "is empty")
    yield _text("one newline", "\n", "lacks age", 1)
    yield _text("header only", LINES[0] + "\n", "no rows")
    yield _text("header only, no newline", LINES[0], "no rows")
    yield _text("no header", "\n".join(LINES[1:]), "lacks age", 1)
    for column in ("age", "sex", "salary"):
        yield _text(f"{column} missing", _with_line(1, ",".join(n for n in names if n != column)),
                    f"lacks {column}", 1)
        yield _text(f"{column} twice", _with_line(1, f"{LINES[0]},{column}"), "twice", 1)
        for other in (column + "_", f"\t{column}", f"{column}\u00a0", column.swapcase()):
            yield _text(f"{column} as {other!r}",
                        _with_line(1, ",".join(other if n == column else n for n in names)),
                        f"lacks {column}", 1)
    yield Case("no target", tables.without_target(GOOD).encode(), "lacks salary", 1)
    yield _text("foreign column", _with_line(1, LINES[0] + ",Salary"), "'Salary'", 1)
    yield _text("escape in a foreign column", _with_line(1, LINES[0] + ",\x1b[2J"), "x1b", 1)
    yield _text("an index column", "," + GOOD, "unknown column ''", 1)
    yield _text("comment above the header", "# made by hand\n" + GOOD, "lacks age", 1)
    yield _text("blank line above the header", "\n" + GOOD, "lacks age", 1)
    yield _text("header twice", GOOD.replace("\n", f"\n{LINES[0]}\n", 1), "is not a whole number",
                2, "age")


def shape_cases() -> Iterator[Case]:
    """Ragged rows, quotes, line ends and sizes."""
    for line in (2, 7, 13):
        row = LINES[line - 1]
        width = "fields, the header has 15"
        for name, text, rule in (
                ("extra field", row + ",1", "16 " + width),
                ("extra comma", row + ",", "16 " + width),
                ("missing field", row.rpartition(",")[0], "14 " + width),
                ("two blank lines", "\n", "0 " + width), ("one space", " ", "1 " + width),
                ("commas only", "," * 13, "14 " + width), ("Ctrl-Z", "\x1a", "1 " + width),
                ("open quote", f'"{row}', "comma-separated"),
                ("text after a quote", '"4"4' + row[2:], "comma-separated"),
                ("quoted newline", f'"{row[:2]}\n"{row[2:]}', "comma-separated"),
                ("lone CR", row.replace(",", ",\r", 1), "comma-separated"),
                ("one byte too long", row.ljust(10_001, "0"), "longer than 10000 bytes"),
                ("too long in bytes only", row + "é" * 5_000, "longer than 10000 bytes")):
            yield _text(f"{name} in line {line}", _with_line(line, text), rule, line)
        for filler in (b"x", b",", b'"'):
            yield Case(f"8 MiB of {filler!r} in line {line}",
                       _with_line(line, row + FILL).encode(), "longer than 10000 bytes", line,
                       filler=filler)
    yield _text("quote in mid-field", GOOD.replace("Some-college", 'Some"college'), "not one of",
                6, "education")
    yield _text("doubled quotes", GOOD.replace("Some-college", '"Some""college"'), "is not one of",
                6, "education")
    yield _text("single quotes", GOOD.replace("Some-college", "'Some-college'"), "is not one of",
                6, "education")
    yield _text("classic Mac line ends", GOOD.replace("\n", "\r"), "comma-separated", 1)
    yield _text("two blank lines at the end", GOOD + "\n\n", "has 0 fields", 14)
    for filler, rule in ((b"\n", "has 0 fields"), (b",\n", "has 2 fields"),
                         (b"x\n", "has 1 fields"), (b"x", "longer than 10000 bytes")):
        yield Case(f"8 MiB of {filler!r} at the end", (GOOD + FILL).encode(), rule, 14,
                   filler=filler)
    yield Case("8 MiB in one line", FILL.encode(), "longer than", 1, filler=b"x")
    yield Case("8 MiB header", f"{LINES[0]}{FILL}\n".encode(), "longer than", 1, filler=b"x")
    yield _text("half a last row", GOOD[:-30], "fields, the header has 15", 13)
    yield _text("total line", GOOD + "Total,12\n", "has 2 fields", 14)
    yield _text("trailing quote", GOOD + '"', "comma-separated", 14)


def byte_cases() -> list[Case]:
    """Return all cases of this file."""
    return [*accepted_cases(), *encoding_cases(), *disguise_cases(), *header_cases(),
            *shape_cases()]
