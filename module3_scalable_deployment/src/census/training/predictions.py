"""Read a table of predictions: the columns of the data, the answer, the score, the decision.

In: a CSV. Out: frames, a part of the rows each, categories as codes.
Parts, because counts of parts add up: a file of any size is audited in the same memory.
"""

from collections.abc import Hashable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from census.errors import InputError, TableError
from census.schema import BY_NAME, FEATURES, INPUTS

LABEL, SCORE, PREDICTED = "label", "score", "predicted"
_PART_ROWS = 500_000


def read_predictions(path: Path, part_rows: int = _PART_ROWS) -> Iterator[pd.DataFrame]:
    """Yield the predictions, some rows at a time.

    Parameters
    ----------
    path : Path
        A CSV with a header: the features, ``label`` and ``predicted`` (0 or 1), ``score``
        (from 0 to 1); other columns are passed over.
    part_rows : int
        Rows of each part.

    Yields
    ------
    pandas.DataFrame
        Categories as pandas categoricals; the texts ``NA``, ``None`` and ``?`` are categories.

    Raises
    ------
    InputError
        The file cannot be read, lacks a column, or holds a value that is out of range.
    """
    if path.exists() and not path.is_file():  # a pipe would be waited for
        raise InputError(f"cannot read {path}: not a regular file; give the path of a file")
    try:
        # As a row: as a header pandas would rename what is there twice.
        first = pd.read_csv(path, nrows=1, header=None, dtype=str, na_filter=False,
                            encoding="utf-8")
        wanted = _wanted(path, list(first.iloc[0]))
        # All columns: with a choice of them pandas would pass over fields without a header.
        with pd.read_csv(path, dtype=wanted, chunksize=part_rows, na_filter=False,
                         encoding="utf-8") as parts:
            for part in parts:
                _check(path, part)
                yield part[list(wanted)]
    except OSError as err:
        raise InputError(f"cannot read {path}: {err.strerror or err}; "
                         "run `census evaluate` first") from err
    except (ValueError, OverflowError) as err:  # pandas' own faults are ValueErrors
        raise InputError(f"{path} is no table of predictions: "
                         f"{' '.join(str(err).split())}") from err


def categorical_columns(predictions: pd.DataFrame) -> tuple[str, ...]:
    """Return the categorical columns that are there, in the schema's order."""
    return tuple(name for name in INPUTS
                 if BY_NAME[name].kind == "category" and name in predictions.columns)


def _wanted(path: Path, header: list[str]) -> dict[Hashable, str]:
    """Return the type of each column to read."""
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise TableError(path, f"the header has {', '.join(twice)} twice", row=1)
    lacking = [name for name in (*FEATURES, LABEL, SCORE, PREDICTED) if name not in header]
    if lacking:
        raise TableError(path, f"the header lacks {', '.join(lacking)}", row=1)
    types: dict[Hashable, str] = {
        name: "category" if BY_NAME[name].kind == "category" else "int64"
        for name in INPUTS if name in header}
    return {**types, LABEL: "int64", SCORE: "float64", PREDICTED: "int64"}


def _check(path: Path, part: pd.DataFrame) -> None:
    if not isinstance(part.index, pd.RangeIndex):
        raise TableError(path, f"has more fields than the header's {len(part.columns)}", row=2)
    score = part[SCORE].to_numpy()
    for column, is_right, rule in (
            (LABEL, part[LABEL].isin((0, 1)).to_numpy(), "0 or 1"),
            (PREDICTED, part[PREDICTED].isin((0, 1)).to_numpy(), "0 or 1"),
            (SCORE, (score >= 0) & (score <= 1), "a number from 0 to 1")):
        if not is_right.all():
            row = int(part.index[int(np.argmin(is_right))]) + 2
            raise TableError(path, f"must be {rule}", row=row, column=column)
