"""Write what a run found: one page for people, one summary for the monorepo.

In: the record of a run. Out: a `Page` and a JSON-ready summary by the root's contract. Words and
numbers come from the same record, so the page cannot tell another story.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from riskwatch.evaluate import Measured
from riskwatch.page import Card, Link, Page, Picture, Section, Table
from riskwatch.probe import Probe
from riskwatch.simulate_truth import Truth
from riskwatch.simulate_words import Told, day_ranges, era_in_words

MODULE, TITLE = "module4_scoring_monitoring", "A model that looks after itself"
_CAPTION = ("Above the score of the serving model on each drop, with 95 % intervals; in the "
            "middle which columns drifted, the course's rules of scores below the line; at the "
            "bottom what was decided. Dashed lines are new releases, tints are the planted eras.")


@dataclass(frozen=True)
class RunRecord:
    """All that a run found; ``page`` is where its report stands."""

    started: datetime
    seconds: float
    seconds_to_play: float
    told: Told
    probe: Probe
    source: str
    page: Path

    @property
    def is_sound(self) -> bool:
        """Whether every cycle ended, the audit found nothing, and the service did its part."""
        return self.told.played.is_sound and self.probe.is_sound

    def in_words(self) -> tuple[str, ...]:
        """Return the end of a run as lines."""
        return (*self.told.in_words(),
                f"service: ready after {self.probe.seconds_to_ready:.1f} s, "
                f"{len(self.probe.asked)} requests, {len(self.probe.failed)} failed, stopped with "
                f"exit code {self.probe.exit_code}",
                f"client: {self.probe.collected}", f"report: {self.page}")


def data_sha256(record: RunRecord) -> str:
    """Return the digest of all files that arrived, by their own digests in order."""
    lines = "".join(f"{one.file.sha256} {one.file.name}\n" for one in record.told.story.files)
    return hashlib.sha256(lines.encode()).hexdigest()


def build_summary(record: RunRecord) -> dict[str, Any]:
    """Return the summary by the contract between a module and the monorepo.

    Parameters
    ----------
    record : RunRecord

    Returns
    -------
    dict
        JSON-ready; its schema stands at the root.
    """
    return {
        "module": MODULE, "title": TITLE, "started_utc": f"{record.started:%Y-%m-%dT%H:%M:%SZ}",
        "seconds": round(record.seconds, 3),
        "data": {"source": record.source, "sha256": data_sha256(record)},
        "figures": [{"name": name, "value": value, "unit": unit, "low": low, "high": high}
                    for name, value, unit, low, high in _figures(record)],
        "images": [_beside(record, record.told.pictures["png"])],
        "links": [{"title": "Report", "path": "index.html"},
                  *({"title": link.title, "path": link.path} for link in _links(record))],
    }


def build_page(record: RunRecord) -> Page:
    """Return the report of a run.

    Parameters
    ----------
    record : RunRecord

    Returns
    -------
    Page
    """
    told, story = record.told, record.told.story
    return Page(
        TITLE, f"{story.days} days, played on a simulated clock through the very same cycle that "
        f"cron starts; then the real service was started on what they left, and asked. "
        f"Data: {record.source}.",
        (Section("The timeline", (), (), (Picture(told.pictures["png"].read_bytes(),
                                                  _CAPTION),)),
         *(() if told.truth is None else (_truth(told.truth),)), _decisions(record),
         _service(record),
         Section("In words", tuple(line.strip() for line in told.happened()))),
        tuple(_cards(record)),
        (f"Started {record.started:%Y-%m-%d %H:%M:%S} UTC, {record.seconds:.1f} seconds, of them "
         f"{record.seconds_to_play:.1f} for the days.", f"Data sha256 {data_sha256(record)}"),
        tuple(_links(record)))


def _figures(record: RunRecord) -> Iterator[tuple[str, float | str, str, float | None,
                                                  float | None]]:
    story, truth = record.told.story, record.told.truth
    yield "simulated_days", story.days, "days", None, None
    if truth is not None:
        seen = [era for era in truth.eras if era.noticed is not None]
        yield "drift_eras_seen", len(seen), "", None, None
        yield "drift_eras_missed", len(truth.eras) - len(seen), "", None, None
        yield "false_alarms", len(truth.false_alarms), f"of {truth.stable_drops} drops", None, None
        yield "planted_faults_missed", truth.missed_faults, "", None, None
    last = story.last_score()
    for name in ("roc_auc", "f1"):
        figure = Measured(None, None, None) if last is None else getattr(last, name)
        yield (f"last_drop_{name}", "undefined" if figure.value is None else figure.value, "",
               figure.low, figure.high)
    yield "deployments", len(story.deployments), "", None, None
    yield "challengers_refused", len(story.by_action("gate").get("refuse", ())), "", None, None
    yield "requests_probed", len(record.probe.asked), "", None, None
    yield "requests_failed", len(record.probe.failed), "", None, None
    yield "audit_problems", len(record.told.played.audit.problems), "", None, None
    yield "seconds_to_play", round(record.seconds_to_play, 3), "s", None, None
    yield "seconds_to_ready", round(record.probe.seconds_to_ready, 3), "s", None, None


def _links(record: RunRecord) -> Iterator[Link]:
    place = record.told.played.place
    yield Link("Timeline (SVG)", _beside(record, record.told.pictures["svg"]))
    yield Link("Dashboard, as it was served", "dashboard.html")
    yield Link("What the client collected", _beside(record, place.out.parent / "client"
                                                    / "report.md"))
    for folder in sorted(place.reports.glob("run_*"))[-1:]:
        for name, title in (("report.html", "Report of the last cycle"),
                            ("report.pdf", "The same as PDF")):
            if (folder / name).is_file():
                yield Link(title, _beside(record, folder / name))


def _beside(record: RunRecord, path: Path) -> str:
    return Path(os.path.relpath(path, record.page.parent)).as_posix()


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"


def _cards(record: RunRecord) -> Iterator[Card]:
    story, truth = record.told.story, record.told.truth
    yield Card(str(story.days), "simulated days")
    if truth is not None:
        yield Card(f"{sum(era.noticed is not None for era in truth.eras)} of {len(truth.eras)}",
                   "changes of era noticed")
        yield Card(f"{len(truth.false_alarms)} of {truth.stable_drops}",
                   "drops of the stable era with a false alarm")
    last = story.last_score()
    if last is not None:
        for words, figure in (("ROC AUC", last.roc_auc), ("F1", last.f1)):
            yield Card(_number(figure.value), f"{words} on the last drop with labels, 95 % "
                       f"interval {_number(figure.low)} to {_number(figure.high)}")
    yield Card(str(len(story.deployments)), "deployments")
    yield Card(f"{len(record.probe.asked) - len(record.probe.failed)} of "
               f"{len(record.probe.asked)}", "requests answered by the service")


def _truth(truth: Truth) -> Section:
    return Section("Beside the truth", (
        "The drops were generated, so what happened in them is known. In the stable era "
        f"{len(truth.false_alarms)} of {truth.stable_drops} drops raised a false alarm, and "
        f"{truth.needless_retrainings} retrainings were needless.",
        *(era_in_words(era) + "." for era in truth.eras)),
        (Table(("planted fault", "files", "noticed exactly"),
               tuple((fault.kind, str(fault.planted), str(fault.noticed))
                     for fault in truth.faults)),))


def _decisions(record: RunRecord) -> Section:
    rows = tuple((f"day {one.day}", one.action.replace("_", " "), one.reason)
                 for one in record.told.story.decisions if one.action != "keep")
    kept = record.told.story.by_action().get("keep", ())
    return Section("What was decided", (
        f"Kept the model {len(kept)} times, on days {day_ranges(kept)}. The other decisions, and "
        "the trials of challengers:",), (Table(("day", "decision", "reason"), rows),))


def _service(record: RunRecord) -> Section:
    probe = record.probe
    rows = tuple((one.request, str(one.status), f"{one.milliseconds:.1f}", f"{one.byte_count:,}")
                 for one in probe.asked)
    return Section("The service, asked for everything", (
        f"It was ready after {probe.seconds_to_ready:.1f} s and stopped with exit code "
        f"{probe.exit_code}. The client then collected {probe.collected}.",),
        (Table(("request", "status", "milliseconds", "bytes"), rows),))
