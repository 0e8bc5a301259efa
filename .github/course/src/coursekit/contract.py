"""What a submission offers: the contract's default names, and the submission's own mapping.

In: ``contract.toml`` of the rubric, ``submission.toml`` of the submission. Out: names to try, and
sentences about what is wrong with the mapping. Nothing is imported here; text only.
"""

import fnmatch
import re
import shlex
import tomllib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from coursekit.expect import GraderFault

TARGET = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")
SKIPPED = {
    ".git",
    ".venv",
    "venv",
    "env",
    "__pycache__",
    "build",
    "node_modules",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".pytest_cache",
    "site-packages",
    ".tox",
    "mlruns",
    "wandb"}
SECTIONS = {"functions": str, "commands": str, "files": str, "layout": list}
MOST_MAPPING = 100_000


@dataclass
class Mapping:
    """Names of the contract in one submission, to be tried in order."""

    functions: dict[str, list[str]]
    commands: dict[str, list[list[str]]]
    files: dict[str, list[str]]
    layout: dict[str, list[str]]
    required: set[str]
    problems: list[str] = field(default_factory=list)


def load_contract(folder: Path) -> dict[str, Any]:
    """Return the contract of a rubric; a broken one is the grader's fault."""
    path = folder / "contract.toml"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise GraderFault(f"{path}: {fault}") from fault
    for section in ("functions", "commands", "files"):
        for name, entry in content.setdefault(section, {}).items():
            if not isinstance(entry, dict) or not isinstance(entry.get("names"), list):
                raise GraderFault(f"{path}: [{section}.{name}] needs a list `names`")
    content.setdefault("layout", {})
    return content


def map_submission(contract: dict[str, Any], root: Path) -> Mapping:
    """Return the mapping of a submission: the defaults, and what its own file says.

    Parameters
    ----------
    contract : dict
        As `load_contract` returned it.
    root : Path
        The top folder of the submission.

    Returns
    -------
    Mapping
        With a sentence in ``problems`` for each thing wrong in ``submission.toml``.
    """
    files = list_files(root)
    default = contract["layout"]
    found = Mapping(
        {name: list(entry["names"]) for name, entry in contract["functions"].items()},
        {name: [shlex.split(text) for text in entry["names"]]
         for name, entry in contract["commands"].items()},
        {name: list(entry["names"]) for name, entry in contract["files"].items()},
        {"path": _existing(root, default.get("path", ["src", "."])),
         "tests": _first_match(files, default.get("tests", ["tests", "test_*.py"])),
         "code": list(default.get("code", ["src", "*.py"]))},
        {f"{section}.{name}" for section in ("functions", "commands", "files")
         for name, entry in contract[section].items() if entry.get("required", True)})
    own = root / "submission.toml"
    if own.is_symlink() or not own.is_file():
        return found
    try:
        if own.stat().st_size > MOST_MAPPING:
            raise ValueError("it is longer than 100 kB")
        content = tomllib.loads(own.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        found.problems.append(f"submission.toml cannot be read: {fault}")
        return found
    for section, entries in content.items():
        _take_section(found, section, entries, files)
    return found


def _take_section(found: Mapping, section: str, entries: Any, files: list[str]) -> None:
    if section not in SECTIONS or not isinstance(entries, dict):
        found.problems.append(f"submission.toml: there is no section [{section}] in the contract")
        return
    table: dict[str, Any] = getattr(found, section)
    for name, value in entries.items():
        where = f"submission.toml: [{section}] {name}"
        if name not in table:
            found.problems.append(f"{where}: the contract knows {', '.join(table)}")
        elif not isinstance(value, SECTIONS[section]):
            found.problems.append(f"{where}: must be a {SECTIONS[section].__name__}")
        elif section == "functions" and not TARGET.fullmatch(value):
            found.problems.append(f"{where}: {value!r} is not of the form package.module:function")
        elif section != "layout":
            table[name] = [shlex.split(value) if section == "commands" else value]
        elif not all(isinstance(item, str) and is_below(item) for item in value):
            found.problems.append(f"{where}: names of files and folders inside of the submission")
        elif name != "path" and not _matching(files, value):
            found.problems.append(f"{where}: no Python file fits {value}")
        else:
            table[name] = list(value)


def is_below(name: str) -> bool:
    """Tell whether a relative name stays inside of its folder."""
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and "\0" not in name


def list_files(root: Path) -> list[str]:
    """Return the regular files of a submission; caches, environments and git are left out."""
    found = []
    for here, folders, names in root.walk() if hasattr(root, "walk") else _walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED
                            and not name.endswith(".egg-info"))
        found += [(here / name).relative_to(root).as_posix() for name in sorted(names)
                  if not (here / name).is_symlink()]
    return sorted(found)


def _walk(root: Path) -> Any:
    import os  # pylint: disable=import-outside-toplevel
    return ((Path(here), folders, names) for here, folders, names in os.walk(root))


def _existing(root: Path, names: list[str]) -> list[str]:
    return [name for name in names if (root / name).is_dir()]


def _first_match(files: list[str], patterns: list[str]) -> list[str]:
    return next(([pattern] for pattern in patterns if _matching(files, [pattern])), [])


def _matching(files: list[str], patterns: list[str]) -> list[str]:
    """Return the Python files that a pattern names, or that lie below a folder it names."""
    return [name for name in files if name.endswith(".py") and any(
        pattern in (".", name) or fnmatch.fnmatchcase(name, pattern) and
        name.count("/") == pattern.count("/") or name.startswith(pattern.rstrip("/") + "/")
        for pattern in patterns)]


def test_files(mapping: Mapping, files: list[str]) -> list[str]:
    """Return the files of the submission's tests."""
    return _matching(files, mapping.layout["tests"])


test_files.__test__ = False  # type: ignore[attr-defined]  # pytest takes it for a test


def test_paths(mapping: Mapping, root: Path, files: list[str]) -> list[str]:
    """Return what pytest is given: folders and files as they are named, patterns as files."""
    return [path for name in mapping.layout["tests"]
            for path in ([name] if (root / name).exists() else _matching(files, [name]))]


test_paths.__test__ = False  # type: ignore[attr-defined]


def code_files(mapping: Mapping, files: list[str]) -> list[str]:
    """Return the Python files that are not tests: those named, and those beside the functions."""
    tests = set(test_files(mapping, files))
    code = [*mapping.layout["code"], *_beside_functions(mapping, files)]
    return [name for name in _matching(files, code)
            if name not in tests and not name.split("/")[-1].startswith(("test_", "conftest"))]


def _beside_functions(mapping: Mapping, files: list[str]) -> list[str]:
    """Return patterns of the packages, or the folders of modules, in which the functions are."""
    tops = {target.split(":")[0].split(".")[0] for targets in mapping.functions.values()
            for target in targets}
    places = [(Path(path) / top, Path(path)) for path in mapping.layout["path"] for top in tops]
    return [(folder / "*.py" if f"{module}.py" in files else module).as_posix()
            for module, folder in places]
