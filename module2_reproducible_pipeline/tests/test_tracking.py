"""The one interface over the trackers: begun late, ended once, nothing large copied."""

import pytest

from quick import NOON

from rentals import tracking
from rentals.errors import TrackingError
from rentals.tracking import AllTrackers, TrackedRun, small_files


class _Tracker:
    """Writes down what it is told."""

    def __init__(self, name):
        self.name, self.told = name, []

    def start(self, title, params, tags):
        """Note the parent."""
        self.told.append(("start", title, dict(params), dict(tags)))
        return f"{self.name} parent"

    def record(self, run):
        """Note a run."""
        self.told.append(("record", run.title))
        return f"{self.name} {run.title}"

    def finish(self, metrics, tags, *, is_success):
        """Note the end."""
        self.told.append(("finish", dict(metrics), dict(tags), is_success))


RUN = TrackedRun("clean", NOON, 1.0, True)


def _together():
    both = _Tracker("first"), _Tracker("second")
    return both, AllTrackers(both, "pipeline", {"a": "1"}, {"b": "2"})


def test_a_pipeline_in_which_nothing_runs_leaves_no_trace():
    both, together = _together()
    together.finish({}, {}, is_success=True)
    assert [tracker.told for tracker in both] == [[], []]


def test_everything_is_told_to_every_tracker_and_the_first_gives_the_id():
    both, together = _together()
    assert together.record(RUN) == "first clean"
    together.record(RUN)
    together.finish({"mae": 1.0}, {"data_digest": "d"}, is_success=False)
    together.finish({}, {}, is_success=True)
    for tracker in both:
        assert tracker.told == [
            ("start", "pipeline", {"a": "1"}, {"b": "2"}), ("record", "clean"),
            ("record", "clean"), ("finish", {"mae": 1.0}, {"data_digest": "d"}, False)]
    assert together.parent_id == "first parent"


def test_a_tracker_that_cannot_start_leaves_only_the_others_to_be_finished(monkeypatch):
    both, together = _together()

    def fail(*_):
        raise TrackingError("no key")

    monkeypatch.setattr(both[1], "start", fail)
    with pytest.raises(TrackingError):
        together.begin()
    together.finish({}, {}, is_success=False)
    assert [[step[0] for step in tracker.told] for tracker in both] == [["start", "finish"], []]


def test_without_trackers_there_is_no_id():
    assert AllTrackers((), "", {}, {}).record(RUN) == ""


def test_small_files_stand_under_the_name_of_their_artifact(tmp_path, monkeypatch):
    monkeypatch.setattr(tracking, "MOST_BYTES_COPIED", 3)
    (tmp_path / "folder" / "deep").mkdir(parents=True)
    for name, text in (("folder/a", "abc"), ("folder/deep/b", "b"), ("folder/large", "long"),
                       ("one", "x")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = small_files({"folder": tmp_path / "folder", "one.csv": tmp_path / "one"})
    assert [(place, file.name) for place, file in found] == [
        ("folder", "a"), ("folder/deep", "b"), ("one.csv", "one")]
