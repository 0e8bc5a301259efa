"""The log: a rotating file that explains a run, a plain console, and nothing left behind."""

import errno
import gc
import logging
import os
import re
import sys
import time
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest

from riskwatch.errors import OutputError
from riskwatch.logs import logging_to

LOGGER = logging.getLogger("riskwatch.some_room")


@pytest.fixture(name="path", autouse=True)
def log_path(tmp_path: Path) -> Iterator[Path]:
    """The place of the log; afterwards the package's logger is as it was."""
    logger = logging.getLogger("riskwatch")
    before = (list(logger.handlers), logger.level, logging.raiseExceptions)
    yield tmp_path / "logs" / "riskwatch.log"
    assert (list(logger.handlers), logger.level, logging.raiseExceptions) == before


def test_line_has_the_time_in_utc_level_room_and_text(path: Path,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")  # 14 hours from UTC
    time.tzset()
    try:
        with logging_to(path):
            record = LOGGER.makeRecord(LOGGER.name, logging.INFO, "", 0, "read %d rows", (12,),
                                       None)
            record.created, record.process = 1_700_000_000.5, 77
            LOGGER.handle(record)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert path.read_text(encoding="utf-8") == (
        "2023-11-14T22:13:20Z INFO    77 riskwatch.some_room: read 12 rows\n")


def test_console_shows_plain_lines(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with logging_to(path):
        LOGGER.debug("never shown")
        LOGGER.info("read %d rows", 12)
        LOGGER.warning("look out")
    assert capsys.readouterr() == ("", "read 12 rows\nlook out\n")


def test_quiet_console_shows_warnings_only(path: Path,
                                           capsys: pytest.CaptureFixture[str]) -> None:
    with logging_to(path, is_console_quiet=True):
        LOGGER.info("read 12 rows")
        LOGGER.warning("look out")
    assert capsys.readouterr().err == "look out\n"
    assert "read 12 rows" in path.read_text(encoding="utf-8")


def test_traceback_stands_in_the_file_and_not_on_the_console(
        path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError), logging_to(path):
        try:
            _ = 1 / 0
        except ZeroDivisionError:
            LOGGER.exception("riskwatch run failed")
            raise
    text = path.read_text(encoding="utf-8")
    assert "ERROR" in text and "riskwatch run failed" in text
    assert "Traceback (most recent call last)" in text and "ZeroDivisionError" in text
    assert capsys.readouterr().err == ""


def test_full_log_is_rotated_and_three_old_ones_are_kept(path: Path) -> None:
    with logging_to(path, is_console_quiet=True):
        for number in range(60):
            LOGGER.info("%d %s", number, "x" * 99_000)
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["riskwatch.log", "riskwatch.log.1", "riskwatch.log.2",
                                             "riskwatch.log.3"]
    assert max(file.stat().st_size for file in files) <= 1_000_000
    assert re.search(r" 59 x+\n$", path.read_text(encoding="utf-8"))


def test_second_run_adds_to_the_log(path: Path) -> None:
    for text in ("first", "second"):
        with logging_to(path):
            LOGGER.info(text)
    assert [line.rpartition(" ")[2] for line in path.read_text(encoding="utf-8").splitlines()
            ] == ["first", "second"]


def test_nothing_is_written_after_the_context(path: Path,
                                              capsys: pytest.CaptureFixture[str]) -> None:
    with logging_to(path):
        pass
    LOGGER.warning("too late")
    assert path.read_text(encoding="utf-8") == ""
    assert capsys.readouterr().err == ""


def test_name_that_is_not_utf_8_is_still_logged(path: Path,
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    # Kept from pytest's own record, which could not be sent from a worker to its master.
    with logging_to(path, is_console_quiet=True), monkeypatch.context() as patch:
        patch.setattr(logging.getLogger(), "handlers", [])
        LOGGER.info("read %s", Path("caf\udce9.csv"))
    assert r"read caf\udce9.csv" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("place", ["file/riskwatch.log", "folder", "x" * 300])
def test_log_that_cannot_be_opened_is_an_output_error(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="cannot write the log: .*; choose another folder"):
        with logging_to(tmp_path / place):
            pytest.fail("there is no such log")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a device that is always full")
def test_log_on_a_full_disk_does_not_disturb_the_run(
        tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    link = tmp_path / "riskwatch.log"
    link.symlink_to("/dev/full")
    with logging_to(link):
        LOGGER.info("read 12 rows")
    gc.collect()  # what was never written must not be complained of later either
    assert capfd.readouterr().err == "read 12 rows\n"


def test_fault_while_logging_does_not_disturb_the_run(
        path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(RotatingFileHandler, "shouldRollover", fail)
    with logging_to(path):
        LOGGER.info("read 12 rows")
    assert capsys.readouterr().err == "read 12 rows\n"
