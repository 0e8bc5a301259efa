"""One small interface over the two records of experiments, MLflow and W&B.

In: what a pipeline is, then each of its runs when it has ended. Out: those runs in both records.
The pipeline never asks a tracking server for data: steps hand over through the artifact store,
and so a run is the same with a server, without one, online and offline.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

#: Larger files stay in the artifact store, and only their names and digests are recorded.
MOST_BYTES_COPIED = 3_000_000


@dataclass(frozen=True)
class TrackedRun:  # pylint: disable=too-many-instance-attributes  # a record
    """What is recorded of a run.

    Attributes
    ----------
    title : str
        Such as ``train ridge``.
    started : datetime
        UTC.
    seconds : float
    is_success : bool
    params : mapping of str to str
        The settings that it was allowed to read.
    metrics : mapping of str to float
    tags : mapping of str to str
        Step, digests of data and code, ids.
    outputs : mapping of str to Path
        Files and folders that it made, by artifact name.
    """

    title: str
    started: datetime
    seconds: float
    is_success: bool
    params: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, Path] = field(default_factory=dict)


class Tracker(Protocol):
    """A record of pipelines and their runs."""

    def start(self, title: str, params: Mapping[str, str], tags: Mapping[str, str]) -> str:
        """Begin the parent run of a pipeline; return its id."""

    def record(self, run: TrackedRun) -> str:
        """Record a run that has ended below the parent; return its id."""

    def finish(self, metrics: Mapping[str, float], tags: Mapping[str, str], *,
               is_success: bool) -> None:
        """End the parent run with the figures and tags of the whole."""


class AllTrackers:
    """Hands everything to several trackers, and begins them at the first run only.

    A pipeline in which nothing has to run leaves no trace and loads no tracking library.

    Parameters
    ----------
    trackers : tuple of Tracker
        The id of the first is the id.
    title : str
        Of the parent run.
    params, tags : mapping of str to str
        Of the parent run.
    """

    def __init__(self, trackers: tuple[Tracker, ...], title: str, params: Mapping[str, str],
                 tags: Mapping[str, str]) -> None:
        self._trackers = trackers
        self._parent = (title, params, tags)
        self.parent_id = ""
        self._begun: list[Tracker] = []

    def begin(self) -> None:
        """Begin the parent run, unless it has begun."""
        if not self._begun:
            ids = []
            for tracker in self._trackers:
                ids.append(tracker.start(*self._parent))
                # One that cannot start leaves the others to be finished.
                self._begun.append(tracker)
            self.parent_id = _first(ids)

    def record(self, run: TrackedRun) -> str:
        """Record a run everywhere; return its id.

        Parameters
        ----------
        run : TrackedRun

        Returns
        -------
        str

        Raises
        ------
        TrackingError
            A server or database cannot be used.
        """
        self.begin()
        return _first([tracker.record(run) for tracker in self._trackers])

    def finish(self, metrics: Mapping[str, float], tags: Mapping[str, str], *,
               is_success: bool) -> None:
        """End the parent run wherever it has begun."""
        begun, self._begun = self._begun, []
        for tracker in begun:
            tracker.finish(metrics, tags, is_success=is_success)


def _first(ids: list[str]) -> str:
    return ids[0] if ids else ""


def small_files(outputs: Mapping[str, Path]) -> list[tuple[str, Path]]:
    """Return the files worth copying into a tracking server.

    Parameters
    ----------
    outputs : mapping of str to Path
        Files and folders by artifact name.

    Returns
    -------
    list of (folder, file)
        ``folder`` is the place in the server: the artifact's name, and the path inside it.
    """
    found = []
    for name, path in outputs.items():
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [
            path]
        for file in files:
            if file.stat().st_size <= MOST_BYTES_COPIED:
                inside = file.relative_to(path).parent.as_posix() if path.is_dir() else "."
                found.append((name if inside == "." else f"{name}/{inside}", file))
    return found
