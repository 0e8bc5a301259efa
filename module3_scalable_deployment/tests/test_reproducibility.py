"""The same bytes on other machines, and the digests of the committed lock on Python 3.12."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

MODULE = Path(__file__).parents[1]
LOCK = yaml.safe_load((MODULE / "dvc.lock").read_text(encoding="utf-8"))["stages"]
STAGES = ("generate", "prepare", "train", "evaluate", "slices", "bias", "card")
#: Both hold versions of Python and NumPy, which differ between Pythons; the card hashes the first.
OF_ONE_PYTHON = {"build/model/manifest.json", "build/card"}
FEATURES = ("from numpy._core._multiarray_umath import __cpu_dispatch__ as d, "
            "__cpu_features__ as f; print(' '.join(x for x in d if f.get(x)))")


def run_stages(out: Path, stages: tuple[str, ...], **environment: str) -> None:
    """Run stages by their commands, as DVC does, each in a process of its own."""
    for stage in stages:
        subprocess.run([sys.executable, "-m", "census.cli", stage, "--out", str(out), "--params",
                        str(MODULE / "params.yaml")], check=True, capture_output=True, cwd=out,
                       env=os.environ | environment, timeout=200)


def digest(path: Path) -> str:
    """Return the digest of a file, or of a folder as DVC computes it."""
    if path.is_file():
        return hashlib.md5(path.read_bytes()).hexdigest()
    files = sorted(file for file in path.rglob("*") if file.is_file())
    entries = ", ".join(f'{{"md5": "{digest(file)}", "relpath": "{file.relative_to(path)}"}}'
                        for file in files)
    return hashlib.md5(f"[{entries}]".encode()).hexdigest() + ".dir"


@pytest.fixture(scope="module", name="out")
def out_fixture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All stages with the committed settings, run once."""
    folder = tmp_path_factory.mktemp("build")
    run_stages(folder, STAGES)
    return folder


@pytest.mark.parametrize("stage", STAGES)
def test_a_run_from_nothing_gives_the_digests_of_the_lock(out: Path, stage: str) -> None:
    is_reference = sys.version_info[:2] == (3, 12)
    for entry in LOCK[stage]["outs"]:
        if is_reference or entry["path"] not in OF_ONE_PYTHON:
            found = digest(out / Path(entry["path"]).relative_to("build"))
            assert found == entry["md5"], entry["path"]


def test_other_kernels_hash_seeds_and_threads_give_the_same_bytes(
        out: Path, tmp_path: Path) -> None:
    features = subprocess.run([sys.executable, "-c", FEATURES], check=True, text=True,
                              capture_output=True).stdout.strip()
    for name in ("data", "prepared"):
        (tmp_path / name).symlink_to(out / name)
    run_stages(tmp_path, ("train", "evaluate", "slices", "bias", "card"), PYTHONHASHSEED="3",
               NPY_DISABLE_CPU_FEATURES=features, OPENBLAS_CORETYPE="Haswell",
               OMP_NUM_THREADS="2", TZ="Asia/Tokyo", LC_ALL="C")
    compared = 0
    for folder in ("model", "evaluation", "slices", "bias", "card"):
        for path in sorted((out / folder).rglob("*")):
            assert path.read_bytes() == (tmp_path / path.relative_to(out)).read_bytes(), path
            compared += 1
    assert compared >= 30
