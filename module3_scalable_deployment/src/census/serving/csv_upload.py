"""Check and encode a CSV upload while it arrives: all of it, before any of it is scored.

In: the bytes of a file in the format of the data, portion by portion. Out: the codes of its
rows, or a refusal that names line and column. Codes are small, so a whole upload waits in a
spool of a few bytes for each row, in memory first and then on the disk.

A line of the data holds no quotes and its fields no commas; a portion is split at once and its
columns are every n-th field. What looks otherwise is read by the csv module instead.
"""

import csv
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from census.schema import BY_NAME, COLUMNS, EDUCATION_LEVELS, FEATURES
from census.serving.csv_fields import FieldCodes, whole_numbers_hold
from census.serving.problems import Problem
from census.serving.scorer import Codes, Scorer

_MOST_LINE_BYTES, _IN_MEMORY = 10_000, 4 * 2**20
_NAMES = frozenset(column.name for column in COLUMNS)
_PAIRS = {(name, str(number)) for number, name in enumerate(EDUCATION_LEVELS, 1)}


class CsvUpload:
    """One file on its way in; `feed` it, `finish` it, then take its `blocks`.

    Parameters
    ----------
    scorer : Scorer
        Whose codes are wanted.
    """

    def __init__(self, scorer: Scorer) -> None:
        self._scorer, self._rest = scorer, b""
        # By the names of the header; None where the texts are whole numbers that no tree sees.
        self._fields: dict[str, FieldCodes | None] = {}
        self._lines, self._has_ended = 0, False
        self.row_count = 0
        # Closed by `close`, which the caller owes.
        self._spool = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # pylint: disable=R1732

    def feed(self, portion: bytes) -> None:
        """Take the next bytes; `Problem` 400 or 422 at the first fault."""
        portion = self._rest + portion
        end = portion.rfind(b"\n") + 1
        self._rest = portion[end:]
        if len(self._rest) > _MOST_LINE_BYTES:
            raise _fault(self._lines + 1, f"a line is longer than {_MOST_LINE_BYTES} bytes")
        if end:
            self._take(portion[:end])

    def finish(self) -> None:
        """Take the last line, which need not end with a line break; there must be a row."""
        if self._rest:
            self._take(self._rest + b"\n")
        if not self.row_count:
            raise _fault(self._lines + 1, "there is no row; send a header and at least one")

    def blocks(self, rows: int) -> Iterator[Codes]:
        """Yield the codes of up to ``rows`` rows at a time, shape (n_features, n_rows)."""
        self._spool.seek(0)
        kind = np.dtype(self._scorer.code_type)
        while content := self._spool.read(rows * len(FEATURES) * kind.itemsize):
            codes = np.frombuffer(content, kind).reshape(-1, len(FEATURES))
            yield np.ascontiguousarray(codes.T, dtype=np.intp)

    def close(self) -> None:
        """Give back the spool."""
        self._spool.close()

    def _take(self, content: bytes) -> None:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as err:
            line = self._lines + 1 + content[:err.start].count(b"\n")
            raise _fault(line, "this is not UTF-8") from None
        if "\r" in text:
            text = text.replace("\r\n", "\n")
        if not self._fields:
            first, _, text = text.partition("\n")
            self._read_header(first)
        if text:
            self._encode(text)

    def _read_header(self, line: str) -> None:
        self._lines = 1
        try:
            names = [name.strip(" ") for name in next(csv.reader([line], strict=True), [])]
        except csv.Error:
            raise _fault(1, "the quotes of this line do not match") from None
        missing = [name for name in FEATURES if name not in names]
        if missing or len(set(names)) != len(names) or not set(names) <= _NAMES:
            raise Problem(422, "The header breaks the schema.", [(
                "line 1", f"missing: {', '.join(missing)}" if missing else
                "a name stands twice, or is none of the schema's")])
        self._fields = {
            name: FieldCodes(BY_NAME[name],
                             self._scorer.lookup(name) if name in FEATURES else None)
            if name in FEATURES or BY_NAME[name].levels else None for name in names}

    def _encode(self, text: str) -> None:
        columns, count = self._split(text)
        if count:
            try:
                codes = self._codes(columns)
            except ValueError:
                raise self._first_fault(columns) from None
            self._spool.write(np.ascontiguousarray(codes.T).tobytes())
        self._lines += text.count("\n")
        self.row_count += count

    def _split(self, text: str) -> tuple[dict[str, Sequence[str]], int]:
        """Return the fields by column, and how many rows there are."""
        width, count = len(self._fields), text.count("\n")
        fields = text.replace("\n", ",\n,").split(",")
        if ('"' in text or self._has_ended or len(fields) != count * (width + 1) + 1
                or fields[width::width + 1].count("\n") != count):
            rows = self._split_slowly(text)
            return dict(zip(self._fields, zip(*rows))), len(rows)
        return {name: fields[place:-1:width + 1] for place, name in enumerate(self._fields)}, count

    def _split_slowly(self, text: str) -> list[list[str]]:
        """Return rows of fields: quotes are understood, and empty lines may end the file."""
        rows = []
        for number, line in enumerate(text.split("\n")[:-1], self._lines + 1):
            if not line.strip(" "):
                self._has_ended = True
                continue
            if self._has_ended:
                raise _fault(number, "a row stands after an empty line")
            try:
                row = next(csv.reader([line], strict=True, skipinitialspace=True))
            except csv.Error:
                raise _fault(number, "the quotes of this line do not match") from None
            if len(row) != len(self._fields):
                raise _fault(number, f"{len(row)} fields, not {len(self._fields)}")
            rows.append(row)
        return rows

    def _codes(self, columns: dict[str, Sequence[str]]) -> Any:
        """Return codes, shape (n_features, n_rows); `ValueError` if any field is wrong."""
        found = {}
        for name, fields in self._fields.items():
            if fields is not None:
                found[name] = list(map(fields.__getitem__, columns[name]))
            elif not whole_numbers_hold(BY_NAME[name], columns[name]):
                raise ValueError(name)
        if "education" in columns and not _agree(columns):
            raise ValueError("education")
        return np.array([found[name] for name in FEATURES], dtype=self._scorer.code_type)

    def _first_fault(self, columns: dict[str, Sequence[str]]) -> Problem:
        """Return the refusal of the first wrong field, row by row."""
        for number, row in enumerate(zip(*columns.values()), self._lines + 1):
            for name, text in zip(columns, row):
                try:
                    FieldCodes(BY_NAME[name], None).check(text)
                except ValueError as err:
                    return _fault(number, str(err), name)
            if "education" in columns and not _agree(
                    {name: [text] for name, text in zip(columns, row)}):
                return _fault(number, "education and education-num disagree", "education")
        raise AssertionError("a fault that is found nowhere")


def _agree(columns: dict[str, Sequence[str]]) -> bool:
    pairs = set(zip(columns["education"], columns["education-num"]))
    return {(name.strip(" "), number.strip(" ")) for name, number in pairs} <= _PAIRS


def _fault(line: int, rule: str, column: str | None = None) -> Problem:
    place = f"line {line}" + (f", column {column}" if column else "")
    return Problem(422, "The file breaks the schema; nothing of it was scored.", [(place, rule)])
