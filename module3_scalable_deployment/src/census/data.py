"""Load census rows: the public layout or a tidy one in, one clean frame out.

In: the path of a table. Out: a frame with the columns of the schema, in the schema's order.
Columns are found by their names, so the order of a file's columns cannot change an answer.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from census.errors import TableError
from census.reader import Block, Layout, read_blocks
from census.schema import COLUMNS, EDUCATION_LEVELS, FEATURES, POSITIVE, TARGET
from census.settings import PrepareSettings


def load_rows(path: Path, limits: PrepareSettings | None = None, *, with_target: bool = True
              ) -> pd.DataFrame:
    """Return the rows of a file.

    Parameters
    ----------
    path : Path
        A table with the 15 columns of the schema, blanks around fields or not.
    limits : PrepareSettings, optional
        Sizes that are accepted.
    with_target : bool
        Must the target be there? If not, it is left out where it stands.

    Returns
    -------
    DataFrame
        The columns of ``census.schema.COLUMNS`` in their order; index 0 to n - 1.

    Raises
    ------
    InputError
        The path is no readable file.
    TableError
        The content breaks a rule; the text names file, line and column.
    """
    blocks = row_blocks(path, limits or PrepareSettings(), with_target=with_target)
    return pd.concat(list(blocks), ignore_index=True)


def row_blocks(path: Path, limits: PrepareSettings, *, with_target: bool
               ) -> Iterator[pd.DataFrame]:
    """Yield rows block by block, each row checked by itself.

    Parameters
    ----------
    path : Path
        As for `load_rows`.
    limits : PrepareSettings
        Sizes that are accepted; ``block_bytes`` bounds a block.
    with_target : bool
        As for `load_rows`.

    Yields
    ------
    DataFrame
        As for `load_rows`, indexed by the line number.

    Raises
    ------
    InputError, TableError
        As for `load_rows`.
    """
    def choose(header: Sequence[str]) -> Layout:
        return find_layout(header, with_target=with_target)

    for block in read_blocks(path, choose, limits):
        _check_education(path, block)
        names = [column.name for column in COLUMNS if column.name in block.columns]
        yield pd.DataFrame({name: block.columns[name] for name in names},
                           index=pd.RangeIndex(block.line, block.line + block.rows))


def find_layout(header: Sequence[str], *, with_target: bool) -> Layout:
    """Find the schema's columns in a header.

    Parameters
    ----------
    header : sequence of str
        The fields of the first line, without blanks around them.
    with_target : bool
        Must the target be there?

    Returns
    -------
    Layout
        Positions of the schema's columns.

    Raises
    ------
    ValueError
        A column is missing, unknown or there twice; the message names it.
    """
    names = list(header)
    expected = [column.name for column in COLUMNS
                if column.name != TARGET or with_target or TARGET in names]
    missing = [name for name in expected if name not in names]
    foreign = [name for name in names if name not in expected]
    if missing:
        raise ValueError(f"the header lacks {missing[0]}; {len(expected)} columns are needed")
    if foreign:
        raise ValueError(f"the header has an unknown column {ascii(foreign[0][:40])}")
    if len(names) > len(expected):
        raise ValueError("the header names a column twice")
    return Layout(len(names), tuple(
        (names.index(column.name), column) for column in COLUMNS
        if column.name in names and (column.name != TARGET or with_target)))


def split_target(rows: pd.DataFrame) -> tuple[pd.DataFrame, "pd.Series[int]"]:
    """Part the features from the answer.

    Parameters
    ----------
    rows : DataFrame, shape (n, >= 13)
        Labelled rows.

    Returns
    -------
    features : DataFrame, shape (n, 12)
        The schema's features and nothing else, in their order.
    label : Series of int, shape (n,)
        1 where the income is above 50K, 0 where not.
    """
    label = (rows[TARGET] == POSITIVE).astype(int).rename("label")
    return rows[list(FEATURES)], label


def _check_education(path: Path, block: Block) -> None:
    """Refuse rows whose two education columns contradict each other."""
    number = np.asarray(block.columns["education-num"])
    named = np.array([_EDUCATION_NUMBER[str(level)] for level in block.columns["education"]])
    differs = np.flatnonzero(number != named)
    if len(differs):
        row = int(differs[0])
        raise TableError(path, f"is not the number of education {EDUCATION_LEVELS[named[row] - 1]}"
                         f", which is {named[row]}", row=block.line + row, column="education-num")


_EDUCATION_NUMBER = {level: number for number, level in enumerate(EDUCATION_LEVELS, 1)}
