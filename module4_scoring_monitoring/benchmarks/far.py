"""How far one machine goes: ingest of a hundred million rows within a cap of memory.

In: a folder, rows. Out: figures. The drops are made by the engine itself, in files of equal
size, one row in twenty repeated; they and the results are removed afterwards.
"""

import shutil
import sys
from pathlib import Path

from benchmarks.cost import cost_of

_BYTES_PER_ROW = 45  # of drops and results together, with room to spare


class NoRoom(RuntimeError):
    """The disk has too little free space for the measurement."""


def write_far(folder: Path, rows: int, files: int) -> None:
    """Write drops of together ``rows`` rows, each from the digits of a hash of its number."""
    import duckdb  # pylint: disable=import-outside-toplevel  # the process that measures is small

    from riskwatch.engine import quoted  # pylint: disable=import-outside-toplevel
    from riskwatch.schema import NAMES  # pylint: disable=import-outside-toplevel

    folder.mkdir(parents=True)
    letters = " || ".join(f"chr(97 + (h // {26 ** place} % 26)::INT)" for place in range(4))
    columns = (letters, "h // 456976 % 1000", "h // 456976 % 1000 + h // 456976000 % 9000",
               "h // 4112784000000 % 500", "h % 7 // 6")
    named = ", ".join(f"{sql} AS {name}" for sql, name in zip(columns, NAMES))
    connection = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "300MB"})
    size = rows // files
    for number in range(files):
        first = number * size
        connection.execute(
            f"COPY (SELECT {named} FROM (SELECT hash(CASE WHEN i % 20 = 19 THEN i - 7 ELSE i END)"
            f" AS h FROM range({first}, {first + size}) x(i))) "
            f"TO {quoted(folder / f'{number:05d}.csv')} (FORMAT csv, HEADER true)")
    connection.close()


def measure_far(folder: Path, rows: int = 100_000_000, files: int = 20) -> dict[str, float]:
    """Ingest once, and once more what is known.

    Parameters
    ----------
    folder : Path
        To work in; what is written is removed.
    rows, files : int

    Returns
    -------
    dict
        CPU and wall seconds, peak megabytes, bytes.

    Raises
    ------
    NoRoom
        The disk is too full.
    """
    if shutil.disk_usage(folder).free < rows * _BYTES_PER_ROW:
        raise NoRoom(f"{folder}: {rows} rows need {rows * _BYTES_PER_ROW / 1e9:.1f} GB")
    drops, out = folder / "drops", folder / "out"
    try:
        cost_of(["-m", "benchmarks.far", str(drops), str(rows), str(files)])
        command = ["-m", "riskwatch.cli", "ingest", "--data", str(drops), "--out", str(out)]
        first, again = cost_of(command), cost_of(command)
        return {
            "rows": rows, "files": files, "cpu_seconds": first.cpu_seconds,
            "wall_seconds": first.wall_seconds, "peak_megabytes": first.peak_megabytes,
            "million_rows_per_cpu_second": rows / 1e6 / first.cpu_seconds,
            "known_files_cpu_seconds": again.cpu_seconds,
            "text_gigabytes": _size(drops) / 1e9, "kept_gigabytes": _size(out / "data") / 1e9}
    finally:
        for path in (drops, out):
            shutil.rmtree(path, ignore_errors=True)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    write_far(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
