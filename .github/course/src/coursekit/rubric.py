"""Read ``rubric.toml``: the criteria, in the order in which they are checked.

In: the folder of a rubric. Out: a `Rubric`, or `GraderFault` that names the line at fault.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursekit.expect import GraderFault

HOW = ("environment", "static", "contract", "tests", "probe", "manual")
REQUIRED_KEYS = {"id": str, "title": str, "rule": str, "outcomes": list, "how": str}
OTHER_KEYS = {"required": bool, "points": (int, float), "depends": list, "lesson": str,
              "hint": str}


@dataclass(frozen=True)
class Criterion:  # pylint: disable=too-many-instance-attributes  # a record
    """One line of a rubric."""

    id: str
    title: str
    rule: str
    outcomes: tuple[str, ...]
    how: str
    required: bool = True
    points: float = 1
    depends: tuple[str, ...] = ()
    lesson: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Rubric:  # pylint: disable=too-many-instance-attributes  # a record
    """All lines, and what goes for all of them."""

    module: int
    title: str
    folder: Path
    module_folder: Path
    criteria: tuple[Criterion, ...]
    criterion_seconds: float = 180
    total_seconds: float = 600
    starter: Mapping[str, Any] = field(default_factory=dict)
    by_id: Mapping[str, Criterion] = field(default_factory=dict)

    def closure(self, wanted: Iterable[str]) -> set[str]:
        """Return the wanted criteria and all that they depend on."""
        found: set[str] = set()
        left = list(wanted)
        while left:
            name = left.pop()
            if name not in self.by_id:
                raise KeyError(name)
            if name not in found:
                found.add(name)
                left += self.by_id[name].depends
        return found


def load_rubric(folder: Path) -> Rubric:
    """Return the rubric of a folder.

    Parameters
    ----------
    folder : Path
        Holds ``rubric.toml``.

    Raises
    ------
    GraderFault
        When a key is missing, unknown or of a wrong type, an id comes twice, or a criterion
        depends on one that does not stand before it.
    """
    path = folder / "rubric.toml"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        criteria = tuple(_criterion(entry) for entry in content["criterion"])
        limits = content.get("limits", {})
        rubric = Rubric(int(content["module"]), str(content["title"]), folder, folder.parent,
                        criteria, float(limits.get("criterion_seconds", 180)),
                        float(limits.get("total_seconds", 600)),
                        dict(content.get("starter", {})),
                        {entry.id: entry for entry in criteria})
    except (OSError, KeyError, TypeError, ValueError) as fault:
        raise GraderFault(f"{path}: {type(fault).__name__}: {fault}") from fault
    _check_order(rubric, path)
    return rubric


def _criterion(entry: Mapping[str, Any]) -> Criterion:
    name = entry.get("id", "?")
    for key, kind in REQUIRED_KEYS.items():
        if not isinstance(entry.get(key), kind):
            raise ValueError(f"criterion {name}: {key} is missing or not a {kind.__name__}")
    for key, value in entry.items():
        wanted = {**REQUIRED_KEYS, **OTHER_KEYS}.get(key)
        if wanted is None or not isinstance(value, wanted):  # type: ignore[arg-type]
            raise ValueError(f"criterion {name}: {key} is unknown or of a wrong type")
    if not re.fullmatch(r"M\d-\d{2}", name):
        raise ValueError(f"criterion {name}: an id looks like M1-07")
    if entry["how"] not in HOW:
        raise ValueError(f"criterion {name}: how is one of {', '.join(HOW)}")
    lists = {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
    return Criterion(**{**entry, **lists})


def _check_order(rubric: Rubric, path: Path) -> None:
    seen: set[str] = set()
    for entry in rubric.criteria:
        if entry.id in seen:
            raise GraderFault(f"{path}: criterion {entry.id} comes twice")
        for name in entry.depends:
            if name not in seen:
                raise GraderFault(f"{path}: {entry.id} depends on {name}, which is not before it")
        seen.add(entry.id)
    if not seen:
        raise GraderFault(f"{path} has no criterion")
