"""Drills for tests: begun once each, copied for every way to go on, mended by the runbook.

In: a drill's number. Out: a folder in which its commands are run, as a person would type them.
"""

import io
import re
import shlex
import shutil
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from riskwatch.cli import main
from riskwatch.drill_faults import DRILLS
from riskwatch.drill_place import PLAYED, Scene, prepare
from riskwatch.drills import Verdict, check, start

RUNBOOKS = Path(__file__).parents[1] / "deploy" / "runbooks"
NUMBERS = range(1, len(DRILLS) + 1)
#: They live as long as the tests do.
_KEPT: list["TemporaryDirectory[str]"] = []


@dataclass(frozen=True)
class Begun:
    """A drill that has begun, in a folder of its own."""

    out: Path
    number: int

    @property
    def folder(self) -> Path:
        """Its workplace."""
        return self.out / f"drill-{self.number}"

    def run(self, line: str) -> str:
        """Run a line of a page; return what it printed to standard output.

        Reports are left out, because their pictures take longer than all the rest.
        """
        line = line.replace("$DRILL", str(self.folder))
        if not line.startswith("riskwatch "):
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", line], check=False,
                                  capture_output=True, text=True, timeout=60)
            assert done.returncode == 0, done.stderr
            return done.stdout
        output = io.StringIO()
        with (redirect_stdout(output), redirect_stderr(io.StringIO()),
              patch("riskwatch.stages.STAGES", PLAYED)):
            main(shlex.split(line)[1:])
        return output.getvalue()

    def riskwatch(self, words: str) -> str:
        """Run a command of the program in the drill's workplace."""
        return self.run(f'riskwatch {words} --out "$DRILL" --config "$DRILL/riskwatch.toml"')

    def verdict(self) -> Verdict:
        """What `riskwatch drill check` says."""
        return check(self.out, self.number)


def new_folder() -> Path:
    """Return a folder that goes when the tests end."""
    # pylint: disable-next=consider-using-with
    _KEPT.append(TemporaryDirectory(prefix="a drill "))
    return Path(_KEPT[-1].name)


@cache
def history(silent_days: float) -> Scene:
    """Return a history that was really played, once for all drills that begin with the same."""
    return prepare(new_folder() / "history", datetime.now(UTC), silent_days)


def _as_prepared(folder: Path, _: datetime, silent_days: float) -> Scene:
    scene = history(silent_days)
    shutil.copytree(scene.place.out, folder, symlinks=True, dirs_exist_ok=True)
    return scene.at(replace(scene.place, out=folder))


@cache
def _begun(number: int) -> Path:
    out = new_folder()
    with patch("riskwatch.drills.prepare", _as_prepared):
        start(out, number, datetime.now(UTC))
    return out


def begun(number: int, folder: Path) -> Begun:
    """Return a fresh copy of a drill that has begun."""
    shutil.copytree(_begun(number), folder, symlinks=True, dirs_exist_ok=True)
    return Begun(folder, number)


@dataclass(frozen=True)
class Page:
    """A page of the runbook: commands that find the fault, their words, commands that mend it."""

    find: list[str]
    prints: list[str]
    mend: list[str]


def page(number: int) -> Page:
    """Return the page of a drill."""
    text = (RUNBOOKS / f"{DRILLS[number - 1].fault}.md").read_text(encoding="utf-8")
    blocks = [block.splitlines() for block in re.findall(r"```\w+\n(.*?)\n```", text, re.DOTALL)]
    assert len(blocks) == 3 and re.findall(r"^## (.*)", text, re.MULTILINE) == [
        "Find it", "Cause", "Mend it", "Prevent it"]
    return Page(*blocks)
