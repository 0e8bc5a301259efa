"""The canary of W&B's private format: what the installed release writes, we read."""

import pytest

from quick import NOON

from rentals.errors import TrackingError
from rentals.settings import TrackingSettings
from rentals.tracking import TrackedRun
from rentals.tracking_wandb import WandbTracker, newest_log
from rentals.wandb_log import is_complete, read_log, read_log_once


@pytest.fixture(scope="module", name="log")
def log_fixture(tmp_path_factory):
    """The path of a log that W&B has written offline; its text takes more than one block."""
    folder = tmp_path_factory.mktemp("wandb")
    made = folder / "made"
    made.mkdir()
    (made / "a.txt").write_text("a", encoding="utf-8")
    tracker = WandbTracker(TrackingSettings(), folder / "out")
    tracker.start("pipeline", {"clean.max_price": "350", "long": "x" * 100_000}, {"pipeline": "p"})
    tracker.record(TrackedRun("train ridge", NOON, 1.25, True, metrics={"mae": 36.5},
                              tags={"output.made": "d"}, outputs={"made": made}))
    tracker.finish({"evaluate_r2": 0.5}, {"data_digest": "d"}, is_success=True)
    return newest_log(folder / "out")


def test_settings_figures_artifacts_and_the_end_are_read_back(log):
    found = read_log(log)
    assert found.run_id and found.run_id in log.name
    assert found.config["clean.max_price"] == "350" and found.config["pipeline"] == "p"
    assert found.config["data_digest"] == "d"
    assert len(found.config["long"]) == 100_000
    assert found.figures["train/ridge/mae"] == 36.5
    assert found.figures["train/ridge/seconds"] == 1.25
    assert found.figures["evaluate_r2"] == 0.5
    assert "made" in found.artifacts
    assert found.exit_code == 0


def test_a_log_that_is_still_written_is_not_complete(log, tmp_path):
    content = log.read_bytes()
    assert is_complete(log) and not is_complete(tmp_path / "none")
    for size in (7, 500, len(content) // 2, len(content) - 1):
        (tmp_path / "part.wandb").write_bytes(content[:size])
        assert not is_complete(tmp_path / "part.wandb")


def test_the_end_is_waited_for(tmp_path, monkeypatch):
    answers = [False, False, True]
    monkeypatch.setattr("rentals.tracking_wandb.is_complete", lambda _: answers.pop(0))
    tracker = WandbTracker(TrackingSettings(), tmp_path)
    tracker.start("pipeline", {}, {})
    tracker.finish({}, {}, is_success=True)
    assert not answers


def test_a_log_is_parsed_once_and_the_copy_says_the_same(log, monkeypatch):
    first = read_log_once(log)
    monkeypatch.setattr("rentals.wandb_log.read_log", lambda _: pytest.fail("read again"))
    assert read_log_once(log) == first


@pytest.mark.parametrize("spoil", [
    lambda content: b"", lambda content: b"x" * 100, lambda content: content[:-3],
    lambda content: content[:200] + bytes([content[200] ^ 1]) + content[201:]],
    ids=["empty", "foreign", "cut", "flipped"])
def test_a_damaged_log_is_refused(log, tmp_path, spoil):
    path = tmp_path / "spoiled.wandb"
    path.write_bytes(spoil(log.read_bytes()))
    with pytest.raises(TrackingError, match="no readable W&B log"):
        read_log(path)


def test_a_folder_without_a_log_has_none(tmp_path):
    assert newest_log(tmp_path) is None
