"""The steps of a Containerfile, done in a folder instead of by a builder.

COPY copies, ENV sets, the install steps give exactly the packages of the lock, taken from this
environment, and the module itself, built; the command runs with nothing else on its path.
"""

import json
import shlex
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement


def instructions(text: str) -> list[tuple[str, str]]:
    """Return each instruction of a Containerfile with its words."""
    lines = [line.strip() for line in text.replace("\\\n", " ").splitlines()]
    parts = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return [(name, words.strip()) for name, _, words in parts]


def one(steps: list[tuple[str, str]], name: str) -> str:
    """Return the words of the last instruction of a name, which is the one that counts."""
    return [words for instruction, words in steps if instruction == name][-1]


def pins(lock: Path) -> dict[str, str]:
    """Return the requirements of a lock that hold for this Python, by name."""
    lines = [line.rstrip(" \\") for line in lock.read_text("utf-8").splitlines()
             if line[:1].isalnum()]
    found = [Requirement(line) for line in lines]
    return {each.name: str(each.specifier) for each in found
            if each.marker is None or each.marker.evaluate()}


def install(lock: Path, folder: Path) -> None:
    """Put the packages of a lock, and no others, into a folder."""
    folder.mkdir(parents=True)
    for name, pin in pins(lock).items():
        package = metadata.distribution(name)
        assert pin == f"=={package.version}", f"{name}: installed is {package.version}"
        for top in {file.parts[0] for file in package.files or ()} - {"..", "__pycache__"}:
            if not (folder / top).exists():
                (folder / top).symlink_to(Path(str(package.locate_file(top))))


def build(source: Path, folder: Path) -> None:
    """Build the module as pip does without isolation, into the folder of the packages."""
    subprocess.run([Path(sys.executable).with_name("uv"), "pip", "install", "-q", "--offline",
                    "--no-cache", "--no-deps", "--no-build-isolation", "--python", sys.executable,
                    "--target", folder, source], check=True)


class Image:
    """What the steps make, below a folder that stands for the root of the image."""

    def __init__(self, steps: list[tuple[str, str]], context: Path, root: Path) -> None:
        self.steps, self.root = steps, root
        for name, words in steps:
            if name == "COPY":
                self._copy(context, *words.split())
            elif name == "RUN" and "pip install" in words:
                target = root / shlex.split(words)[-1].lstrip("/")
                if "--require-hashes" in words:
                    install(target, root / "packages")
                else:
                    build(target, root / "packages")

    def _copy(self, context: Path, source: str, target: str) -> None:
        place = self.root / target.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        if (context / source).is_dir():
            shutil.copytree(context / source, place, symlinks=True,
                            ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(context / source, place)

    def environment(self) -> dict[str, str]:
        """Return what ENV sets, and the packages."""
        found = dict(word.split("=", 1) for word in shlex.split(one(self.steps, "ENV")))
        return {**found, "PYTHONPATH": f"{self.root}/packages", "PATH": "/usr/bin:/bin",
                "HOME": "/nonexistent"}

    def command(self, port: int) -> list[str]:
        """Return what ENTRYPOINT and CMD run, on a port of loopback."""
        return self.words(*json.loads(one(self.steps, "CMD")), port=port)

    def words(self, *words: str, port: int = 0) -> list[str]:
        """Return what the entry point runs with other words than CMD's."""
        return self._here([*json.loads(one(self.steps, "ENTRYPOINT")), *words], port)

    def health_check(self, port: int) -> list[str]:
        """Return what HEALTHCHECK runs."""
        return self._here(json.loads(one(self.steps, "HEALTHCHECK").partition(" CMD ")[2]), port)

    def _here(self, words: list[str], port: int) -> list[str]:
        assert words[0] == "python3"
        changed = [word.replace("/var/lib/", f"{self.root}/var/lib/").replace("8080", str(port))
                   .replace("0.0.0.0", "127.0.0.1") for word in words[1:]]
        # Without site: only what PYTHONPATH names can be imported.
        return [sys.executable, "-S", *changed]
