"""Generate card customers that look like the real ones, for whoever has no real file.

In: a number of rows and a seed. Out: a table of the exact schema, or a CSV with a manifest.
The manifest tells what was planted, so that a check can be scored against the truth.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from churn import calibration as facts
from churn.errors import SettingsError
from churn.files import atomic_writer, sha256_of_file, write_json
from churn.population import BLOCK_ROWS, Integers, draw_block
from churn.schema import BY_NAME, COLUMNS, LEFT, TARGET, UNKNOWN, Column
from churn.settings import MOST_ROWS

#: Goes up with every change that changes the bytes of a file.
GENERATOR_VERSION = 1

INDEX_LEAK = ("The order of the rows carries the target: the share of customers who left "
              "depends on the row number, and so do the amounts spent.")


@dataclass(frozen=True, slots=True)
class AmountCluster:
    """One cluster of Total_Trans_Amt: US dollars above ``lower`` and up to ``upper``."""

    lower: int
    upper: int
    share_of_rows: float
    share_left: float


@dataclass(frozen=True, slots=True)
class UnknownCount:
    """How many rows of a column say ``Unknown``."""

    column: str
    rows: int


@dataclass(frozen=True, slots=True)
class PlantedFacts:
    """The truth about the rows; deciles are of row numbers, from the first to the last."""

    share_left: float
    amount_clusters: tuple[AmountCluster, ...]
    unknown: tuple[UnknownCount, ...]
    index_leak: str
    share_left_by_row_decile: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """Where a generated file comes from, its digest, and what was planted in it."""

    file: str
    generator_version: int
    seed: int
    rows: int
    sha256: str
    planted: PlantedFacts


def generate_customers(rows: int, seed: int) -> pd.DataFrame:
    """Return generated customers.

    Parameters
    ----------
    rows : int
        At least 1. A table takes about 170 bytes a row, and somewhat more while it is made.
    seed : int
        Not negative. The same rows and seed give the same table everywhere.

    Returns
    -------
    pandas.DataFrame, shape (rows, 21)
        The columns of `churn.schema.COLUMNS`, index 0 to ``rows - 1``.

    Raises
    ------
    SettingsError
        ``rows`` or ``seed`` is out of range.
    """
    blocks = [draw_block(rows, seed, start) for start in _block_starts(rows, seed)]
    # Column by column, so that at most one is there twice.
    coded = {name: np.concatenate([block.pop(name) for block in blocks]) for name in BY_NAME}
    return _with_text(pd.DataFrame(coded, copy=False))


def write_customers(path: Path, rows: int, seed: int) -> Manifest:
    """Write generated customers as a CSV, and ``<stem>.manifest.json`` beside it.

    Parameters
    ----------
    path : Path
        The CSV; its first column is the row number, without a name.
    rows, seed : int
        As for `generate_customers`; here memory does not grow with ``rows``.

    Returns
    -------
    Manifest

    Raises
    ------
    SettingsError
        ``rows`` or ``seed`` is out of range.
    OutputError
        A file cannot be written.
    """
    starts = _block_starts(rows, seed)
    tally = _Tally(rows)
    with atomic_writer(path) as handle:
        for start in starts:
            customers = _with_text(draw_block(rows, seed, start))
            tally.add(customers)
            handle.write(customers.to_csv(header=start == 0, lineterminator="\n").encode())
    manifest = Manifest(path.name, GENERATOR_VERSION, seed, rows, sha256_of_file(path),
                        tally.planted_facts())
    write_json(path.with_name(f"{path.stem}.manifest.json"), asdict(manifest))
    return manifest


def _block_starts(rows: int, seed: int) -> range:
    if not 1 <= rows <= MOST_ROWS:
        raise SettingsError(f"rows to generate: {rows} is not between 1 and {MOST_ROWS}")
    if seed < 0:
        raise SettingsError(f"seed: {seed} is negative")
    return range(0, rows, BLOCK_ROWS)


def _with_text(coded: pd.DataFrame) -> pd.DataFrame:
    """Return the columns in the order of the file, categories as text."""
    return pd.DataFrame({column.name: _decoded(column, coded[column.name]) for column in COLUMNS},
                        index=coded.index, copy=False)


def _decoded(column: Column, values: pd.Series) -> npt.NDArray[np.generic] | ExtensionArray:
    if column.kind != "category":
        return values.to_numpy()
    return pd.array(list(column.allowed), dtype="str").take(values.to_numpy(dtype=np.int64))


class _Tally:
    """Counts what was planted while a file is written block by block."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._clusters = np.zeros((len(facts.AMOUNT_CLUSTER_EDGES), 2), dtype=np.int64)
        self._deciles = np.zeros((10, 2), dtype=np.int64)
        self._unknown = {column.name: 0 for column in COLUMNS if UNKNOWN in column.allowed}

    def add(self, customers: pd.DataFrame) -> None:
        """Count one block."""
        left = (customers[TARGET] == LEFT).to_numpy().astype(np.int64)
        cluster = np.searchsorted(np.array(facts.AMOUNT_CLUSTER_EDGES),
                                  customers["Total_Trans_Amt"].to_numpy())
        np.add.at(self._clusters, (cluster, left), 1)
        np.add.at(self._deciles, (customers.index.to_numpy() * 10 // self._rows, left), 1)
        for name in self._unknown:
            self._unknown[name] += int((customers[name] == UNKNOWN).sum())

    def planted_facts(self) -> PlantedFacts:
        """Return the counts as shares."""
        edges = (0, *facts.AMOUNT_CLUSTER_EDGES)
        return PlantedFacts(
            share_left=_share_left(self._clusters.sum(axis=0)),
            amount_clusters=tuple(
                AmountCluster(lower, upper, round(int(counts.sum()) / self._rows, 6),
                              _share_left(counts))
                for lower, upper, counts in zip(edges, edges[1:], self._clusters)),
            unknown=tuple(UnknownCount(*item) for item in self._unknown.items()),
            index_leak=INDEX_LEAK,
            share_left_by_row_decile=tuple(_share_left(counts) for counts in self._deciles))


def _share_left(counts: Integers) -> float:
    """Return the share of the second of two counts, 0 where there are none."""
    return round(int(counts[1]) / max(int(counts.sum()), 1), 6)
