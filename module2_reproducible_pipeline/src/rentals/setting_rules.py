"""Fields of settings that say which values they take.

In: a default and a range, or choices. Out: a field of a dataclass, the rule in its metadata.
"""

from dataclasses import field
from typing import Any

# pylint: disable=invalid-field-call  # these functions make fields for dataclasses elsewhere


def bounded(default: float, least: float, most: float) -> Any:
    """Return a field for a number from ``least`` to ``most``, both included."""
    return field(default=default, metadata={"least": least, "most": most})


def one_of(default: str, *allowed: str) -> Any:
    """Return a field for a text that is one of ``allowed``."""
    return field(default=default, metadata={"allowed": (default, *allowed)})


def some_of(*allowed: str) -> Any:
    """Return a field for a list of some of ``allowed``, by default all."""
    return field(default=allowed, metadata={"allowed": allowed})
