"""The faults that this package foresees, as one small tree.

In: a plain sentence. Out: an exception whose text a user can act on without a traceback.
One base class lets the command line answer every foreseen fault in one place.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ChurnError(Exception):
    """Base of every foreseen fault; its text is one line for the user."""

    def __str__(self) -> str:
        # A file name can hold newlines, terminal commands, or bytes that are no text.
        return "".join(char if char.isprintable() else ascii(char)[1:-1]
                       for char in super().__str__())


class InputError(ChurnError):
    """A file or folder that the user named cannot be used."""


class SettingsError(ChurnError):
    """A setting is unknown, of the wrong type or out of range."""


class OutputError(ChurnError):
    """A result cannot be written where the user wants it."""


class ModelFileError(ChurnError):
    """A stored model is damaged, foreign, or of another schema."""


class TableError(InputError):
    """A table breaks a rule of the schema.

    Parameters
    ----------
    path : Path
        The file that was read.
    rule : str
        What must hold, in words.
    row : int, optional
        Line of the fault, counted from 1, the header being line 1.
    column : str, optional
        Name of the column of the fault.
    """

    def __init__(self, path: Path, rule: str, *, row: int | None = None,
                 column: str | None = None) -> None:
        self.path, self.rule, self.row, self.column = path, rule, row, column
        place = [str(path)]
        if row is not None:
            place.append(f"line {row}")
        if column is not None:
            place.append(f"column {column}")
        super().__init__(f"{', '.join(place)}: {rule}")


@contextmanager
def table_named(name: str) -> Iterator[None]:
    """Put the table's name before what is said against its rows as a whole."""
    try:
        yield
    except InputError as err:
        raise InputError(f"{name}: {err}") from err


class BusyError(ChurnError):
    """Another run holds the lock of the folder."""
