"""Compose settings with Hydra: defaults, files of the folder ``config``, words of the user.

In: overrides such as ``clean.max_price=300`` or ``data=second_drop``. Out: checked ``Settings``.
A wrong key or value fails here, before any work, and is named.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from itertools import product
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from rentals.errors import SettingsError
from rentals.setting_parts import Leaf, leaves_with_rules
from rentals.settings import Settings

CONFIG_FOLDER = Path(__file__).parents[2] / "config"

#: Lines of a message that speak of Hydra's inside.
_INTERNALS = ("full_key:", "object_type=", "reference_type=", "See ", "Available options")

#: Hydra's own settings do nothing here, and keys can be neither added nor taken away.
_WORD = re.compile(r"(?!hydra[./=])[a-z][a-z0-9_./]*=")


def load_settings(overrides: Sequence[str] = (), folder: Path = CONFIG_FOLDER) -> Settings:
    """Return checked settings.

    Parameters
    ----------
    overrides : sequence of str
        In Hydra's words: ``key=value`` or ``group=name``.
    folder : Path
        Holds ``config.yaml`` and its groups.

    Returns
    -------
    Settings

    Raises
    ------
    SettingsError
        A key is unknown, or a value has the wrong type or range; the text names the key.
    """
    for word in overrides:
        if not _WORD.match(word):
            raise SettingsError(f"settings: {word!a} is not of the form key=value with a key of "
                                "config/config.yaml")
    ConfigStore.instance().store(name="settings_schema", node=_writable(Settings))
    try:
        with initialize_config_dir(str(folder.resolve()), version_base="1.3"):
            composed = compose("config", overrides=list(overrides))
        values = OmegaConf.to_container(composed, resolve=True, throw_on_missing=True)
    except (HydraException, OmegaConfBaseException) as err:
        raise SettingsError(_in_one_line(err)) from err
    settings: Settings = _build(Settings, values)
    for key, value, rules in leaves_with_rules(settings):
        _check(key, value, rules)
    return settings


def expand_sweep(overrides: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return every combination of overrides that have several values.

    Parameters
    ----------
    overrides : sequence of str
        For example ``("seed=1", "model.ridge.alpha=1,10")``.

    Returns
    -------
    tuple of tuple of str
        The grid, the last override changing fastest.

    Raises
    ------
    SettingsError
        A word is no override.
    """
    try:
        parsed = OverridesParser.create().parse_overrides(list(overrides))
        axes = [[f"{one.get_key_element()}={value}" for value in one.sweep_string_iterator()]
                if one.is_sweep_override() else [one.input_line] for one in parsed]
    except HydraException as err:
        raise SettingsError(_in_one_line(err)) from err
    return tuple(tuple(str(word) for word in point) for point in product(*axes))


def _writable(structure: Any) -> Any:
    """Return the schema as a Hydra configuration; frozen dataclasses refuse even composing."""
    schema = OmegaConf.structured(structure)
    OmegaConf.set_readonly(schema, None)
    for part in fields(structure):
        if is_dataclass(part.type):
            OmegaConf.update(schema, part.name, _writable(part.type), merge=False)
    return schema


def _build(structure: Any, values: Any) -> Any:
    """Return the dataclass of composed values, lists as tuples."""
    return structure(**{
        part.name: _build(part.type, values[part.name]) if is_dataclass(part.type)
        else tuple(values[part.name]) if isinstance(values[part.name], list)
        else values[part.name] for part in fields(structure)})


def _check(key: str, value: Leaf, rules: Mapping[str, Any]) -> None:
    """Refuse a value outside of its range or choices."""
    if "least" in rules and not rules["least"] <= value <= rules["most"]:  # NaN fails too
        raise SettingsError(f"setting {key}: {value} is not between {rules['least']} and "
                            f"{rules['most']}")
    if "allowed" in rules:
        chosen = value if isinstance(value, tuple) else (value,)
        foreign = [item for item in chosen if item not in rules["allowed"]]
        if foreign or not chosen or len(set(chosen)) < len(chosen):
            raise SettingsError(f"setting {key}: {', '.join(map(str, foreign or chosen))!a} is "
                                f"not of {', '.join(rules['allowed'])}, each once")


def _in_one_line(err: Exception) -> str:
    """Return what Hydra says, with the full name of the key."""
    lines = [line.strip() for line in str(err).splitlines() if line.strip()][:2]
    cause: BaseException | None = err
    while cause and not isinstance(cause, OmegaConfBaseException):
        cause = cause.__cause__
    key = getattr(cause, "full_key", None)
    if cause is not None and cause is not err and str(cause):
        lines = [*lines[:1], str(cause).splitlines()[0]]
    return " ".join([f"setting {key}:" if key else "settings:",
                     *(line for line in lines if not line.startswith(_INTERNALS))])
