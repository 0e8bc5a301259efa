"""The steps of a Containerfile, done in a folder instead of by a builder.

COPY copies, ENV sets, the install step gives exactly the packages of the lock, taken from this
environment, and the command runs with nothing else on its path.
"""

import json
import shlex
import shutil
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

MODULE = Path(__file__).parents[1]


def instructions(text):
    """Return each instruction of a Containerfile with its words."""
    joined = text.replace("\\\n", " ")
    lines = [line.strip() for line in joined.splitlines()]
    return [tuple(line.split(None, 1)) for line in lines if line and not line.startswith("#")]


def one(steps, name):
    """Return the words of the last instruction of a name, which is the one that counts."""
    return [words for instruction, words in steps if instruction == name][-1]


def pins(lock):
    """Return the requirements of a lock that hold for this Python, by name."""
    lines = [line.rstrip(" \\") for line in lock.read_text("utf-8").splitlines()
             if line[:1].isalnum()]
    found = [Requirement(line) for line in lines]
    return {each.name: str(each.specifier) for each in found
            if each.marker is None or each.marker.evaluate()}


def install(lock, folder):
    """Put the packages of a lock, and no others, into a folder."""
    folder.mkdir(parents=True)
    for name, pin in pins(lock).items():
        package = metadata.distribution(name)
        assert pin == f"=={package.version}", f"{name}: installed is {package.version}"
        for top in {file.parts[0] for file in package.files} - {"..", "__pycache__"}:
            if not (folder / top).exists():
                (folder / top).symlink_to(package.locate_file(top))


class Image:
    """What the steps make, below a folder that stands for the root of the image."""

    def __init__(self, steps, context, root):
        self.steps, self.root = steps, root
        for name, words in steps:
            if name == "COPY":
                source, target = words.split()
                place = root / target.lstrip("/")
                place.parent.mkdir(parents=True, exist_ok=True)
                if (context / source).is_dir():
                    shutil.copytree(context / source, place, symlinks=True)
                else:
                    shutil.copyfile(context / source, place)
            elif name == "RUN" and "pip install" in words:
                lock = shlex.split(words)[-1]
                install(root / lock.lstrip("/"), root / "packages")

    def environment(self):
        """Return what ENV sets, and the packages."""
        found = dict(word.split("=", 1) for word in shlex.split(one(self.steps, "ENV")))
        found["PYTHONPATH"] = f"{self.root}{found['PYTHONPATH']}:{self.root}/packages"
        return {**found, "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}

    def command(self, port):
        """Return what ENTRYPOINT and CMD run, on a port of loopback."""
        words = json.loads(one(self.steps, "ENTRYPOINT")) + json.loads(one(self.steps, "CMD"))
        return self._here(words, port)

    def health_check(self, port):
        """Return what HEALTHCHECK runs."""
        return self._here(json.loads(one(self.steps, "HEALTHCHECK").partition(" CMD ")[2]), port)

    def _here(self, words, port):
        assert words[0] == "python3"
        changed = [word.replace("/opt/", f"{self.root}/opt/").replace("8080", str(port))
                   .replace("0.0.0.0", "127.0.0.1") for word in words[1:]]
        # Without site: only what PYTHONPATH names can be imported.
        return [sys.executable, "-S", *changed]
