"""Read a Parquet file as the codes of the scorer, every value by the schema's rule.

In: a file and a scorer. Out: codes, block by block, or an `InputError` that names row and column.
Most columns repeat few values, so each different value of a block is looked at once.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from census.errors import InputError, TableError
from census.schema import COLUMNS, EDUCATION_LEVELS, FEATURES, Column
from census.serving.scorer import Codes, Scorer

_ROWS_AT_ONCE = 65_536
_EDUCATION_NUMBER = {level: number for number, level in enumerate(EDUCATION_LEVELS, 1)}


def parquet_blocks(path: Path, scorer: Scorer) -> Iterator[Codes]:
    """Yield the codes of a file's rows.

    Parameters
    ----------
    path : Path
        Holds the schema's features by name, in any order; other columns of the schema are
        checked where they are there. Blanks around texts are cut off, as in CSV.
    scorer : Scorer
        Whose codes are wanted.

    Yields
    ------
    ndarray of int, shape (n_features, n_rows)

    Raises
    ------
    InputError
        It is no Parquet file, a column is missing or foreign, or a value breaks a rule; or the
        package that reads one is not installed.
    """
    try:
        from pyarrow import ArrowException  # pylint: disable=import-outside-toplevel  # an extra
        from pyarrow.parquet import ParquetFile  # pylint: disable=import-outside-toplevel
    except ImportError as err:
        raise InputError("Parquet needs pyarrow; install the extra [dask]") from err
    row = 0
    try:
        with ParquetFile(path) as file:
            names = _positions(path, file.schema_arrow.names)
            for batch in file.iter_batches(_ROWS_AT_ONCE):
                yield _codes(path, {name: batch.column(at) for name, at in names.items()}, row,
                             scorer)
                row += batch.num_rows
    except (ArrowException, OSError) as err:
        raise InputError(f"{path}: cannot be read as Parquet: {' '.join(str(err).split())[:200]}"
                         ) from err
    if not row:
        raise TableError(path, "has no rows")


def _positions(path: Path, names: list[str]) -> dict[str, int]:
    found = {name.strip(" "): place for place, name in enumerate(names)}
    missing = [name for name in FEATURES if name not in found]
    foreign = [name for name in found if name not in {column.name for column in COLUMNS}]
    if missing or foreign or len(found) < len(names):
        raise TableError(path, f"lacks the column {missing[0]}" if missing else
                         f"has an unknown column {ascii(foreign[0][:40])}" if foreign else
                         "names a column twice")
    return found


def _codes(path: Path, arrays: dict[str, Any], first: int, scorer: Scorer) -> Codes:
    """Check one block and return its codes, shape (n_features, n_rows)."""
    values, places = {}, {}
    for column in COLUMNS:
        if column.name in arrays:
            distinct = arrays[column.name].dictionary_encode()
            if distinct.null_count:
                row = int(np.argmax(distinct.is_null().to_numpy(zero_copy_only=False)))
                raise _fault(path, first + row, column.name, "is missing")
            places[column.name] = distinct.indices.to_numpy()
            values[column.name] = [value.strip(" ") if isinstance(value, str) else value
                                   for value in distinct.dictionary.to_pylist()]
            wrong = [n for n, value in enumerate(values[column.name]) if not _holds(column, value)]
            if wrong:
                row = int(np.argmax(np.isin(places[column.name], wrong)))
                raise _fault(path, first + row, column.name, _rule(column))
    if "education" in arrays:
        named, number = (np.array(found)[places[name]] for name, found in (
            ("education", [_EDUCATION_NUMBER[level] for level in values["education"]]),
            ("education-num", values["education-num"])))
        if (named != number).any():
            raise _fault(path, first + int(np.argmax(named != number)), "education-num",
                         "is not the number of the education beside it")
    return np.array([np.array(list(map(scorer.lookup(name).__getitem__, values[name])),
                              dtype=np.intp)[places[name]] for name in FEATURES])


def _fault(path: Path, row: int, column: str, rule: str) -> InputError:
    return InputError(f"{path}, row {row + 1}, column {column}: {rule}")


def _holds(column: Column, value: Any) -> bool:
    if column.levels:
        return value in column.levels
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return is_whole and column.minimum <= value <= column.maximum


def _rule(column: Column) -> str:
    return (f"must be one of {', '.join(column.levels)}" if column.levels else
            f"must be a whole number from {column.minimum} to {column.maximum}")
