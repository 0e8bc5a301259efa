"""Generate census rows that look like the true ones, for whoever has no true file.

In: a number of rows, a seed, and how much bias to plant. Out: a table of the exact schema, or a
file in the public layout with a manifest. The manifest tells what was planted, so that an audit
can be scored against the truth.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from census.errors import SettingsError
from census.files import atomic_writer, sha256_of_file, write_json
from census.population import BLOCK_ROWS, RELABELLED, draw_block, repeated_rows
from census.schema import BY_NAME, COLUMNS, POSITIVE, TARGET

#: Goes up with every change that changes the bytes of a file.
GENERATOR_VERSION = 1

_SEXES = BY_NAME["sex"].levels


@dataclass(frozen=True, slots=True)
class PlantedFacts:
    """The truth about the rows; shares are of incomes above 50K, by sex.

    ``share_before`` is what the shares would be without the planted bias.
    """

    bias: float
    biased_group: str
    relabelled_rows: int
    share_before: Mapping[str, float]
    share_after: Mapping[str, float]
    repeated_rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """Where a generated file comes from, its digest, and what was planted in it."""

    file: str
    generator_version: int
    seed: int
    rows: int
    sha256: str
    planted: PlantedFacts


def generate_rows(rows: int, seed: int, bias: float = 0.0) -> pd.DataFrame:
    """Return generated rows.

    Parameters
    ----------
    rows : int
        At least 1.
    seed : int
        Not negative. The same rows, seed and bias give the same table everywhere.
    bias : float
        The share of women above 50K who are recorded below it, 0 to 1.

    Returns
    -------
    DataFrame, shape (rows, 15)
        The columns of `census.schema.COLUMNS`, index 0 to ``rows - 1``.

    Raises
    ------
    SettingsError
        An argument is out of range.
    """
    starts = _block_starts(rows, seed, bias)
    return pd.concat([_with_text(draw_block(rows, seed, start, bias)) for start in starts])


def write_rows(path: Path, rows: int, seed: int, bias: float = 0.0) -> Manifest:
    """Write generated rows in the public layout, and ``<stem>.manifest.json`` beside them.

    Parameters
    ----------
    path : Path
        The file: a blank before every name and value but the first, and a blank line at the end.
    rows, seed, bias
        As for `generate_rows`; here memory does not grow with ``rows``.

    Returns
    -------
    Manifest

    Raises
    ------
    SettingsError
        An argument is out of range.
    OutputError
        A file cannot be written.
    """
    counts = np.zeros((len(_SEXES), 3), dtype=np.int64)  # rows, above 50K, relabelled
    starts = _block_starts(rows, seed, bias)
    with atomic_writer(path) as handle:
        handle.write((", ".join(BY_NAME) + "\n").encode())
        for start in starts:
            block = draw_block(rows, seed, start, bias)
            is_above = block[TARGET] == BY_NAME[TARGET].levels.index(POSITIVE)
            for column, marks in enumerate((is_above | True, is_above, block[RELABELLED])):
                counts[:, column] += np.bincount(block["sex"][marks], minlength=len(_SEXES))
            handle.write(_lines(_with_text(block)).encode())
        handle.write(b"\n")
    manifest = Manifest(path.name, GENERATOR_VERSION, seed, rows, sha256_of_file(path),
                        _planted(counts, rows, bias))
    write_json(path.with_name(f"{path.stem}.manifest.json"), asdict(manifest))
    return manifest


def _block_starts(rows: int, seed: int, bias: float) -> range:
    if rows < 1:
        raise SettingsError(f"rows to generate: {rows} is less than 1")
    if seed < 0:
        raise SettingsError(f"seed: {seed} is negative")
    if not 0 <= bias <= 1:
        raise SettingsError(f"bias: {bias} is not between 0 and 1")
    return range(0, rows, BLOCK_ROWS)


def _with_text(coded: pd.DataFrame) -> pd.DataFrame:
    """Return the columns in the order of the file, categories as text."""
    return pd.DataFrame({
        column.name: np.array(column.levels, dtype=object)[coded[column.name]]
        if column.levels else coded[column.name] for column in COLUMNS}, index=coded.index)


def _lines(rows: pd.DataFrame) -> str:
    texts = (rows[name] if column.levels else rows[name].astype(str)
             for name, column in BY_NAME.items())
    return "".join(f"{line}\n" for line in map(", ".join, zip(*texts)))


def _planted(counts: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]", rows: int, bias: float
             ) -> PlantedFacts:
    people, above, relabelled = counts.T

    def shares(marked: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]") -> dict[str, float]:
        return {sex: round(int(marked[code]) / max(int(people[code]), 1), 6)
                for code, sex in enumerate(_SEXES)}

    return PlantedFacts(bias, "Female", int(relabelled.sum()), shares(above + relabelled),
                        shares(above), repeated_rows(rows))
