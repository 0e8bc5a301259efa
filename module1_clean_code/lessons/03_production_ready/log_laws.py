"""Can the failed run be explained from the log alone?

In: the learner's module. Out: nothing, or an assertion with a sentence.
"""

import csv
import logging
import random
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import ModuleType

import pytest

from checking import function, shortened

_RECORD = re.compile(r"^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)")
#: Room for any time zone, and for a slow machine.
_NOW = timedelta(hours=15)
_LEVELS = re.compile(r"\b(DEBUG|INFO|WARNING|ERROR|CRITICAL)\b")


_DROPPED = ". There is no line of level INFO at all: a logger drops them until its level is INFO"


class Kept(logging.Handler):
    """Keeps every record."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def write_tables(folder: Path, seed: int) -> tuple[list[Path], dict[str, tuple[str, str]],
                                                   dict[str, int]]:
    """Write ``seed`` good tables and name one that is missing, one with a typing error, one empty.

    Returns
    -------
    tables, broken (name to exception and what the log must show), rows of the good ones
    """
    choose = random.Random(seed)
    good = {}
    for number in choose.sample(range(10, 99), seed):
        count = choose.randrange(3, 40)
        lines = [f"{choose.randrange(9000)},{choose.randrange(9001, 20000)}" for _ in range(count)]
        name = f"branch_{number}.csv"
        (folder / name).write_text("\n".join(["balance,limit", *lines, ""]), encoding="utf-8")
        good[name] = count
    word = f"{choose.randrange(10, 99)}O{choose.randrange(10, 99)}"
    broken = {f"north_{seed}.csv": ("FileNotFoundError", f"north_{seed}.csv"),
              f"south_{seed}.csv": ("ValueError", word),
              f"east_{seed}.csv": ("ZeroDivisionError", f"east_{seed}.csv")}
    (folder / f"south_{seed}.csv").write_text(f"balance,limit\n5,{word}\n", encoding="utf-8")
    (folder / f"east_{seed}.csv").write_text("balance,limit\n", encoding="utf-8")
    names = [*good, *broken]
    choose.shuffle(names)
    return [folder / name for name in names], broken, good


def _share(table: Path) -> float:
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    return sum(int(row["balance"]) for row in rows) / sum(int(row["limit"]) for row in rows)


def require_quiet_import(handlers: list[logging.Handler], exercise: ModuleType) -> None:
    """Importing the file configures nothing."""
    assert logging.getLogger().handlers == handlers, (
        "Importing exercise.py adds a handler to the root logger; configure inside run")
    assert not logging.getLogger(exercise.__name__).handlers, (
        "Importing exercise.py adds a handler to its logger; configure inside run")


def require_log(exercise: ModuleType, folder: Path, seed: int) -> str:
    """Run with three broken tables; the log tells which, why, and how far the others came."""
    run = function(exercise, "run", "run(tables, log_file)")
    folder.mkdir()
    tables, broken, good = write_tables(folder, seed)
    kept, logger = Kept(), logging.getLogger(exercise.__name__)
    before = [*logger.handlers, *logging.getLogger().handlers]
    logger.addHandler(kept)
    try:
        shares = run(tables, folder / "run.log")
    except (OSError, ValueError, ZeroDivisionError) as err:
        raise AssertionError(
            f"run stopped with {type(err).__name__}: {err}. A table that fails is left out and "
            "logged, and the others are still done") from err
    logger.removeHandler(kept)
    assert [*logger.handlers, *logging.getLogger().handlers] == before, (
        "run leaves a handler behind at its logger, or at the root logger; take it away in "
        "`finally`, or the next run writes into this log too")
    assert isinstance(shares, dict) and sorted(shares) == sorted(good), (
        f"run must return the shares of the good tables {sorted(good)}, got {shortened(shares)}")
    for table in tables:
        if table.name in good:
            expected = _share(table)
            assert shares[table.name] == pytest.approx(expected), (
                f"run returns {shares[table.name]} for {table.name}, expected {expected:.4f}; "
                "what it computes stays as it was")
    assert (folder / "run.log").is_file(), "run(tables, log_file) wrote no log_file"
    log = (folder / "run.log").read_text(encoding="utf-8")
    _require_lines(log, good, broken)
    assert kept.records, ("Nothing was logged through logging.getLogger(__name__); ask for your "
                          "logger by the name of the module")
    eager = [record.msg for record in kept.records if not record.args and any(
        path.name in str(record.msg) for path in tables)]
    assert not eager, (f"Hand values over as arguments, LOGGER.info(\"%s: ...\", name), and let "
                       f"logging put them in: {shortened(eager[0])}")
    return log


def _require_lines(log: str, good: dict[str, int], broken: dict[str, tuple[str, str]]) -> None:
    """Each table has its line, each fault its exception, and the last line counts."""
    records = [line for line in log.splitlines() if _RECORD.match(line)]
    assert records, ("No line of the log begins with a date and a time, such as "
                     f"2026-03-02T09:00:00; it begins: {shortened(log[:80])}")
    for line in records:
        found = _RECORD.match(line)
        when = datetime.fromisoformat(f"{found[1]}T{found[2]}+00:00") if found else None
        assert when and abs(datetime.now(timezone.utc) - when) < _NOW, (
            f"This line was not written when it says; let %(asctime)s put the time in: {line}")
        assert _LEVELS.search(line), f"This line of the log has no level such as INFO: {line}"
    for name, rows in good.items():
        lines = [line for line in records if name in line and re.search(rf"\b{rows}\b", line)]
        assert lines, (f"The log does not say in one line that {name} was read with {rows} rows"
                       f"{'' if 'INFO' in log else _DROPPED}")
        assert not any("ERROR" in line for line in lines), f"{name} is good, but an ERROR: {lines}"
    for name, (error, detail) in broken.items():
        assert any(name in line and "ERROR" in line for line in records), (
            f"{name} failed, but no line of level ERROR names it")
        assert error in log and detail in log, (
            f"{name} failed with {error} ({detail}), which cannot be read in the log; "
            "LOGGER.exception writes the traceback too")
    traced = log.count("Traceback (most recent call last)")
    assert traced >= len(broken), (
        f"{len(broken)} tables failed, but the log has {traced} tracebacks; LOGGER.exception "
        "inside `except` writes them")
    last, counts = records[-1], (len(good), len(broken))
    assert all(re.search(rf"\b{count}\b", last) for count in counts), (
        f"The last line must count what was done and what failed, {counts[0]} and {counts[1]}; "
        f"got: {last}")
