"""A simulation in words: what came, what was seen, what was done, and how that was.

In: a story, its audit, the truth where there is one. Out: lines of plain text.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from riskwatch.simulate import Played
from riskwatch.simulate_story import Story
from riskwatch.simulate_truth import EraSeen, Truth


@dataclass(frozen=True)
class Told:
    """A play, its story, the comparison with the truth, and the pictures by their kind.

    ``truth`` is None for the user's own files.
    """

    played: Played
    story: Story
    truth: Truth | None
    pictures: Mapping[str, Path]

    def in_words(self) -> tuple[str, ...]:
        """Return the end of a simulation as lines."""
        return (*self.happened(), *(() if self.truth is None else _compared(self.truth)))

    def happened(self) -> tuple[str, ...]:
        """Return what happened, without the truth beside it, as lines."""
        return tuple(_happened(self.played, self.story))


def day_ranges(days: Iterable[int]) -> str:
    """Return days as text, neighbours joined: ``0, 3-5``; ``none`` without any."""
    ranges: list[list[int]] = []
    for day in sorted(set(days)):
        if ranges and ranges[-1][1] == day - 1:
            ranges[-1][1] = day
        else:
            ranges.append([day, day])
    return ", ".join(str(first) if first == last else f"{first}-{last}"
                     for first, last in ranges) or "none"


def era_in_words(era: EraSeen) -> str:
    """Return when an era was noticed."""
    began = f"{era.name.replace('_', ' ')} (days {era.began} to {era.ended})"
    if era.delay is None:
        return f"{began}: not noticed"
    when = "on its first day" if era.delay == 0 else (
        f"on day {era.noticed}, {era.delay} {'day' if era.delay == 1 else 'days'} later")
    return f"{began}: {era.sign} {when}"


def _happened(played: Played, story: Story) -> Iterator[str]:
    status = Counter(one.file.status for one in story.files)
    yield (f"{story.days} days, {len(story.files)} files: {status['accepted']} accepted, "
           f"{status['refused']} refused, {status['copy']} copies")
    yield f"drift on {len(story.drift_days())} days: {day_ranges(story.drift_days())}"
    for action, days in sorted(story.by_action().items()):
        yield f"decided {action.replace('_', ' ')} {len(days)} times: days {day_ranges(days)}"
    yield (f"deployments: {len(story.deployments)}, on days "
           f"{day_ranges(day for day, _ in story.deployments)}")
    refused = story.by_action("gate").get("refuse", ())
    yield f"challengers refused: {len(refused)}, on days {day_ranges(refused)}"
    said_no = [end.day for end in played.days if end.check_said_no]
    yield (f"cycles that exited 1 because a diagnostic said no: {len(said_no)}, on days "
           f"{day_ranges(said_no)}")
    for check, days in story.failed_checks.items():
        yield f"  {check} on days {day_ranges(days)}"
    for end in played.faults:
        yield f"the cycle of day {end.day} failed: {end.fault}"
    yield f"audit: {played.audit.rows} rows of the ledger, {len(played.audit.problems)} problems"
    yield from (f"  {problem}" for problem in played.audit.problems)


def _compared(truth: Truth) -> Iterator[str]:
    first, last = truth.stable_days
    yield "against the truth:"
    yield (f"  stable (days {first} to {last}): {len(truth.false_alarms)} of "
           f"{truth.stable_drops} drops raised a false alarm, {truth.needless_retrainings} "
           "needless retrainings")
    yield from (f"    {alarm}" for alarm in truth.false_alarms)
    yield from (f"  {era_in_words(era)}" for era in truth.eras)
    for fault in truth.faults:
        yield f"  {fault.kind}: noticed in {fault.noticed} of {fault.planted} files"
    yield f"  noticed where nothing was planted: {truth.invented}"
