"""A play is many true cycles: on its own clock, in its own place, whole or told what failed."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from played_days import DAYS, QUICK
from played_days import told_days  # noqa: F401  pylint: disable=unused-import

from riskwatch import simulate as simulate_module
from riskwatch.cycle import Context, Stage
from riskwatch.errors import OutputError
from riskwatch.ledger import Ledger, Query, open_ledger
from riskwatch.ledger_audit import AuditResult
from riskwatch.records import Alert, Decision, DriftVerdict, File, Record, Run, RunEnd, Score, Step
from riskwatch.simulate import SimulatedClock, simulate, stages_of
from riskwatch.simulate_words import Told
from riskwatch.stages import STAGES
from riskwatch.tell_settings import AlertSettings
from riskwatch.workplace import Workplace


@pytest.fixture(name="brief")
def without_reports(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the report out, which the play that all share has made: before, in any order."""
    assert told
    monkeypatch.setattr(simulate_module, "stages_of", lambda is_last: stages_of(False))


def rows_of(ledger: Ledger, kind: type[Record]) -> list[tuple[object, ...]]:
    """All that a table says, times included."""
    return [(entry.id, entry.made_utc, entry.run_id, entry.record) for entry in ledger.entries(
        kind, Query(newest_first=False))]


def without_folder(rows: list[tuple[object, ...]], folder: Path) -> list[tuple[object, ...]]:
    """The same rows; a reason names the refused file, wherever it stands."""
    return [(*row, replace(record, reason=record.reason.replace(str(folder), "")))
            if isinstance(record, File) else (*row, record) for *row, record in rows]


def test_each_day_is_one_recorded_cycle_on_its_own_morning(told: Told) -> None:
    with closing(open_ledger(told.played.place)) as ledger:
        runs = [entry for _, made, _, entry in rows_of(ledger, Run)]
        assert {(run.command, run.trigger) for run in runs} == {  # type: ignore[attr-defined]
            ("cycle", "simulation")}
        mornings = [str(made)[:13] for _, made, *_ in rows_of(ledger, Run)]
        assert mornings == [f"2026-01-{day + 1:02d}T06" for day in range(DAYS)]
        assert len([*ledger.columns(RunEnd, "outcome")]) == DAYS
    assert [end.day for end in told.played.days] == list(range(DAYS))
    assert told.played.is_sound and told.played.audit.rows > 1000


def test_every_stage_runs_every_day_and_the_report_on_the_last_only(told: Told) -> None:
    names = [stage.name for stage in STAGES]
    with closing(open_ledger(told.played.place)) as ledger:
        steps = list(ledger.columns(Step, "run_id", "step"))
    for run in range(1, DAYS + 1):
        assert [name for number, name in steps if number == run] == [
            name for name in names if name != "report" or run == DAYS]
    assert "report" in names and [stage.name for stage in stages_of(True)] == names
    assert len(list(told.played.place.reports.glob("run_*"))) == 1


@pytest.mark.timeout(120)
def test_the_same_seed_gives_the_same_play_in_any_process(told: Told, tmp_path: Path) -> None:
    """Other hash seed, time zone, locale, folder: every row but the machine's own is equal."""
    (tmp_path / "quick.toml").write_text(QUICK, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "riskwatch.cli", "simulate", "--days", str(DAYS), "--config",
         "quick.toml", "--out", "elsewhere"], cwd=tmp_path, check=False, capture_output=True,
        text=True, env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"})
    assert done.returncode == 0, done.stderr
    again = tmp_path / "elsewhere" / "simulation"
    other = replace(told.played.place, out=again)
    with closing(open_ledger(told.played.place)) as one, closing(open_ledger(other)) as two:
        for kind in (File, Score, DriftVerdict, Decision):
            mine = without_folder(rows_of(one, kind), told.played.place.out)
            assert mine == without_folder(rows_of(two, kind), Path("elsewhere", "simulation"))
            assert len(mine) >= DAYS, kind
    for name in ("timeline.png", "timeline.svg"):
        assert (again / name).read_bytes() == (told.played.place.out / name).read_bytes(), name
    for line in told.happened():
        if "diagnostic" not in line and not line.startswith(("  ", "audit")):
            assert line in done.stdout


@pytest.mark.usefixtures("brief")
def test_another_seed_is_another_play(told: Told, tmp_path: Path) -> None:
    settings = told.played.place.settings.model_copy(update={"seed": 7})
    other = simulate(Workplace(tmp_path, settings), 2)
    with closing(open_ledger(told.played.place)) as one, closing(open_ledger(other.place)) as two:
        digests = [{digest for (digest,) in ledger.columns(File, "sha256")}
                   for ledger in (one, two)]
    assert digests[1] and not digests[0] & digests[1]


@pytest.mark.usefixtures("brief")
def test_nobody_outside_is_told_of_a_simulated_incident(place: Workplace) -> None:
    loud = place.settings.model_copy(update={"alerts": AlertSettings(
        mail_host="mail.invalid", mail_from="a@b.example", mail_to=("c@d.example",))})
    played = simulate(replace(place, settings=loud), 1)
    assert played.place.settings.alerts == AlertSettings() and played.is_sound
    with closing(open_ledger(played.place)) as ledger:
        assert not [event for (event,) in ledger.columns(Alert, "event") if "send" in event]


def test_a_failed_cycle_is_told_and_the_next_days_are_played(
        place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_once(context: Context) -> str:
        if context.run_id == 2:
            raise OutputError("the disk is full")
        return "well"

    monkeypatch.setattr(simulate_module, "stages_of", lambda is_last: (Stage("only", fail_once),))
    played = simulate(place, 3)
    assert [(end.day, end.fault) for end in played.days] == [
        (0, ""), (1, "the disk is full"), (2, "")]
    assert not played.is_sound and [end.day for end in played.faults] == [1]
    with closing(open_ledger(played.place)) as ledger:
        assert [outcome for (outcome,) in ledger.columns(RunEnd, "outcome")] == [
            "done", "failed", "done"]


def test_a_diagnostic_that_says_no_is_no_failure_but_an_audit_that_does_is(told: Told) -> None:
    assert any(end.check_said_no for end in told.played.days) and told.played.is_sound
    assert not replace(told.played, audit=AuditResult(("a row is missing",), 5)).is_sound


@pytest.mark.usefixtures("brief")
def test_own_files_come_one_a_day_by_name_and_stay_as_they_are(
        place: Workplace, told: Told, tmp_path: Path) -> None:
    drops = sorted((told.played.place.out / "drops").glob("day_000/*.csv"))
    folders = tmp_path / "one", tmp_path / "two"
    for number, source in enumerate(drops[:4]):
        folders[number % 2].mkdir(exist_ok=True)
        (folders[number % 2] / source.name).write_bytes(source.read_bytes())
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns)
              for folder in folders for path in folder.iterdir()}
    seen: list[tuple[int, int]] = []
    played = simulate(place, None, folders, on_day=lambda day, count: seen.append((day, count)))
    assert played.manifest is None and played.is_sound and seen == [(n, 4) for n in range(4)]
    with closing(open_ledger(played.place)) as ledger:
        assert [*ledger.columns(File, "run_id", "name")] == [
            (number + 1, drop.name) for number, drop in enumerate(drops[:4])]
    assert before == {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in before}
    assert len(simulate(place, 1, folders).days) == 1


@pytest.mark.usefixtures("brief")
def test_a_killed_play_leaves_a_folder_that_the_next_one_replaces(place: Workplace) -> None:
    child = os.fork()
    if child == 0:
        def stop(day: int, _: int) -> None:
            if day == 2:
                os.kill(os.getpid(), signal.SIGKILL)

        simulate(place, 4, on_day=stop)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    played = simulate(place, 3)
    assert played.is_sound
    with closing(open_ledger(played.place)) as ledger:
        assert [*ledger.columns(RunEnd, "run_id")] == [(1,), (2,), (3,)]


def test_the_clock_goes_on_by_seconds_and_to_the_morning_of_a_day() -> None:
    clock = SimulatedClock()
    assert clock() == datetime(2026, 1, 1, 6, 0, 1, tzinfo=UTC)
    clock.go_to(31)
    assert [clock(), clock()] == [datetime(2026, 2, 1, 6, 0, second, tzinfo=UTC)
                                  for second in (1, 2)]


@pytest.mark.realdata
@pytest.mark.usefixtures("brief")
def test_the_true_files_are_played_a_day_each(place: Workplace, real_data: Path) -> None:
    played = simulate(place, None, [real_data / name for name in (
        "practicedata", "sourcedata", "testdata")])
    assert played.is_sound and len(played.days) == 5
    with closing(open_ledger(played.place)) as ledger:
        assert [*ledger.columns(File, "status")] == [("accepted",)] * 5
