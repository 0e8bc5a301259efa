"""Generate drops of corporations' activity, for whoever has none, with the truth beside them.

In: settings and a seed. Out: a folder per day, and a manifest that names every planted fault
and the era of every drop, so that ingest, drift tests and decisions can be scored.
"""

import hashlib
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from riskwatch.files import faults_named, write_bytes, write_json
from riskwatch.planting import Plan, plan_drops
from riskwatch.population import Drawn, draw, name_pool
from riskwatch.schema import HEADER
from riskwatch.settings import SyntheticSettings

#: Goes up with every change that changes the bytes of a file.
GENERATOR_VERSION = 1
FIRST_DAY = date(2026, 1, 1)
_REPEATED_SHARE, _MISSING_SHARE = 0.04, 0.03
_IMPOSSIBLE_ROWS, _CHANGED_ROWS = 3, 5
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class PlantedFile:  # pylint: disable=too-many-instance-attributes  # the truth
    """One file: where it stands, and the truth about it."""

    path: str
    day: int
    period: str
    era: str
    kind: str
    sha256: str
    rows: int
    repeated_rows: int = 0
    impossible_rows: int = 0
    missing_values: int = 0
    unlabelled_rows: int = 0
    is_late: bool = False
    must_be: str = "accepted"


@dataclass(frozen=True)
class Manifest:
    """Where generated drops come from, and what was planted in each, in order of arrival."""

    generator_version: int
    seed: int
    drops: int
    files: tuple[PlantedFile, ...]


@dataclass
class _Sheet:
    """A drop on its way into a file: its lines, with the labels that may come later."""

    plan: Plan
    lines: list[str]
    facts: PlantedFile


def write_drops(folder: Path, settings: SyntheticSettings, seed: int) -> Manifest:
    """Write drops into ``folder/day_NNN/``, and the truth into ``folder/manifest.json``.

    Parameters
    ----------
    folder : Path
        Days that stand there are removed first.
    settings : SyntheticSettings
    seed : int

    Returns
    -------
    Manifest

    Raises
    ------
    OutputError
        A file cannot be written.
    """
    with faults_named(folder):
        for old in folder.glob("day_[0-9]*"):
            shutil.rmtree(old)
    files = []
    for facts, content in sorted(_generated(settings, seed), key=lambda item: item[0].path):
        write_bytes(folder / facts.path, content)
        files.append(facts)
    manifest = Manifest(GENERATOR_VERSION, seed, settings.drops, tuple(files))
    write_json(folder / MANIFEST, asdict(manifest))
    return manifest


def _generated(settings: SyntheticSettings, seed: int) -> list[tuple[PlantedFile, bytes]]:
    pool = name_pool(np.random.default_rng([seed, 0]))
    found: list[tuple[PlantedFile, bytes]] = []
    known: set[str] = set()
    earlier: list[str] = []
    for plan in plan_drops(settings.drops):
        # Each drop has a generator of its own: a longer story has the same beginning.
        rng = np.random.default_rng([seed, 1, plan.number + 1_000_000])
        rows = int(rng.integers(settings.least_rows, settings.most_rows + 1))
        sheet = _sheet(plan, draw(rows, plan.era, rng, pool))
        _spoil(sheet, rng, earlier)
        # A drop cannot repeat one that is not there yet, or has no labels yet.
        earlier = [] if plan.is_late or plan.is_unlabelled else list(sheet.lines)
        found += _files(sheet, settings, known)
        known.update(sheet.lines)
    return found


def _sheet(plan: Plan, drawn: Drawn) -> _Sheet:
    columns = (drawn.corporation, drawn.last_month, drawn.last_year, drawn.employees,
               drawn.exited)
    period = (FIRST_DAY + timedelta(days=plan.number)).isoformat()
    facts = PlantedFile(
        path=f"day_{plan.arrival_day:03d}/activity_{period}.csv", day=plan.arrival_day,
        period=period, era=plan.era, kind="drop", sha256="", rows=len(drawn),
        is_late=plan.is_late)
    return _Sheet(plan, [",".join(map(str, fields)) for fields in zip(*columns)], facts)


def _spoil(sheet: _Sheet, rng: np.random.Generator, earlier: list[str]) -> None:
    """Spoil a sheet as its plan says, each kind of fault in rows of its own."""
    plan, lines = sheet.plan, sheet.lines
    places = rng.permutation(len(lines))
    if plan.has_impossible:
        for place in places[:_IMPOSSIBLE_ROWS]:
            name, _, year, staff, exited = lines[place].split(",")
            month = int(year) + int(rng.integers(1, 500))
            lines[place] = f"{name},{month},{year},{staff},{exited}"
    if plan.has_missing:
        count = max(1, round(_MISSING_SHARE * len(lines)))
        for place in places[_IMPOSSIBLE_ROWS:_IMPOSSIBLE_ROWS + count]:
            fields = lines[place].split(",")
            fields[int(rng.integers(1, 4))] = ""
            lines[place] = ",".join(fields)
    if plan.has_repeats and not plan.is_unlabelled:
        count = max(1, round(_REPEATED_SHARE * len(lines) / 2))
        lines += [lines[place] for place in places[-count:]]
        lines += [earlier[place] for place in rng.permutation(len(earlier))[:count]]


def _files(sheet: _Sheet, settings: SyntheticSettings, known: set[str]
           ) -> list[tuple[PlantedFile, bytes]]:
    """Return the file of a sheet, and those that come later because of it."""
    plan, facts, lines = sheet.plan, sheet.facts, sheet.lines
    name, seen = Path(facts.path).stem, known | set(lines)
    if plan.is_unlabelled:
        later = _later(facts, settings.label_delay_drops, f"labels_{facts.period}.csv", "labels")
        return [_file(facts, [line[:line.rindex(",") + 1] for line in lines], known),
                _file(later, lines, known)]
    if plan.is_broken:  # and mended a day later
        content = _content(HEADER.replace("number_of_employees", "employees"), lines)
        broken = replace(facts, sha256=hashlib.sha256(content).hexdigest(), must_be="refused",
                         kind="broken")
        return [(broken, content),
                _file(_later(facts, 1, f"{name}.csv", "mended"), lines, known)]
    files = [_file(facts, lines, known)]
    if plan.is_copied:
        copy = replace(_later(facts, 2, f"{name}_again.csv", "copy"), must_be="copy")
        files.append(_file(copy, lines, seen))
    if plan.is_changed:
        changed = [_with_one_more(line) if place < _CHANGED_ROWS else line
                   for place, line in enumerate(lines)]
        files.append(_file(_later(facts, 2, f"{name}.csv", "changed"), changed, seen))
    return files


def _with_one_more(line: str) -> str:
    name, month, year, staff, exited = line.split(",")
    return f"{name},{month},{year},{int(staff or 0) + 1},{exited}"


def _later(facts: PlantedFile, days: int, name: str, kind: str) -> PlantedFile:
    day = facts.day + days
    return replace(facts, path=f"day_{day:03d}/{name}", day=day, kind=kind, is_late=False)


def _file(facts: PlantedFile, lines: list[str], known: set[str]) -> tuple[PlantedFile, bytes]:
    """Return a file with its digest, and what stands in it, counted."""
    content = _content(HEADER, lines)
    fields = [line.split(",") for line in lines]
    return replace(
        facts, sha256=hashlib.sha256(content).hexdigest(), rows=len(lines),
        repeated_rows=len(lines) - len(set(lines) - known),
        impossible_rows=sum(int(row[1] or 0) > int(row[2]) for row in fields if row[2]),
        missing_values=sum(row[1:4].count("") for row in fields),
        unlabelled_rows=sum(not row[4] for row in fields)), content


def _content(header: str, lines: list[str]) -> bytes:
    return "\n".join([header, *lines, ""]).encode()
