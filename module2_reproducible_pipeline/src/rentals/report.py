"""Write what a pipeline found: one page for people, one summary for the monorepo.

In: what became of each unit, and the artifacts that they made. Out: a ``Page`` and a JSON-ready
summary by the root's contract. Words and numbers are read from the same artifacts.
"""

import csv
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rentals.closing import closing_table
from rentals.page import Card, Page, Picture, Section, Table
from rentals.pipeline import PipelineResult
from rentals.plan import CHOSEN, COMPARISON_FILE
from rentals.wandb_log import WandbLog

MODULE, TITLE = "module2_reproducible_pipeline", "Prices of short-term rentals"
_CAPTIONS = (
    ("evaluation", "predicted_and_true", "Test rows: each point is a listing."),
    ("evaluation", "importances", "Columns of the input are shuffled, so each bar belongs to its "
     "name. Columns that say the same hide one another."),
    ("exploration", "prices", "Of the raw sample; the lines are the bounds of cleaning."),
    ("exploration", "map", "Dear listings gather around Midtown."),
    ("exploration", "groups", "The room decides more than the borough."),
    ("exploration", "neighbourhoods", "Median and middle half by neighbourhood."),
)

_LABELS = {"r2": "R2", "mean_absolute_error": "dollars of mean absolute error",
           "median_absolute_error": "dollars of median absolute error"}


@dataclass(frozen=True)
class Moment:
    """When a pipeline started (UTC), and how long it took."""

    started: datetime
    seconds: float


@dataclass(frozen=True)
class Findings:
    """All that the report tells.

    ``wandb`` is what W&B's own log says of this run, or None when nothing was recorded.
    """

    moment: Moment
    result: PipelineResult
    source: str
    data_sha256: str
    wandb: WandbLog | None
    lineage_png: bytes

    def folder(self, name: str) -> Path | None:
        """Return the place of an artifact of this pipeline, or None."""
        return next((artifact.path for outcome in self.result.outcomes
                     for artifact in outcome.artifacts if artifact.name == name), None)


def build_page(found: Findings) -> Page:
    """Return the report of a pipeline.

    Parameters
    ----------
    found : Findings

    Returns
    -------
    Page
    """
    evaluation = found.result.outcome("evaluate")
    lead = found.result.refusal and f"Stopped: {found.result.refusal}" or (
        evaluation.record.lines[0] if evaluation else "Some of the steps were run.")
    return Page(
        TITLE, f"{lead[:1].upper()}{lead[1:]}. Data: {found.source}.",
        tuple(section for section in (
            _candidates(found), _pictures("On rows that no model saw", "evaluation", found),
            _steps(found), _checks(found),
            Section("Where it all comes from", (
                "Blue boxes are runs, grey ones artifacts with their versions.",), (),
                (Picture(found.lineage_png, "From data to release."),)),
            _records(found), _pictures("What the data look like", "exploration", found),
        ) if section is not None), _cards(found),
        (f"Started {found.moment.started:%Y-%m-%d %H:%M:%S} UTC, "
         f"{found.moment.seconds:.1f} seconds.", f"Data sha256 {found.data_sha256}"))


def build_summary(found: Findings) -> dict[str, Any]:
    """Return the summary by the contract between a module and the monorepo."""
    figures: list[dict[str, Any]] = [
        {"name": f"test_{name}", "value": one["value"], "low": one["low"],
         "high": one["high"], "unit": "" if name == "r2" else "dollars"}
        for name, one in _figures(found).items()]
    figures.append({"name": "steps_skipped", "unit": "", "low": None, "high": None,
                    "value": sum(one.is_cached for one in found.result.outcomes)})
    return {
        "module": MODULE, "title": TITLE,
        "started_utc": f"{found.moment.started:%Y-%m-%dT%H:%M:%SZ}",
        "seconds": round(found.moment.seconds, 3),
        "data": {"source": found.source, "sha256": found.data_sha256},
        "figures": figures,
        "images": ["lineage.png", *(f"{name}.png" for group, name, _ in _CAPTIONS
                                    if found.folder(group))],
        "links": [{"title": "Report", "path": "index.html"},
                  *([{"title": "Notebook of the exploration", "path": "EDA.html"}]
                    if found.folder("exploration") else []),
                  {"title": "Log", "path": "../logs/rentals.log"}],
    }


def pictures(found: Findings) -> dict[str, bytes]:
    """Return every picture of the report as PNG, by file name."""
    named = {f"{name}.png": (folder / f"{name}.png").read_bytes()
             for group, name, _ in _CAPTIONS if (folder := found.folder(group))}
    return {"lineage.png": found.lineage_png, **named}


def _figures(found: Findings) -> dict[str, dict[str, float]]:
    folder = found.folder("evaluation")
    return json.loads((folder / "figures.json").read_bytes()) if folder else {}


def _cards(found: Findings) -> tuple[Card, ...]:
    figures = _figures(found)
    cards = [Card(f"{one['value']:.2f}", f"{_LABELS.get(name, name)}, test rows; 95 % interval "
                  f"{one['low']:.2f} to {one['high']:.2f}") for name, one in figures.items()]
    clean = found.result.outcome("clean")
    if clean:
        cards.append(Card(f"{clean.record.metrics['rows_kept']:,.0f}", "rows kept by cleaning"))
    return tuple(cards)


def _pictures(title: str, group: str, found: Findings) -> Section | None:
    folder = found.folder(group)
    return Section(title, (), (), tuple(
        Picture((folder / f"{name}.png").read_bytes(), caption)
        for owner, name, caption in _CAPTIONS if owner == group)) if folder else None


def _candidates(found: Findings) -> Section | None:
    folder = found.folder(CHOSEN)
    if folder is None:
        return None
    with open(folder / COMPARISON_FILE, encoding="utf-8", newline="") as stream:
        rows = tuple((row["candidate"].replace("_", " "), f"{float(row['mae']):.2f}",
                      f"{float(row['mae_low']):.2f} to {float(row['mae_high']):.2f}",
                      f"{float(row['r2']):.3f}", f"{float(row['behind_best']):.2f}",
                      f"{float(row['behind_low']):.2f} to {float(row['behind_high']):.2f}")
                     for row in csv.DictReader(stream))
    return Section("The candidates, on validation rows", (
        "The least mean absolute error is chosen. The last two columns compare each with the "
        "best on the same resampled rows: an interval that leaves out 0 is beyond chance.",),
        (Table(("candidate", "mean absolute error", "95 % interval", "R2", "behind the best",
                "95 % interval"), rows),))


def _steps(found: Findings) -> Section:
    said = Table(("step", "what it says"), tuple(
        (one.unit.title, text) for one in found.result.outcomes for text in one.record.lines))
    return Section("The steps", (), (closing_table(found.result), said))


def _checks(found: Findings) -> Section | None:
    folder = found.folder("check_report")
    if folder is None:
        return None
    rows = tuple((one["name"].replace("_", " "), one["outcome"].replace("_", " "), one["message"])
                 for one in json.loads((folder / "report.json").read_bytes()))
    return Section("The checks of the data", (), (Table(("check", "answer", "why"), rows),))


def _records(found: Findings) -> Section | None:
    if found.wandb is None:
        return None
    log = found.wandb
    return Section("What W&B recorded", (
        f"Read back from the log of run {log.run_id}: {len(log.config)} settings, "
        f"{len(log.figures)} figures, {len(log.artifacts)} artifacts.",),
        (Table(("figure", "value"), tuple((name, f"{value:g}")
                                          for name, value in sorted(log.figures.items()))),))
