"""Open and close a pipeline: its workplace, its trackers, its report.

In: a folder, settings, a clock. Out: a workplace to run in, and afterwards a report of it all.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rentals.closing import data_source
from rentals.files import write_bytes, write_json, write_text
from rentals.lineage import all_runs
from rentals.pipeline import PipelineResult
from rentals.progress import Step
from rentals.setting_parts import leaves
from rentals.settings import Settings
from rentals.tracking import AllTrackers, Tracker
from rentals.tracking_address import usable_uri
from rentals.tracking_mlflow import MlflowTracker
from rentals.tracking_wandb import WandbTracker, newest_log
from rentals.workplace import Workplace, new_id

if TYPE_CHECKING:
    from rentals.report import Findings


@dataclass(frozen=True)
class Session:
    """A pipeline that is about to run: its workplace, and where MLflow records."""

    place: Workplace
    uri: str
    started: datetime
    started_seconds: float

    @property
    def seconds(self) -> float:
        """How long it has been open."""
        return time.monotonic() - self.started_seconds


def start_session(out: Path, settings: Settings, clock: Callable[[], datetime], step: Step,
                  above: str = "") -> Session:
    """Get everything ready for a pipeline; nothing is recorded before its first step runs.

    Parameters
    ----------
    out : Path
        Of results.
    settings : Settings
    clock : callable
        Gives the time in UTC.
    step : callable
        Shows the progress.
    above : str
        Id of the MLflow run of a sweep.

    Returns
    -------
    Session

    Raises
    ------
    TrackingError
        A tracking server is wanted and does not answer.
    """
    pipeline, chosen = new_id(), settings.tracking
    # A program that `mlflow run` started belongs to the run that it made.
    parent = "" if chosen.uri or above else os.environ.get("MLFLOW_RUN_ID", "")
    uri = (os.environ.get("MLFLOW_TRACKING_URI", "") if parent else "") or usable_uri(chosen, out)
    trackers: list[Tracker] = [MlflowTracker(uri, chosen.experiment, out, above, parent)]
    if chosen.wandb != "off":
        trackers.append(WandbTracker(chosen, out / "wandb"))
    params = {key: json.dumps(value) if isinstance(value, tuple) else str(value)
              for key, value in leaves(settings).items()}
    together = AllTrackers(tuple(trackers), f"pipeline {pipeline[:8]}", params,
                           {"pipeline": pipeline})
    return Session(Workplace(out, settings, clock, step, together, pipeline), uri, clock(),
                   time.monotonic())


def write_report(session: Session, result: PipelineResult) -> Path:
    """Write the report of a pipeline that has ended, and its summary; return the page's path.

    Parameters
    ----------
    session : Session
    result : PipelineResult

    Returns
    -------
    Path

    Raises
    ------
    OutputError, TrackingError
    """
    # pylint: disable=import-outside-toplevel  # drawing takes a second to load
    from rentals.page import render
    from rentals.report import build_page, build_summary, pictures

    folder, found = session.place.out / "report", _findings(session, result)
    for name, png in pictures(found).items():
        write_bytes(folder / name, png)
    exploration = found.folder("exploration")
    if exploration:
        write_bytes(folder / "EDA.html", (exploration / "EDA.html").read_bytes())
    write_text(folder / "index.html", render(build_page(found)))
    write_json(folder / "summary.json", build_summary(found))
    return folder / "index.html"


def _findings(session: Session, result: PipelineResult) -> "Findings":
    """Gather what the report tells from the store and from W&B's log."""
    # pylint: disable=import-outside-toplevel  # drawing takes a second to load
    from rentals.figures import png_bytes
    from rentals.lineage_view import draw_lineage
    from rentals.report import Findings, Moment
    from rentals.wandb_log import read_log_once

    place = session.place
    log = newest_log(place.out / "wandb") if place.settings.tracking.wandb != "off" else None
    made_by = {outcome.record.run for outcome in result.outcomes}
    records = [record for record in all_runs(place.store) if record.run in made_by]
    return Findings(Moment(session.started, session.seconds), result, *data_source(result),
                    read_log_once(log) if log else None, png_bytes(draw_lineage(records)))
