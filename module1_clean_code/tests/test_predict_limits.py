"""Scoring at its limits, each in a process of its own: memory, file size, a full disk."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from customer_tables import many_rows, table_text

MOST_MEGABYTES = 300
MOST_GROWTH_MEGABYTES = 40

SCORE = """
import resource, sys
from pathlib import Path
from types import SimpleNamespace
import numpy as np
from churn.predict import score_file
from churn.settings import ReadingSettings
source, target, most_bytes = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
if most_bytes:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
model = SimpleNamespace(predict_proba=lambda features: np.full((len(features), 2), 0.5))
found = score_file(model, 0.5, source, target, ReadingSettings(block_bytes=10**6))
status = Path("/proc/self/status")  # there, because ru_maxrss counts the parent's memory too
kilobytes = (int(status.read_text().partition("VmHWM:")[2].split()[0]) if status.exists()
             else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
print(found.rows, kilobytes // 1024)
"""


def _score_in_a_process(source: Path, target: Path, most_bytes: int = 0
                        ) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", SCORE, str(source), str(target), str(most_bytes)],
                          capture_output=True, text=True, check=False, timeout=120)


def _table(path: Path, rows: int) -> Path:
    """Write a table of many customers, no two of whom share an id or a change of amounts."""
    pattern = [row.split(",") for row in many_rows(240)]
    parts = [(",".join(row[1:16]), ",".join(row[17:])) for row in pattern]
    with path.open("w", encoding="utf-8") as stream:
        stream.write(table_text(rows=()))
        for number in range(rows):
            left, right = parts[number % 240]
            stream.write(f"{10**9 + number},{left},1.{number:06d},{right}\n")
    return path


def test_memory_does_not_grow_with_the_rows(tmp_path: Path,
                                            say: Callable[[str], None]) -> None:
    peaks = {}
    for rows in (20_000, 200_000):
        source = _table(tmp_path / "customers.csv", rows)
        answer = _score_in_a_process(source, tmp_path / "predictions.csv")
        found, peaks[rows] = map(int, answer.stdout.split())
        assert (found, answer.stderr) == (rows, "")
        source.unlink()
    say(f"predict: 200,000 rows with a peak of {peaks[200_000]} MiB, "
        f"20,000 rows with {peaks[20_000]} MiB")
    assert peaks[200_000] < MOST_MEGABYTES
    assert peaks[200_000] - peaks[20_000] < MOST_GROWTH_MEGABYTES


def test_file_that_may_not_grow_leaves_the_old_result(tmp_path: Path,
                                                      write_table: Callable[..., Path]) -> None:
    source, target = write_table(table_text(rows=many_rows(400))), tmp_path / "predictions.csv"
    target.write_text("old", encoding="utf-8")
    answer = _score_in_a_process(source, target, most_bytes=5000)
    last_line = answer.stderr.splitlines()[-1]
    assert answer.returncode == 1
    assert last_line.startswith(f"churn.errors.OutputError: cannot write {target}: File too large")
    assert target.read_text(encoding="utf-8") == "old"
    assert sorted(tmp_path.iterdir()) == [source, target]


@pytest.fixture(name="tiny_disk")
def mounted_tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with room for 64 KiB, where a file system can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() or sys.platform != "linux" or subprocess.run(
            mount, capture_output=True, check=False).returncode:
        pytest.skip("only root on Linux can mount a tiny disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_full_disk_leaves_the_old_result(tiny_disk: Path,
                                         write_table: Callable[..., Path]) -> None:
    source, target = write_table(table_text(rows=many_rows(5000))), tiny_disk / "predictions.csv"
    target.write_text("old", encoding="utf-8")
    answer = _score_in_a_process(source, target)
    last_line = answer.stderr.splitlines()[-1]
    assert last_line == (f"churn.errors.OutputError: cannot write {target}: No space left on "
                         "device; free some space")
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tiny_disk.iterdir()) == [target]
