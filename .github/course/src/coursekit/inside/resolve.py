"""Find the functions of the contract in the submission, and put wrappers in their place.

In: the mapping ``name -> ["module:attribute", ...]``. Out: the functions, or a sentence why not.
"""

import importlib
import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import FunctionType, MethodType, ModuleType, SimpleNamespace
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
        if isinstance(path, str) and lies_in(path, folders):
            kept.append(module)
    return kept


def lies_in(path: str, folders: list[str]) -> bool:
    """Tell whether a file lies below one of the folders."""
    return path.startswith(tuple(folder + "/" for folder in folders))


def wrap(entry: Found, seeded: Seeded, folders: list[str]) -> None:
    """Have whoever calls the function in the submission call a wrapper instead.

    A function of the submission's own is given other code, so that all who hold it meet the
    wrapper: other modules, tables, default arguments, closures. For anything else (a class, a
    cached function, one of a library) the references in the submission's modules are replaced.

    Parameters
    ----------
    entry : Found
        The function.
    seeded : Seeded
        What is called instead; it is given the original first.
    folders : list of str
        Where the submission's files lie.
    """
    original = entry.function
    assert original is not None
    raw: Any = getattr(original, "__func__", original)
    is_method = inspect.ismethod(original)
    is_own = isinstance(raw, FunctionType) and lies_in(raw.__code__.co_filename, folders)
    kept = _twin(raw) if is_own else raw

    def replacement(*args: Any, **kwargs: Any) -> Any:
        if is_method:
            return seeded.wrapper(MethodType(kept, args[0]), *args[1:], **kwargs)
        return seeded.wrapper(kept, *args, **kwargs)

    _dress(replacement, raw)
    if is_own:
        _redirect(raw, replacement)
    else:
        _replace(raw, replacement, own_modules(folders))


def _dress(replacement: Any, raw: Any) -> None:
    """Give the replacement what a look at the function shows."""
    for kept in ("__name__", "__qualname__", "__doc__", "__module__", "__annotations__"):
        try:
            setattr(replacement, kept, getattr(raw, kept))
        except (AttributeError, TypeError):
            pass
    try:
        replacement.__signature__ = inspect.signature(raw)
    except (TypeError, ValueError):
        pass


def _twin(raw: FunctionType) -> FunctionType:
    """Return a second function that does the same."""
    twin = FunctionType(raw.__code__, raw.__globals__, raw.__name__, raw.__defaults__,
                        raw.__closure__)
    twin.__kwdefaults__ = raw.__kwdefaults__
    twin.__dict__.update(raw.__dict__)
    for kept in ("__qualname__", "__doc__", "__module__", "__annotations__"):
        setattr(twin, kept, getattr(raw, kept))
    return twin


def _redirect(raw: FunctionType, replacement: Callable[..., Any]) -> None:
    """Put code into the function that calls the replacement."""
    def through(*args: Any, _replacement: Callable[..., Any] = replacement, **kwargs: Any) -> Any:
        return _replacement(*args, **kwargs)

    signature = getattr(replacement, "__signature__", None)
    # A function keeps its closure, so its code must name as many free variables.
    raw.__code__ = through.__code__.replace(co_freevars=raw.__code__.co_freevars)
    raw.__defaults__, raw.__kwdefaults__ = None, through.__kwdefaults__
    if signature is not None:
        raw.__signature__ = signature  # type: ignore[attr-defined]


def _replace(raw: Any, replacement: Any, modules: list[ModuleType]) -> None:
    holders: list[Any] = list(modules)
    holders += {id(item): item for module in modules for item in vars(module).values()
                if inspect.isclass(item)}.values()
    for holder in holders:
        for name, item in list(vars(holder).items()):
            if item is raw:
                setattr(holder, name, replacement)
            elif isinstance(item, (staticmethod, classmethod)) and item.__func__ is raw:
                setattr(holder, name, type(item)(replacement))
            elif isinstance(item, dict):
                # A table of functions, as in ``STEPS = {"read": import_data}``.
                item.update({key: replacement for key, held in item.items() if held is raw})
