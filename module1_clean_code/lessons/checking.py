"""What the checks of all lessons share: find the work, load it, and say plainly what is wrong.

In: a file of the learner. Out: its module or text, or a failed test with a sentence.
Runs by plain pytest in the environment of this module; nothing else is needed.
"""

import ast
import importlib.util
import inspect
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

MODULE = Path(os.environ.get("LESSON_MODULE") or Path(__file__).resolve().parents[1])
if str(MODULE) not in sys.path:
    sys.path.insert(0, str(MODULE))


def work_folder(check_file: str, task: str) -> Path:
    """Return the folder of a learner's work on a task, or fail with what to do."""
    beside = Path(check_file).resolve().parent / "work"
    folder = Path(os.environ.get("LESSON_WORK") or beside) / task
    if not folder.is_dir():
        pytest.fail(f"There is no work/{task} yet. `make learn` in the repository makes it; "
                    f"alone, copy starter/{task} to work/{task}.")
    return folder


def load(path: Path) -> ModuleType:
    """Import a file of the learner; a file that Python cannot read is named with its line."""
    if not path.is_file():
        pytest.fail(f"{path.name} is missing; the verb reset puts the starter back.")
    name = f"work_{path.parent.name}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None, f"{path.name} is no Python file"
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    parsed(path)
    spec.loader.exec_module(module)
    return module


def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a file of the learner, or fail with the line that is wrong."""
    try:
        return ast.parse(text_of(path), str(path))
    except SyntaxError as err:
        return pytest.fail(f"{path.name}, line {err.lineno}: Python cannot read this: {err.msg}\n"
                           f"    {(err.text or '').strip()}")


def function(module: ModuleType, name: str, call: str) -> Callable[..., Any]:
    """Return a function of the learner, or fail with the call that the task wants."""
    found = getattr(module, name, None)
    assert callable(found), (f"{Path(str(module.__file__)).name} has no function {name}; "
                             f"the task asks for {call}")
    wanted = ast.parse(call, mode="eval").body
    assert isinstance(wanted, ast.Call), f"{call} is no call"
    names = {str(each.arg): None for each in wanted.keywords}
    try:
        inspect.signature(found).bind(*wanted.args, **names)
    except TypeError as err:
        pytest.fail(f"{name} cannot be called as the task asks for, {call}: {err}")
    return found


def text_of(path: Path) -> str:
    """Return the text of a file of the learner."""
    if not path.is_file():
        pytest.fail(f"{path.name} is missing in {path.parent.name}/; "
                    "the verb reset puts the starter back.")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as err:
        return pytest.fail(f"{path.name} is not UTF-8 (byte {err.start}): save it as UTF-8.")


def toml_of(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file of the learner."""
    try:
        return tomllib.loads(text_of(path))
    except tomllib.TOMLDecodeError as err:
        return pytest.fail(f"{path.name} is no TOML any more: {err}")


def run(command: list[str], folder: Path, seconds: float = 30, **variables: str
        ) -> "subprocess.CompletedProcess[str]":
    """Run a program to its end, with git's settings of this machine left out."""
    kept = {key: value for key, value in os.environ.items()
            if not key.startswith(("GIT_", "PYTEST_", "COV_"))}
    kept |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_EDITOR": "true",
             "GIT_TERMINAL_PROMPT": "0", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8",
             "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    try:
        return subprocess.run(command, cwd=folder, env=kept | variables, check=False, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=seconds)
    except subprocess.TimeoutExpired:
        return pytest.fail(f"`{' '.join(command)}` did not end within {seconds:.0f} seconds.")


def git(folder: Path, *arguments: str) -> str:
    """Return what git prints, without the last line end; fail where git does."""
    done = run(["git", *arguments], folder)
    assert done.returncode == 0, (f"git {' '.join(arguments)} failed in {folder.name}: "
                                  f"{done.stderr.strip()}")
    return done.stdout.rstrip("\n")


def shortened(value: object, most: int = 300) -> str:
    """Return a value as text of bounded length."""
    text = repr(value)
    return text if len(text) <= most else f"{text[:most]} …"
