"""Score the whole loop against the truth: what was seen, how late, and which alarm was false.

In: the manifest of generated drops and the story of a play. Out: counts that are exact, because
the truth was planted. The user's own files have no such truth.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from riskwatch.records import File
from riskwatch.simulate_story import Story
from riskwatch.synthetic import FIRST_DAY, Manifest, PlantedFile

STABLE = "stable"
#: Eras whose beginning changes the features; in the others the truth about leaving changes,
#: which no test of features can see, and only labels show.
_SEEN_IN_FEATURES = ("covariate_drift",)
_COUNTS = {"repeated rows": "repeated_rows", "impossible rows": "impossible_rows",
           "missing values": "missing_values", "labels missing": "unlabelled_rows"}


@dataclass(frozen=True)
class EraSeen:
    """An era after the first: when it began and ended, and the day on which it was noticed."""

    name: str
    began: int
    ended: int
    noticed: int | None
    sign: str

    @property
    def delay(self) -> int | None:
        """Days from its beginning until it was noticed; None where it never was."""
        return None if self.noticed is None else self.noticed - self.began


@dataclass(frozen=True)
class FaultSeen:
    """A kind of planted fault: files that carry it, files in which it was noted exactly."""

    kind: str
    planted: int
    noticed: int


@dataclass(frozen=True)
class Truth:
    """How the loop did, beside the truth."""

    eras: tuple[EraSeen, ...]
    stable_days: tuple[int, int]
    stable_drops: int
    false_alarms: tuple[str, ...]
    needless_retrainings: int
    faults: tuple[FaultSeen, ...]
    invented: int

    @property
    def missed_faults(self) -> int:
        """Planted faults that nobody noticed."""
        return sum(fault.planted - fault.noticed for fault in self.faults)


def score_truth(manifest: Manifest, story: Story) -> Truth:
    """Compare a play of generated drops with what was planted into them.

    Parameters
    ----------
    manifest : Manifest
    story : Story

    Returns
    -------
    Truth
        Of what arrived until the last day.
    """
    spans = era_spans(manifest, story.days)
    planted = {file.sha256: file for file in manifest.files if file.must_be != "copy"}
    era_of = {one.id: planted[one.file.sha256].era for one in story.files
              if one.file.sha256 in planted}
    drifted = story.drifted()
    stable = spans[0]
    judged = {file_id for file_id, _ in story.verdicts if era_of.get(file_id) == STABLE}
    alarms = tuple(f"{story.files[file_id - 1].file.name}: {', '.join(columns)}"
                   for file_id, columns in drifted.items() if era_of.get(file_id) == STABLE)
    return Truth(
        eras=tuple(_seen(story, span, era_of) for span in spans[1:]),
        stable_days=stable[1:], stable_drops=len(judged), false_alarms=alarms,
        needless_retrainings=sum(
            one.kind == "drift" and one.action == "retrain" and not one.is_first_model
            and one.day <= stable[2] for one in story.decisions),
        faults=tuple(_faults(manifest, story)), invented=_invented(manifest, story))


def era_spans(manifest: Manifest, days: int) -> tuple[tuple[str, int, int], ...]:
    """Return name, first and last day of each era that began, in order."""
    begins: dict[str, int] = {}
    for file in manifest.files:
        if file.kind in ("drop", "broken") and not file.is_late:
            begins[file.era] = min(file.day, begins.get(file.era, file.day))
    names = [name for name in sorted(begins, key=lambda era: begins[era]) if begins[name] < days]
    ends = [*(begins[name] - 1 for name in names[1:]), days - 1]
    return tuple((name, begins[name], end) for name, end in zip(names, ends))


def _seen(story: Story, span: tuple[str, int, int], era_of: dict[int, str]) -> EraSeen:
    name, began, ended = span
    if name in _SEEN_IN_FEATURES:
        days = [story.day_of(file_id) for file_id in story.drifted()
                if era_of.get(file_id) == name]
        return EraSeen(name, began, ended, min(days, default=None), "features drifted")
    days = [one.day for one in story.decisions if one.kind == "drift"
            and began <= one.day <= ended and "surely a fall" in one.reason]
    return EraSeen(name, began, ended, min(days, default=None), "the score surely fell")


def _faults(manifest: Manifest, story: Story) -> Iterator[FaultSeen]:
    """Yield each kind of planted fault with its counts."""
    pairs = _arrived(manifest, story)

    def counted(kind: str, has_it: Callable[[PlantedFile], bool],
                is_noted: Callable[[PlantedFile, File], bool]) -> FaultSeen:
        carriers = [(file, record) for file, record in pairs if has_it(file)]
        return FaultSeen(kind, len(carriers), sum(
            record is not None and is_noted(file, record) for file, record in carriers))

    yield counted("broken file refused", lambda file: file.must_be == "refused",
                  lambda _, record: record.status == "refused" and bool(record.reason))
    yield counted("renamed copy known", lambda file: file.must_be == "copy",
                  lambda _, record: record.status == "copy")
    yield counted("changed file of the same name", lambda file: file.kind == "changed",
                  lambda _, record: record.status == "accepted" and "other content"
                  in record.reason)
    yield counted("late file taken in under its own day", lambda file: file.is_late,
                  lambda file, record: record.status == "accepted"
                  and date.fromisoformat(record.period or "9999-12-31")
                  < FIRST_DAY + timedelta(days=file.day))
    for kind, name in _COUNTS.items():
        yield counted(kind, lambda file, name=name: file.must_be == "accepted"  # type: ignore
                      and getattr(file, name) > 0,
                      lambda file, record, name=name:  # type: ignore[misc]
                      getattr(record, name) == getattr(file, name))


def _arrived(manifest: Manifest, story: Story) -> list[tuple[PlantedFile, File | None]]:
    """Return the planted files that came until the last day, each with its record."""
    records = {(one.day, one.file.name): one.file for one in story.files}
    return [(file, records.get((file.day, Path(file.path).name)))
            for file in manifest.files if file.day < story.days]


def _invented(manifest: Manifest, story: Story) -> int:
    """Return how many faults were noted where none was planted."""
    return sum((record.status != file.must_be) + sum(
        (getattr(record, name) or 0) > 0 and getattr(file, name) == 0
        for name in _COUNTS.values())
        for file, record in _arrived(manifest, story) if record is not None)
