"""The used share of the credit limits of many tables; nobody can tell afterwards what happened."""

import csv
from collections.abc import Sequence
from pathlib import Path


def used_share(table: Path) -> tuple[int, float]:
    """Return the number of rows and the used share of all limits together."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    balance = sum(float(row["balance"]) for row in rows)
    return len(rows), balance / sum(float(row["limit"]) for row in rows)


# Your turn: a log in log_file that explains every run, also the one that fails half-way.
def run(tables: Sequence[Path], log_file: Path) -> dict[str, float]:
    """Return the used share of each table by its name; a table that fails is left out."""
    shares = {}
    for table in tables:
        try:
            _, shares[table.name] = used_share(table)
            print("ok")
        except Exception:
            print("something went wrong")
    return shares
