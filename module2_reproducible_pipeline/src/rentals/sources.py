"""Find the source code on which an answer depends, without importing it.

In: the name of a module. Out: the files that it needs, and one digest of them all.
A changed line of a room reruns the steps that use the room, and no others.
"""

import ast
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

PACKAGE_FOLDER = Path(__file__).parent


@cache
def source_digest(module: str) -> str:
    """Return the sha256 of the source of a module and of all of the package that it imports.

    Parameters
    ----------
    module : str
        Dotted name within the package.

    Returns
    -------
    str
        Tables and templates that these modules name count too.
    """
    lines = [f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n"
             for name, path in sorted(source_files(module).items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def source_files(module: str) -> Mapping[str, Path]:
    """Return the files of the package that a module needs.

    Parameters
    ----------
    module : str
        Dotted name within the package.

    Returns
    -------
    mapping of str to Path
        Modules by their dotted names, tables and templates by their file names.
    """
    found: dict[str, Path] = {}
    waiting = {module}
    while waiting:
        name = waiting.pop()
        path = _file_of(name)
        if path is not None and name not in found:
            found[name] = path
            waiting.update(_imports(path))
    text = "".join(_text(path) for path in found.values())
    # A table or template belongs to the module that names it.
    found.update({path.name: path for path in _data_files() if f'"{path.name}"' in text})
    return found


def _file_of(module: str) -> Path | None:
    """Return the file of a module of this package; a name inside a module has none."""
    package, *parts = module.split(".")
    if package != "rentals" or not parts:
        return None
    path = PACKAGE_FOLDER.joinpath(*parts)
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py")
                 if file.is_file()), None)


@cache
def _data_files() -> tuple[Path, ...]:
    return tuple(path for path in sorted(PACKAGE_FOLDER.rglob("*.*")) if path.is_file()
                 and path.suffix not in (".py", ".pyc", ".typed"))


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _imports(path: Path) -> frozenset[str]:
    """Return what a module imports: modules, and names that may be modules."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(_text(path))):
        if isinstance(node, ast.Import):
            names.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{name.name}" for name in node.names)
    return frozenset(names)
