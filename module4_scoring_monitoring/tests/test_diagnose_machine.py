"""Disk, clock and feed: a full one, one that goes back, one that died."""

from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from riskwatch.diagnose_machine import clock_check, disk_check, feed_check, usage_check

NOW = datetime(2026, 3, 29, 3, tzinfo=UTC)
Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(("free", "status"), [(200_000_000, "ok"), (199_000_000, "failed")])
def test_a_disk_that_is_nearly_full_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                            free: int, status: str) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage(10**12, 0, free))
    assert disk_check(tmp_path, 200).status == status


def test_a_folder_that_is_not_there_yet_is_on_the_disk_of_the_one_above(tmp_path: Path) -> None:
    assert disk_check(tmp_path / "a" / "b", 1).value == disk_check(tmp_path, 1).value


def test_a_disk_that_cannot_be_asked_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch
                                                ) -> None:
    def fail(_: Path) -> Usage:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("shutil.disk_usage", fail)
    assert disk_check(tmp_path, 1).status == "unknown"


def test_an_allowance_that_is_used_up_is_said_with_the_largest_file(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "debug.log").write_bytes(b"x" * 3_000_000)
    (tmp_path / "small.csv").write_bytes(b"x" * 1_000_000)
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    found = usage_check(tmp_path, 3)
    assert (found.status, found.value, found.unit) == ("failed", 4, "MB")
    assert "the largest file is logs/debug.log, 3 MB" in found.detail
    (tmp_path / "logs" / "debug.log").unlink()
    assert (usage_check(tmp_path, 3).status, usage_check(tmp_path, 3).value) == ("ok", 1)


@pytest.mark.parametrize(("seconds", "status", "value"), [
    (-60, "ok", 0), (0, "ok", 0), (2, "ok", 2), (3, "failed", 3), (3600, "failed", 3600)])
def test_a_clock_behind_the_ledger_is_said(seconds: int, status: str, value: float) -> None:
    found = clock_check(NOW, NOW + timedelta(seconds=seconds))
    assert (found.status, found.value) == (status, value)


def test_an_empty_ledger_has_no_time_to_be_behind() -> None:
    assert clock_check(NOW, None).status == "ok"


@pytest.mark.parametrize(("days", "status"), [(0.1, "ok"), (3, "ok"), (3.01, "failed")])
def test_silence_is_what_a_dead_feed_sends(days: float, status: str) -> None:
    found = feed_check(NOW, NOW - timedelta(days=days), 3)
    assert (found.status, found.value) == (status, pytest.approx(days, abs=1e-4))


def test_a_feed_that_never_was_is_unknown() -> None:
    assert feed_check(NOW, None, 3).status == "unknown"
