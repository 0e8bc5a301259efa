"""Trusted commands of the module's own environment, such as the one that makes data.

In: a command. Out: the folder in which it ran, kept for a day for the next grading.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from coursekit import contract
from coursekit.environment import CACHE
from coursekit.expect import GraderFault
from coursekit.rubric import Rubric

REFERENCE_SECONDS = 180
KEPT = CACHE.parent / "reference"
KEPT_SECONDS = 86_400


def digest_of(folder: Path) -> str:
    """Return the digest of all files of a folder, with their names."""
    total = hashlib.sha256()
    for name in contract.list_files(folder):
        inner = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        total.update(f"{inner}  {name}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()


class Reference:  # pylint: disable=too-few-public-methods
    """Runs commands of a module; what one gave is kept by the digest of code and words."""

    def __init__(self, rubric: Rubric, kept: Path = KEPT) -> None:
        self._module = rubric.module_folder
        self._bin = rubric.module_folder / ".venv" / "bin"
        self._kept = kept

    def run(self, words: list[str]) -> Path:
        """Run a command in a fresh folder, unless it is known, and return that folder.

        Raises
        ------
        GraderFault
            When it fails.
        """
        key = repr((digest_of(self._module / "src"), sys.version_info[:2], words))
        folder = self._kept / hashlib.sha256(key.encode()).hexdigest()[:20]
        if folder.is_dir():
            return folder
        if not (self._bin / words[0]).exists():
            raise GraderFault(f"{self._bin} has no {words[0]}: run `make setup` in the module")
        self._kept.mkdir(parents=True, exist_ok=True)
        forget_old(self._kept)
        with tempfile.TemporaryDirectory(dir=self._kept, prefix="part") as name:
            made = Path(name) / "made"
            made.mkdir()
            done = subprocess.run([str(self._bin / words[0]), *words[1:]], cwd=made, text=True,
                                  capture_output=True, timeout=REFERENCE_SECONDS, check=False)
            if done.returncode:
                raise GraderFault(f"the reference's {' '.join(words)} ended with "
                                  f"{done.returncode}: {done.stderr[-500:]}")
            try:
                os.rename(made, folder)
            except OSError:
                # Another grading was quicker.
                if not folder.is_dir():
                    raise
        return folder


def forget_old(kept: Path) -> None:
    """Take away what is older than a day; no grading lasts so long."""
    for path in kept.iterdir():
        try:
            if time.time() - path.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
        except FileNotFoundError:
            continue
