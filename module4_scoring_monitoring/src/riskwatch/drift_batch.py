"""Compare many pairs of tables in one go: a folder in, a line of JSON per pair out.

In: a folder of ``NAME_reference.csv`` beside ``NAME_current.csv``, or of folders that hold
``reference.csv`` and ``current.csv``. Out: one line each, in the order of their names; a pair
that cannot be read has a line with the reason, and does not stop the others.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from riskwatch.drift import compare_tables
from riskwatch.drift_report import DriftReport
from riskwatch.errors import InputError
from riskwatch.reader import open_regular
from riskwatch.settings import Settings

_SIDES = ("reference", "current")


def pairs_in(folder: Path) -> tuple[tuple[str, Path, Path], ...]:
    """Return the pairs of a folder: name, reference, current.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    tuple of (str, Path, Path)
        Sorted by name.

    Raises
    ------
    InputError
        It is no folder, or holds no pair, or half of one.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: is not a folder of pairs")
    found: dict[str, dict[str, Path]] = {}
    for side in _SIDES:
        for path in folder.glob(f"*_{side}.csv"):
            found.setdefault(path.name.removesuffix(f"_{side}.csv"), {})[side] = path
        for path in folder.glob(f"*/{side}.csv"):
            found.setdefault(path.parent.name, {})[side] = path
    for name, sides in sorted(found.items()):
        for side in _SIDES:
            if side not in sides:
                raise InputError(f"{folder}: {name} has no {side} table")
    if not found:
        raise InputError(f"{folder}: holds no NAME_reference.csv beside NAME_current.csv, and no "
                         "folder with reference.csv and current.csv")
    return tuple((name, found[name]["reference"], found[name]["current"])
                 for name in sorted(found))


def read_table(path: Path, settings: Settings) -> pd.DataFrame:
    """Read a table of any columns; empty fields are missing, ``NA`` is a text like any other.

    Parameters
    ----------
    path : Path
        CSV with a header, UTF-8.
    settings : Settings
        Limits of files and lines.

    Returns
    -------
    DataFrame

    Raises
    ------
    InputError
        It cannot be read, or a row has more or fewer fields than the header.
    """
    try:
        with open_regular(path, settings.reading.max_file_bytes) as file:
            with io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as lines:
                _check_shape(path, lines)
        with open_regular(path, settings.reading.max_file_bytes) as file:
            return pd.read_csv(file, keep_default_na=False, na_values=[""], encoding="utf-8-sig",
                               index_col=False, low_memory=False)
    except UnicodeDecodeError as err:
        raise InputError(f"{path}: is not UTF-8 (byte {err.start})") from err
    except (csv.Error, ValueError) as err:
        raise InputError(f"{path}: is no CSV table: {err}") from err


def _check_shape(path: Path, lines: Iterable[str]) -> None:
    """Refuse a table whose rows are not as long as its header; pandas would guess instead."""
    rows = csv.reader(lines, strict=True)
    header = next(rows, [])
    if not header or len(set(header)) != len(header):
        raise InputError(f"{path}, line 1: needs a header of different names")
    for row in rows:
        if row and len(row) != len(header):
            raise InputError(f"{path}, line {rows.line_num}: has {len(row)} fields, the header "
                             f"has {len(header)}")


def compare_folder(folder: Path, settings: Settings) -> Iterator[str]:
    """Yield a line of JSON for each pair of a folder.

    Parameters
    ----------
    folder : Path
    settings : Settings
        ``drift`` and ``seed``.

    Yields
    ------
    str
        Without the newline; numbers have 6 significant digits.

    Raises
    ------
    InputError
        The folder holds no pairs.
    """
    for name, reference, current in pairs_in(folder):
        try:
            report = compare_tables(read_table(reference, settings), read_table(current, settings),
                                    settings.drift, seed=settings.seed)
        except InputError as err:
            yield json.dumps({"pair": name, "verdict": "unreadable", "reason": str(err)})
            continue
        yield json.dumps({"pair": name, **report_as_dict(report)}, allow_nan=False)


def report_as_dict(report: DriftReport) -> dict[str, Any]:
    """Return a report as what JSON knows, the verdict first, in a fixed order of keys."""
    content = asdict(report) | {"settings": report.settings.model_dump(),
                                "faults": [asdict(fault) for fault in report.faults()]}
    first = {"verdict": report.verdict(), "in_words": report.in_words()}
    return first | {key: _rounded(value) for key, value in content.items()}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value
