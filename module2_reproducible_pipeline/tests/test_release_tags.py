"""The story of two releases, played with tags in a repository of its own by ``mlflow run -v``.

In: this module's code, tagged 1.0.0 without the filter of places and 1.0.1 with it. Out: each
tag runs its own code on the second drop, the first is refused and the second passes.
MLflow checks a tag out in place, so it is given a clone that nobody else needs.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from quick import run_captured

from rentals.artifacts import Store
from rentals.synthetic import write_listings_drop

MODULE = Path(__file__).parents[1]
#: Smaller than in the story, where the usual sizes are checked.
SMALL = "tracking=off checks.min_rows=1000"


def _git(folder: Path, *words: str) -> str:
    """Run git without the user's configuration."""
    environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    identity = ("-c", "user.name=Release Story", "-c", "user.email=story@example.invalid",
                "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false")
    return subprocess.run(["git", *identity, *words], cwd=folder, env=environment, check=True,
                          capture_output=True, text=True).stdout.strip()


def _tag_release(repository: Path, version: str, drops_outside: str) -> None:
    """Commit and tag the module as a release with its version and its filter."""
    for name, setting in (("src/rentals/__init__.py", "__version__ = "),
                          ("config/config.yaml", "  drop_outside_box: ")):
        path = repository / name
        value = f'"{version}"' if "version" in setting else drops_outside
        lines = path.read_text(encoding="utf-8").splitlines()
        changed = [setting + value if line.startswith(setting) else line for line in lines]
        assert sum(line == setting + value for line in changed) == 1
        path.write_text("\n".join(changed) + "\n", encoding="utf-8")
    _git(repository, "add", "--all")
    _git(repository, "commit", "--quiet", "--allow-empty", "--message", f"Release {version}")
    _git(repository, "tag", version)


@pytest.fixture(name="repository")
def repository_fixture(tmp_path: Path) -> Path:
    """A repository of the module with both tags."""
    repository = tmp_path / "repository"
    for name in ("src", "config"):
        shutil.copytree(MODULE / name, repository / name,
                        ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(MODULE / "MLproject", repository)
    _git(repository, "init", "--quiet", "--initial-branch=main")
    _tag_release(repository, "1.0.0", "false")
    _tag_release(repository, "1.0.1", "true")
    return repository


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "MLFLOW_TRACKING_URI": f"sqlite:///{folder}/story.db", "GIT_PYTHON_REFRESH": "quiet",
        "MLFLOW_DISABLE_TELEMETRY": "true", "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1"}


def _run_tag(repository: Path, tag: str, options: str) -> subprocess.CompletedProcess[str]:
    """Let MLflow run a tag on the drop of ``options``, from a clone that is thrown away."""
    folder = repository.parent
    clone = folder / f"clone of {tag}".replace(" ", "_")
    _git(folder, "clone", "--quiet", str(repository), str(clone))
    command = [sys.executable, "-m", "mlflow", "run", str(clone), "--version", tag,
               "--env-manager", "local", "-P", "steps=fetch,clean,check",
               "-P", f"out={folder / 'out'}", "-P", f"hydra_options={options} {SMALL}"]
    return subprocess.run(command, cwd=folder, env=_environment(folder), check=False,
                          capture_output=True, text=True, timeout=280)


def test_the_second_drop_stops_tag_1_0_0_and_passes_with_tag_1_0_1(repository: Path) -> None:
    folder = repository.parent
    code, said = run_captured(["run", "--out", str(folder / "out"), "--steps",
                               "fetch,clean,check", "data.rows=3000", *SMALL.split()])
    assert code == 0, said
    head = _git(repository, "rev-parse", "HEAD")

    stopped = _run_tag(repository, "1.0.0", "data=second_drop data.rows=4000")
    said = stopped.stdout + stopped.stderr
    assert stopped.returncode != 0
    assert "rentals 1.0.0 run" in said and "rentals 1.0.1" not in said
    assert "1 of 23 checks failed; inside_box: " in said
    manifest = write_listings_drop(folder / "drop.csv", 4000, 42, 2)
    named = said[said.index("inside_box: "):].splitlines()[0]
    assert named.count(" id ") == 5 == sum(f" id {outlier.id} (longitude " in named for outlier
                                           in manifest.planted.coordinate_outliers)

    passed = _run_tag(repository, "1.0.1", "data=second_drop data.rows=4000")
    said = passed.stdout + passed.stderr
    assert passed.returncode == 0, said
    assert "rentals 1.0.1 run" in said and "rentals 1.0.0" not in said
    assert "none failed" in said
    # A run of a tag gives the bytes of a run in one process.
    words = f"data=second_drop data.rows=4000 {SMALL}".split()
    assert run_captured(["run", "--out", str(folder / "own"), "--steps", "fetch,clean",
                         *words])[0] == 0
    theirs, ours = (Store(folder / name / "artifacts") for name in ("out", "own"))
    for name in ("sample.csv", "sample.manifest.json", "clean_sample.csv", "dropped_rows.csv"):
        assert theirs.get(name).digest == ours.get(name).digest, name
    # What the user has checked out is left alone.
    assert _git(repository, "rev-parse", "HEAD") == head
    assert _git(repository, "branch", "--show-current") == "main"
    assert not _git(repository, "status", "--porcelain")
