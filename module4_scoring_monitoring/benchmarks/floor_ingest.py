"""The floor of ingest: what the engine alone needs for the same bytes.

In: a folder of drops and a file. Out: that file. Digests, typed columns, rows that repeat
dropped, Parquet. No value is checked, no origin kept, no ledger; it cannot be done for less.
"""

import hashlib
import sys
from pathlib import Path

import duckdb

from riskwatch.engine import quoted
from riskwatch.schema import CORPORATION, NAMES


def merge_drops(folder: Path, target: Path) -> None:
    """Merge the drops of a folder into one file."""
    for path in sorted(folder.glob("*.csv")):
        with open(path, "rb") as stream:
            hashlib.file_digest(stream, "sha256")
    columns = ", ".join(f"'{name}': '{'VARCHAR' if name == CORPORATION else 'INTEGER'}'"
                        for name in NAMES)
    with duckdb.connect(":memory:", config={
            "threads": 1, "memory_limit": "400MB",
            "temp_directory": str(target.with_suffix(".spill"))}) as engine:
        engine.execute(
            f"COPY (SELECT DISTINCT * FROM read_csv({quoted(folder / '*.csv')}, header = true, "
            f"auto_detect = false, columns = {{{columns}}})) TO {quoted(target)} "
            "(FORMAT parquet)")


if __name__ == "__main__":
    merge_drops(Path(sys.argv[1]), Path(sys.argv[2]))
