"""A small repository with this module in a folder of it, as DVC and git see it.

In: a folder. Out: the module's DVC files and code under ``module``, with settings that run in
seconds, committed to a git of its own. Nothing of the user's git or DVC is read.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

MODULE = Path(__file__).parents[1]
COPIED = (".dvcignore", ".dvc/config", ".dvc/.gitignore", "dvc.yaml", "params.yaml", "config",
          "src")
#: The stages that are run; the others take the audit's time and nothing of DVC's.
STAGES = ("generate", "prepare", "train", "evaluate")
QUICK: dict[str, dict[str, Any]] = {
    "generate": {"rows": 1500, "bias": 0.0},
    "train": {"candidates": ["logistic_regression"], "folds": 2},
    "evaluate": {"bootstrap_resamples": 100}}


class Repository:
    """Runs git and DVC in the module's folder of a throw-away repository."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "module"
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
            "HOME": str(folder), "DVC_NO_ANALYTICS": "1", "PYTHONPATH": "src",
            "OMP_NUM_THREADS": "1", "DVC_SITE_CACHE_DIR": str(folder / "site"),
            "DVC_GLOBAL_CONFIG_DIR": str(folder / "none"), "GIT_CONFIG_NOSYSTEM": "1",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            **{f"GIT_{who}_{what}": "tests@example.org" for who in ("AUTHOR", "COMMITTER")
               for what in ("NAME", "EMAIL")}}

    def run(self, *words: str, is_expected_to_work: bool = True, **changes: str
            ) -> "subprocess.CompletedProcess[str]":
        """Run a program and return what it said; its failure is the test's, unless expected."""
        done = subprocess.run(words, cwd=self.folder, env=self.environment | changes, text=True,
                              capture_output=True, check=False, timeout=250)
        assert (done.returncode == 0) == is_expected_to_work, done.stdout + done.stderr
        return done

    def dvc(self, *words: str, is_expected_to_work: bool = True) -> str:
        """Run DVC and return what it printed, faults and all."""
        done = self.run("dvc", *words, is_expected_to_work=is_expected_to_work)
        return done.stdout + done.stderr

    def commit(self, words: str) -> None:
        """Commit everything to git."""
        self.run("git", "add", "-A")
        self.run("git", "commit", "-q", "-m", words)


def rewrite(path: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change what a YAML file holds."""
    path.write_text(yaml.safe_dump(change(yaml.safe_load(path.read_text("utf-8"))),
                                   sort_keys=False), encoding="utf-8")


def make_repository(folder: Path) -> Repository:
    """Copy the module's DVC files and code, make its settings quick, and commit."""
    found = Repository(folder)
    for name in COPIED:
        source, target = MODULE / name, found.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    rewrite(found.folder / "params.yaml", lambda values: {
        name: {**value, **QUICK[name]} if name in QUICK else value
        for name, value in values.items()})
    rewrite(found.folder / "dvc.yaml", lambda content: {
        "stages": {name: content["stages"][name] for name in STAGES}})
    (folder / ".gitignore").write_text("build/\n__pycache__/\nsite/\n", encoding="utf-8")
    found.run("git", "init", "-q", str(folder))
    found.commit("start")
    return found
