"""The marks of a rubric's ``bugs.py``: seeded bugs and identity controls of contract functions.

In: wrappers ``(original, *args, **kwargs)``. Out: one list of what was marked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Wrapper = Callable[..., Any]


@dataclass(frozen=True)
class Seeded:
    """A wrapper of one contract function; ``kind`` is bug, control or sentinel."""

    kind: str
    name: str
    function: str
    title: str
    wrapper: Wrapper


class SentinelError(RuntimeError):
    """Raised by a sentinel: whoever calls the function must notice."""


MARKED: list[Seeded] = []


def _marker(kind: str, function: str, title: str) -> Callable[[Wrapper], Wrapper]:
    def mark(wrapper: Wrapper) -> Wrapper:
        MARKED.append(Seeded(kind, wrapper.__name__, function, title, wrapper))
        return wrapper
    return mark


def bug(function: str, title: str) -> Callable[[Wrapper], Wrapper]:
    """Mark a wrapper that does something wrong; a suite must fail on it.

    Parameters
    ----------
    function : str
        Name in the contract.
    title : str
        What is wrong, for the learner.
    """
    return _marker("bug", function, title)


def control(function: str, title: str) -> Callable[[Wrapper], Wrapper]:
    """Mark a wrapper that changes nothing of substance; a suite must still pass on it."""
    return _marker("control", function, title)


def sentinel(function: str) -> Seeded:
    """Return the wrapper of a function that raises whenever it is called."""
    def raises(_original: Wrapper, *_args: Any, **_kwargs: Any) -> Any:
        raise SentinelError(f"{function} was called")
    return Seeded("sentinel", function, function, f"{function} raises when it is called", raises)
