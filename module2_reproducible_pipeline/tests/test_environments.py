"""The same bytes in other surroundings: hash seed, time zone, locale, threads, home, folder."""

import os
import subprocess
import sys

import pytest
from quick import WORDS

from rentals.artifacts import Store
from rentals.lineage import all_runs

SURROUNDINGS = {
    "hash seed": {"PYTHONHASHSEED": "7"},
    "time zone": {"TZ": "Asia/Tokyo"},
    "locale": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"},
    "two threads": {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"},
    "no home": {"HOME": "/nonexistent"},
    "no bytecode": {"PYTHONDONTWRITEBYTECODE": "1"},
    "optimised": {"PYTHONOPTIMIZE": "1"},
    "all at once": {"PYTHONHASHSEED": "3", "TZ": "America/New_York", "LC_ALL": "C",
                    "OMP_NUM_THREADS": "2", "HOME": "/nonexistent"},
}


def _digests(out):
    return {use.name: use.digest for record in all_runs(Store(out / "artifacts"))[:10]
            for use in record.outputs}


@pytest.mark.soak
@pytest.mark.parametrize("name", SURROUNDINGS)
def test_the_surroundings_change_no_byte(home, tmp_path, name):
    done = subprocess.run(
        [sys.executable, "-m", "rentals.cli", "run", "--out", "elsewhere", *WORDS,
         "tracking.wandb=off"], cwd=tmp_path, env={**os.environ, **SURROUNDINGS[name]},
        capture_output=True, text=True, check=False, umask=0o077, timeout=280)
    assert done.returncode == 0, done.stderr
    assert _digests(tmp_path / "elsewhere") == _digests(home / "out")
