"""Decide whether a unit of work must run, from digests alone.

In: a unit, its settings, the digests of its inputs. Out: a key that is equal exactly when the
outputs must be equal. Nothing of scikit-learn or MLflow loads for this, so that a run in which
nothing changed costs next to nothing.
"""

import hashlib
import json
import platform
from collections.abc import Mapping
from functools import cache
from importlib import metadata

from rentals.plan import Unit
from rentals.setting_parts import settings_json
from rentals.settings import Settings
from rentals.sources import source_digest

#: Libraries whose version may change the outputs.
_LIBRARIES = ("matplotlib", "mlflow", "nbconvert", "numpy", "pandas", "scikit-learn", "scipy",
              "skops")


def unit_key(unit: Unit, settings: Settings, inputs: Mapping[str, str]) -> str:
    """Return the key of a unit's outputs.

    Parameters
    ----------
    unit : Unit
    settings : Settings
        Only what the unit declares to read counts.
    inputs : mapping of str to str
        Digests of its inputs by role, and of the user's file where it reads one.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    facts = [unit.step, unit.variant, unit.outputs, settings_json(settings, unit.reads),
             sorted(inputs.items()), source_digest(f"rentals.steps.{unit.step}"), _versions()]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


@cache
def _versions() -> dict[str, str]:
    """Return what computes, by name and version."""
    found = {name: metadata.version(name) for name in _LIBRARIES}
    return {"python": platform.python_version(), "machine": platform.machine(), **found}
