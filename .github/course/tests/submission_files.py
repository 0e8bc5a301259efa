"""Make submissions of the rubric's catalogue: a right one, changed as a small TOML file says.

In: the catalogue's folder and a name. Out: the submission's files in a folder. Keys of a file:
``why expect about environment is_cheat is_slow delete [move] [[edit]] [files]``; a right one names
in ``about`` the criteria that its difference is about, or none where all its code is its own.
"""

import shutil
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BASE = "right_flat"
#: Written apart, so that no file of ours has a path of one machine or looks like a secret.
WORDS = {"@HOME@": "/ho" + "me", "@SECRET@": "PASS" + "WORD"}


@dataclass(frozen=True)
class Described:  # pylint: disable=too-many-instance-attributes  # a record
    """One submission: what is wrong with it, and which criteria are expected to fail."""

    name: str
    why: str
    expect: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()
    environment: str = "reference"
    is_cheat: bool = False
    is_slow: bool = False
    changes: dict[str, Any] = field(default_factory=dict)


def catalogue(folder: Path) -> list[Described]:
    """Return all submissions of a rubric, the base first."""
    found = [Described(BASE, "The base.")]
    for path in sorted(folder.glob("*.toml")):
        table = tomllib.loads(path.read_text("utf-8"))
        sets = {name: frozenset(table.pop(name, ())) for name in ("expect", "about")}
        plain = {name: table.pop(name) for name in ("why", "environment", "is_cheat", "is_slow")
                 if name in table}
        found.append(Described(path.stem, changes=table, **sets, **plain))
    return found


def write(described: Described, catalogue_folder: Path, target: Path) -> Path:
    """Write a submission's files into a new folder and return it; a change that fits nowhere
    is an error."""
    shutil.copytree(catalogue_folder / BASE, target,
                    ignore=shutil.ignore_patterns("__pycache__", ".*"))
    changes = described.changes
    if changes.get("copy_library"):
        shutil.copy(target / "churn_library.py", target / "churn_library_copy.py")
    for old, new in changes.get("move", {}).items():
        (target / new).parent.mkdir(parents=True, exist_ok=True)
        (target / old).rename(target / new)
    for edit in changes.get("edit", []):
        path = target / edit["file"]
        text = path.read_text("utf-8")
        if edit["find"] not in text:
            raise ValueError(f"{described.name}: {edit['file']} has no text {edit['find']!r}")
        path.write_text(text.replace(edit["find"], _filled(edit["replace"])), "utf-8")
    for name in changes.get("delete", []):
        (target / name).unlink()
    for name, text in changes.get("files", {}).items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(_filled(text), "utf-8")
    return target


def _filled(text: str) -> str:
    for mark, word in WORDS.items():
        text = text.replace(mark, word)
    return text
