"""The used share of the credit limits of many tables, with a log that explains each run."""

import csv
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

LOGGER = logging.getLogger(__name__)


@contextmanager
def logging_to(path: Path) -> Iterator[None]:
    """Log into a file while the context lasts; see also churn.logs.logging_to."""
    handler = logging.FileHandler(path, mode="w", encoding="utf-8")
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s: %(message)s",
                                  "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    level = LOGGER.level
    LOGGER.setLevel(logging.INFO)
    LOGGER.addHandler(handler)
    try:
        yield
    finally:
        LOGGER.removeHandler(handler)
        LOGGER.setLevel(level)
        handler.close()


def used_share(table: Path) -> tuple[int, float]:
    """Return the number of rows and the used share of all limits together."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    balance = sum(float(row["balance"]) for row in rows)
    return len(rows), balance / sum(float(row["limit"]) for row in rows)


def run(tables: Sequence[Path], log_file: Path) -> dict[str, float]:
    """Return the used share of each table by its name; a table that fails is left out."""
    shares = {}
    with logging_to(log_file):
        LOGGER.info("begins: %d tables", len(tables))
        for table in tables:
            try:
                rows, shares[table.name] = used_share(table)
                LOGGER.info("%s: %d rows, used share %.4f", table.name, rows, shares[table.name])
            except (OSError, ValueError, KeyError, ZeroDivisionError):
                LOGGER.exception("%s: left out", table.name)
        LOGGER.info("ends: %d done, %d failed", len(shares), len(tables) - len(shares))
    return shares
