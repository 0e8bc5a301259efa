"""A repository with one module and two short tasks, for tests of what leads a learner."""

import subprocess
import sys
from pathlib import Path

from coursekit.cli import main

INDEX = '''module = 1

[[lesson]]
folder = "01_sums"
title = "Sums"

[[lesson.task]]
name = "double"
title = "Twice as much"
outcomes = ["M1.L1.1"]
minutes = 5
edit = "exercise.py"
solution = "capstone.sums:double"
hints = ["Think of two.", "Times two.", "return 2 * number"]

[[lesson.task]]
name = "half"
title = "Half as much"
outcomes = ["M1.L1.2"]
minutes = 5
edit = "exercise.py"
hints = ["Divide."]
'''
CHECK = '''"""Checks of the sums."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from checking import answer


def test_double():
    """Twice."""
    got = answer("double", "double", 4)
    assert got == 8, f"double(4): got {got}, expected 8"


def test_half():
    """Half."""
    got = answer("half", "half", 4)
    assert got == 2, f"half(4): got {got}, expected 2"
'''
CHECKING = '''"""Loads the work."""
import os
import runpy
from pathlib import Path


def answer(task, name, number):
    """Call the learner's function."""
    return runpy.run_path(str(Path(os.environ["LESSON_WORK"], task, "exercise.py")))[name](number)
'''
STARTER = '"""{name}."""\n\n\n# Your turn: the right number.\ndef {name}(number):\n    return 0\n'
SOLVED = STARTER.replace("return 0", "return {answer}")
GIT = ["git", "-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c",
       "commit.gpgsign=false"]


def write(path: Path, text: str) -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def make_course(root: Path) -> Path:
    """Make the repository and return the folder of its lessons."""
    module = root / "module1_sums"
    lessons = module / "lessons"
    python = write(module / ".venv" / "bin" / "python",
                   f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    write(module / "pyproject.toml", "[tool.pytest.ini_options]\ntimeout = 60\n")
    write(module / "src" / "capstone" / "sums.py",
          'def double(number):\n    """Return twice."""\n    return 2 * number\n')
    write(lessons / "index.toml", INDEX)
    write(lessons / ".gitignore", "*/work/\n.progress.json\n")
    write(lessons / "checking.py", CHECKING)
    write(lessons / "01_sums" / "check_exercise.py", CHECK)
    for name in ("double", "half"):
        write(lessons / "01_sums" / "starter" / name / "exercise.py", STARTER.format(name=name))
    write(lessons / "solutions" / "01_sums" / "half" / "exercise.py",
          SOLVED.format(name="half", answer="number / 2"))
    return lessons


def commit(root: Path) -> None:
    """Put everything into git."""
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Begin"]):
        subprocess.run([*GIT, *words], cwd=root, check=True)


def solve(lessons: Path, name: str, answer: str) -> Path:
    """Write a learner's answer."""
    return write(lessons / "01_sums" / "work" / name / "exercise.py",
                 SOLVED.format(name=name, answer=answer))


def learn(root: Path, *words: str) -> int:
    """Run the command line in this process."""
    return main(["learn", *words, "--from", str(root)])
