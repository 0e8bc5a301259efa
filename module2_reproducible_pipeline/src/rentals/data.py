"""Load and write listings: a file of sixteen columns in, one clean frame out, and back.

In: the path of a table of listings. Out: a frame with exactly the columns of the schema.
Each field is judged here by itself, and a wrong one refuses the file. What rows must satisfy
together (unique ids, the box, the number of rows) is judged by the checks, which name the rows.
"""

import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from rentals.files import atomic_writer
from rentals.reader import Layout, read_blocks
from rentals.schema import COLUMNS, NAMES
from rentals.settings import ReadingSettings

_ROWS_AT_ONCE = 10_000
_QUOTE = '"'
#: csv.writer leaves a lone carriage return bare, which csv.reader then refuses.
_NEEDS_QUOTES = re.compile('[",\r\n]')


def load_listings(path: Path, limits: ReadingSettings | None = None) -> pd.DataFrame:
    """Return the listings of a file.

    Parameters
    ----------
    path : Path
        A UTF-8 file of comma-separated values with the header of the schema.
    limits : ReadingSettings, optional
        Sizes that are accepted.

    Returns
    -------
    DataFrame, shape (n, 16)
        The columns of ``rentals.schema.COLUMNS`` in their order, index 0 to n - 1: int64,
        float64 or str. Missing is empty text, or NaN in ``reviews_per_month``.

    Raises
    ------
    InputError
        The path is no readable file.
    TableError
        The content breaks a rule; the text names file, line and column.
    """
    return pd.concat(list(read_blocks(path, find_layout, limits or ReadingSettings())),
                     ignore_index=True)


def find_layout(header: Sequence[str]) -> Layout:
    """Check the header of a table of listings.

    Parameters
    ----------
    header : sequence of str
        The fields of the first line.

    Returns
    -------
    Layout
        Positions of the schema's columns.

    Raises
    ------
    ValueError
        The header is not that of the schema; the message names the first difference.
    """
    names = list(header)
    if names != list(NAMES):
        raise ValueError(_difference(names))
    return Layout(len(names), tuple(enumerate(COLUMNS)))


def write_listings(listings: pd.DataFrame, path: Path) -> None:
    """Write listings so that the same frame always gives the same bytes.

    Decimals are written with the fewest digits that give the number back, a missing one as an
    empty field, and only fields that need quotes have them. `load_listings` gives the frame
    back, and a file written in this way, as the true one is, gives its own bytes back.

    Parameters
    ----------
    listings : DataFrame, shape (n, >= 16)
        As `load_listings` returns; other columns and the index are not written.
    path : Path
        The CSV; it appears whole or not at all.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    with atomic_writer(path) as handle:
        handle.write(_encoded([NAMES]))
        for start in range(0, len(listings), _ROWS_AT_ONCE):
            block = listings.iloc[start:start + _ROWS_AT_ONCE]
            columns = [_texts(block[column.name], column.kind) for column in COLUMNS]
            handle.write(_encoded(zip(*columns)))


def _texts(values: pd.Series, kind: str) -> list[str]:
    if kind == "integer":
        return [str(int(value)) for value in values]
    if kind == "decimal":
        return ["" if math.isnan(value) else repr(float(value)) for value in values]
    return [f'"{text.replace(_QUOTE, _QUOTE * 2)}"' if _NEEDS_QUOTES.search(text) else text
            for text in values]


def _encoded(rows: Iterable[Sequence[str]]) -> bytes:
    return "".join(",".join(row) + "\n" for row in rows).encode()


def _difference(found: list[str]) -> str:
    missing = [name for name in NAMES if name not in found]
    foreign = [name for name in found if name not in NAMES]
    if missing:
        return f"the header lacks {missing[0]}; {len(NAMES)} columns are needed"
    if foreign:
        return f"the header has an unknown column {ascii(foreign[0][:40])}"
    if len(found) > len(NAMES):
        return "the header names a column twice"
    return f"the header's columns are in another order; it must begin {', '.join(NAMES[:3])}"
