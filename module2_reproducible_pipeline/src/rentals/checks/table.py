"""Read a table as text, faults and all, so that checks can name what is wrong with it.

In: the path of a CSV file. Out: its header, its fields as text, and the line of each row.
The loader of `rentals.data` refuses a file at its first fault; a check wants to see them all.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rentals.checks.results import OffendingRow
from rentals.errors import InputError, TableError
from rentals.reader import open_regular
from rentals.records import split_rows
from rentals.schema import BY_NAME, ID
from rentals.settings import ReadingSettings


@dataclass(frozen=True, slots=True, eq=False)
class TextTable:
    """The fields of a file as text: ``texts`` has a column a header field, in their order."""

    header: tuple[str, ...]
    lines: NDArray[np.int64]
    texts: pd.DataFrame

    def lacks(self, *names: str) -> tuple[str, ...]:
        """Return those columns that are absent, or stand there more than once."""
        return tuple(name for name in names if self.header.count(name) != 1)

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return a column as finite numbers, NaN where it holds none."""
        codes, levels = pd.factorize(self.texts[name])
        numbers = pd.to_numeric(pd.Series(levels, dtype=object), errors="coerce")
        values = numbers.to_numpy(dtype=np.float64)
        return np.where(np.isfinite(values), values, np.nan)[codes]

    def offending(self, is_bad: NDArray[np.bool_], *names: str) -> list[OffendingRow]:
        """Return the marked rows with their values in the columns named."""
        places = np.flatnonzero(is_bad)
        ids = ["?"] * len(places) if self.lacks(ID) else list(self.texts[ID].iloc[places])
        values = zip(*(self.texts[name].iloc[places] for name in names))
        return [OffendingRow(int(self.lines[place]), _shown(number),
                             ", ".join(f"{name} {_shown(text)}"
                                       for name, text in zip(names, row)))
                for place, number, row in zip(places, ids, values)]

    def listings(self) -> pd.DataFrame:
        """Return a frame of the schema's columns, by their kinds.

        Returns
        -------
        DataFrame
            Numbers as float64 with NaN, the rest as text; a column that is absent is left out.
        """
        return pd.DataFrame({
            name: self.numbers(name) if column.kind in ("integer", "decimal")
            else self.texts[name]
            for name, column in BY_NAME.items() if not self.lacks(name)})


def read_text_table(path: Path, limits: ReadingSettings) -> TextTable:
    """Read a CSV file as text.

    Parameters
    ----------
    path : Path
        A regular UTF-8 file with one header line; quoted fields may go over lines.
    limits : ReadingSettings
        Bytes of the file and of a line.

    Returns
    -------
    TextTable

    Raises
    ------
    InputError
        The path is no readable regular file, or too large.
    TableError
        It is no table: not UTF-8, not CSV, no rows, or a row of another width.
    """
    with open_regular(path, limits.max_file_bytes) as stream:
        try:
            first, *rest = stream.read().split(b"\n", 1)
        except OSError as err:  # a disk or a network folder can fail half-way
            raise InputError(f"{path}: cannot be read: {err.strerror}; copy the file afresh"
                             ) from err
    header = split_rows(path, first, 1, limits)[0][0] if first.strip() else []
    if not header:
        raise TableError(path, "has no header in its first line", row=1)
    if not rest or not rest[0]:
        raise TableError(path, "has a header but no rows")
    rows, lines = split_rows(path, rest[0], 2, limits, len(header))
    return TextTable(tuple(header), np.array(lines, dtype=np.int64),
                     pd.DataFrame(rows, columns=pd.Index(header, dtype=object), dtype=object))


def _shown(text: str) -> str:
    """Return a field safe to print: escaped and cut; empty is said in words."""
    if not text:
        return "missing"
    return ascii(text if len(text) <= 40 else text[:40] + "...")[1:-1]
