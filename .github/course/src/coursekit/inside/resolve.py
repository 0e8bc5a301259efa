"""Find the functions of the contract in the submission, and put wrappers in their place.

In: the mapping ``name -> ["module:attribute", ...]``. Out: the functions, or a sentence why not.
"""

import importlib
import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MethodType, ModuleType, SimpleNamespace
from typing import Any

from coursekit.inside.seeding import Seeded


@dataclass(frozen=True)
class Found:
    """A contract function: where it was found, or the problem; ``owner`` holds it."""

    name: str
    target: str | None
    problem: str | None
    function: Callable[..., Any] | None = None
    owner: Any = None


def resolve_all(names: Mapping[str, list[str]]) -> dict[str, Found]:
    """Return for each contract name the first target that exists."""
    return {name: _first(name, targets) for name, targets in names.items()}


def _first(name: str, targets: list[str]) -> Found:
    problems = []
    for target in targets:
        try:
            function, owner = _look_up(target)
            return Found(name, target, None, function, owner)
        except BaseException as fault:  # pylint: disable=broad-exception-caught  # foreign code
            if isinstance(fault, KeyboardInterrupt):
                raise
            text = str(fault).strip().splitlines()
            problems.append(f"{target}: {type(fault).__name__}: {text[0][:300] if text else ''}")
    # A module that is there but breaks says more than a default name that is not.
    broken = [text for text in problems if "ModuleNotFoundError" not in text]
    return Found(name, None, (broken or problems or ["no name is given"])[0])


def _look_up(target: str) -> tuple[Callable[..., Any], Any]:
    module_name, _, path = target.partition(":")
    here: Any = importlib.import_module(module_name)
    owner = here
    for part in path.split("."):
        owner = here() if inspect.isclass(here) else here
        here = getattr(owner, part)
    if not callable(here):
        raise TypeError(f"{path} is a {type(here).__name__}, not a function")
    return here, owner


def namespace(found: Mapping[str, Found]) -> SimpleNamespace:
    """Return the contract as an object: ``contract.import_data(...)``."""
    return SimpleNamespace(**{name: entry.function for name, entry in found.items()
                              if entry.function is not None})


def own_modules(folders: list[str]) -> list[ModuleType]:
    """Return the loaded modules whose files lie in one of the folders."""
    kept = []
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if isinstance(path, str) and path.startswith(tuple(folder + "/" for folder in folders)):
            kept.append(module)
    return kept


def wrap(entry: Found, seeded: Seeded, folders: list[str]) -> int:
    """Replace every reference to the function in the submission's modules.

    Parameters
    ----------
    entry : Found
        The function.
    seeded : Seeded
        What is called instead; it is given the original first.
    folders : list of str
        Where the submission's files lie.

    Returns
    -------
    int
        How many references were replaced.
    """
    original = entry.function
    assert original is not None
    raw = getattr(original, "__func__", original)
    is_method = inspect.ismethod(original)

    def replacement(*args: Any, **kwargs: Any) -> Any:
        if is_method:
            return seeded.wrapper(MethodType(raw, args[0]), *args[1:], **kwargs)
        return seeded.wrapper(raw, *args, **kwargs)

    for kept in ("__name__", "__qualname__", "__doc__", "__module__", "__annotations__"):
        try:
            setattr(replacement, kept, getattr(raw, kept))
        except (AttributeError, TypeError):
            pass
    try:
        replacement.__signature__ = inspect.signature(raw)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        pass
    return _replace(raw, replacement, own_modules(folders))


def _replace(raw: Any, replacement: Any, modules: list[ModuleType]) -> int:
    replaced = 0
    holders: list[Any] = list(modules)
    holders += {id(item): item for module in modules for item in vars(module).values()
                if inspect.isclass(item)}.values()
    for holder in holders:
        for name, item in list(vars(holder).items()):
            if item is raw:
                setattr(holder, name, replacement)
            elif isinstance(item, (staticmethod, classmethod)) and item.__func__ is raw:
                setattr(holder, name, type(item)(replacement))
            else:
                if isinstance(item, dict):
                    replaced += _replace_in(item, raw, replacement)
                continue
            replaced += 1
    return replaced


def _replace_in(table: dict[Any, Any], raw: Any, replacement: Any) -> int:
    """Replace the function in a table of functions, as in ``STEPS = {"read": import_data}``."""
    keys = [key for key, item in table.items() if item is raw]
    table.update({key: replacement for key in keys})
    return len(keys)
