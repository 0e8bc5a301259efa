"""Faults of a settings file, and what a good loader makes of them.

In: a folder. Out: broken files, and the error that names them.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from churn.errors import SettingsError
from churn.settings import Settings


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


def require_settings(load_settings: Callable[..., Any], good: Path) -> None:
    """A good file (seed 7, 500 rows), another seed, and no file at all."""
    for words, arguments, expected in (
            ("load_settings(path) of a file with seed = 7, generated_rows = 500", {}, (7, 500)),
            ("load_settings(path, seed=9) of the same file", {"seed": 9}, (9, 500)),
            ("load_settings(path, seed=0) of the same file", {"seed": 0}, (0, 500)),
            ("load_settings(None)", {"path": None}, (42, 10_127))):
        got = load_settings(arguments.pop("path", good), **arguments)
        assert isinstance(got, Settings), f"{words} must return Settings, got {got!r}"
        assert (got.seed, got.generated_rows) == expected, (
            f"{words}: got seed {got.seed} and {got.generated_rows} rows, expected {expected[0]} "
            f"and {expected[1]}")


def require_passed_on(load_settings: Callable[..., Any], good: Path) -> None:
    """Ctrl-C and a wrong type are not answered."""
    try:
        load_settings(Interrupted(good))
    except KeyboardInterrupt:
        pass
    except Exception as err:  # pylint: disable=broad-exception-caught  # any other is the finding
        pytest.fail(f"Ctrl-C while the file is read became {type(err).__name__}: {err}; "
                    "it must pass through")
    else:
        pytest.fail("Ctrl-C while the file is read was swallowed; it must pass through. "
                    "Is there a bare except, or BaseException?")
    try:
        load_settings(["not", "a", "path"])
    except (TypeError, AttributeError):
        pass
    except Exception as err:  # pylint: disable=broad-exception-caught
        pytest.fail("load_settings([...]): a list in place of a path is a mistake of the "
                    "programmer and must pass through as it is (AttributeError or TypeError), but "
                    f"it became {type(err).__name__}. Name the faults you foresee in `except`.")
    else:
        pytest.fail("load_settings([...]) returned as if a list were a path")


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
