"""Parts of settings by their dotted names, such as ``clean.max_price``.

In: settings, and the names that a step declares to read. Out: those parts, and nothing else.
What a step did not declare stands at its default for it, so it cannot depend on it in secret.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from rentals.settings import Settings

Leaf = str | int | float | bool | tuple[str, ...]


def leaves(settings: Settings) -> Mapping[str, Leaf]:
    """Return every single setting by its dotted name."""
    return {key: value for key, value, _ in leaves_with_rules(settings)}


def only(settings: Settings, reads: Sequence[str]) -> Settings:
    """Return settings in which everything but ``reads`` stands at its default.

    Parameters
    ----------
    settings : Settings
    reads : sequence of str
        Dotted names of settings or of whole sections.

    Returns
    -------
    Settings
        A step that gets these cannot depend on a setting that it did not declare.
    """
    kept: Settings = _only(settings, Settings(), tuple(reads), "")
    return kept


def is_within(key: str, reads: Sequence[str]) -> bool:
    """Is the setting ``key`` one of ``reads``, or inside one of their sections?"""
    return any(key == name or key.startswith(f"{name}.") for name in reads)


def settings_json(settings: Settings, reads: Sequence[str]) -> str:
    """Return the settings named by ``reads`` as JSON: equal settings give equal text."""
    chosen = {key: value for key, value in leaves(settings).items() if is_within(key, reads)}
    return json.dumps(chosen, sort_keys=True)


def settings_of_leaves(values: Mapping[str, Any]) -> Settings:
    """Return settings in which ``values``, by dotted names, take the place of the defaults."""
    settings: Settings = _filled(Settings(), values, "")
    return settings


def _filled(section: Any, values: Mapping[str, Any], prefix: str) -> Any:
    changes = {}
    for part in fields(section):
        key, value = prefix + part.name, getattr(section, part.name)
        if is_dataclass(value):
            changes[part.name] = _filled(value, values, f"{key}.")
        elif key in values:
            given = values[key]
            changes[part.name] = tuple(given) if isinstance(given, list) else given
    return replace(section, **changes)


def _only(given: Any, default: Any, reads: tuple[str, ...], prefix: str) -> Any:
    changes = {}
    for part in fields(given):
        key, value = prefix + part.name, getattr(given, part.name)
        if is_dataclass(value):
            changes[part.name] = _only(value, getattr(default, part.name), reads, f"{key}.")
        elif is_within(key, reads):
            changes[part.name] = value
    return replace(default, **changes)


def leaves_with_rules(section: Any, prefix: str = ""
                      ) -> Iterator[tuple[str, Leaf, Mapping[str, Any]]]:
    """Yield every single setting: dotted name, value, rules.

    Parameters
    ----------
    section : dataclass
        All settings, or a section.
    prefix : str
        Of the names.

    Yields
    ------
    tuple of str, value, mapping
    """
    for part in fields(section):
        value = getattr(section, part.name)
        if is_dataclass(value):
            yield from leaves_with_rules(value, f"{prefix}{part.name}.")
        else:
            yield prefix + part.name, value, part.metadata
