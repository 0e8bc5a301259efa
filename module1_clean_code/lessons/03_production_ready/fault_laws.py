"""Faults of a settings file, and what a good loader makes of them.

In: a folder. Out: broken files, and the error that names them.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from churn.errors import SettingsError


class Interrupted(type(Path())):  # type: ignore[misc]
    """A path on which the user presses Ctrl-C as soon as it is read."""

    def _interrupt(self, *_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    __fspath__ = open = read_text = read_bytes = stat = _interrupt


def _absent(folder: Path) -> Path:
    return folder / "absent.toml"


def _folder(folder: Path) -> Path:
    (folder / "folder.toml").mkdir()
    return folder / "folder.toml"


def _file(name: str, content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name
    return make


#: Name of a fault: how to make it, and what the cause of the error must be.
FAULTS: dict[str, tuple[Callable[[Path], Path], type[Exception]]] = {
    "a file that is not there": (_absent, FileNotFoundError),
    "a folder in place of a file": (_folder, OSError),
    "text that is not TOML": (_file("text.toml", b"seed is 7\n"), ValueError),
    "bytes that are not UTF-8": (_file("bytes.toml", b'seed = "\xff"\n'), ValueError),
    "a key that is unknown": (_file("key.toml", b"sed = 7\n"), Exception),
    "a value out of range": (_file("range.toml", b"generated_rows = 3\n"), Exception),
}


def answer_of(load_settings: Callable[[Path], Any], path: Path, fault: str) -> SettingsError:
    """Return the error that the loader raises for a fault."""
    try:
        got = load_settings(path)
    except SettingsError as err:
        return err
    except Exception as err:  # pylint: disable=broad-exception-caught  # any other is the finding
        return pytest.fail(f"{fault}: expected SettingsError, got {type(err).__name__}: {err}")
    return pytest.fail(f"{fault}: expected SettingsError, but the loader returned "
                       f"{type(got).__name__} as if nothing had happened")
