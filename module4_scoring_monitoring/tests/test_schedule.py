"""Install, show, remove: one block, absolute, once, and never a password."""

import os
import subprocess
from pathlib import Path

import pytest
from crontab import CronTab

from riskwatch.errors import InputError
from riskwatch.schedule import CRON_ENVIRONMENT, Wanted, install, installed, lines, remove
from riskwatch.schedule_plan import expected, plan_daily, plan_every
from riskwatch.workplace import Workplace

TEN = Wanted(plan_every(10))
URL = "postgresql+psycopg://me:sesame@127.0.0.1:1/x"


def test_installed_twice_is_one_line(place: Workplace, tmp_path: Path) -> None:
    tab = tmp_path / "tab"
    tab.write_bytes(b"0 0 * * * mine")
    assert install(place, TEN, tab)
    once = tab.read_bytes()
    assert not install(place, TEN, tab)
    assert tab.read_bytes() == once and once.count(b"riskwatch.cli") == 1
    assert installed(place, tab) == lines(place, TEN)
    assert place.logs.is_dir()


def test_installed_anew_takes_the_place_of_the_old_one_and_goes_last(
        place: Workplace, tmp_path: Path) -> None:
    tab = tmp_path / "tab"
    install(place, TEN, tab)
    with tab.open("ab") as stream:
        stream.write(b"1 1 * * * added later\n")
    assert install(place, Wanted(plan_daily("02:30")), tab)
    assert [str(job.slices) for job in CronTab(tabfile=str(tab))] == ["1 1 * * *", "30 2 * * *"]
    assert tab.read_bytes().startswith(b"1 1 * * * added later\n")
    noted = expected(place)
    assert noted is not None and noted.period_minutes == 1440


def test_removed_is_only_ours(place: Workplace, tmp_path: Path) -> None:
    tab, other = tmp_path / "tab", Workplace(tmp_path / "other")
    tab.write_bytes(b"A=b\n0 0 * * * mine\n")
    install(place, TEN, tab)
    install(other, TEN, tab)
    assert remove(place, tab) and not remove(place, tab)
    assert installed(place, tab) == b"" and installed(other, tab)
    assert remove(other, tab)
    assert tab.read_bytes() == b"A=b\n0 0 * * * mine\n"
    assert expected(place) is None


def test_every_path_is_absolute_whatever_folder_it_was_named_in(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    wanted = Wanted(plan_every(5), data=(Path("x"), Path("../y z")), config=Path("c.toml"), seed=7)
    (job,) = CronTab(tab=lines(Workplace(Path("build")), wanted).decode())
    parent = tmp_path.parent
    assert (f"cycle --trigger cron --out {tmp_path}/build --config {tmp_path}/c.toml --seed 7 "
            f"--data {tmp_path}/x '{parent}/y z' >>{tmp_path}/build/logs/cron.log 2>&1"
            ) in job.command


def test_the_line_runs_a_true_cycle_in_the_environment_of_cron(tmp_path: Path) -> None:
    place = Workplace(tmp_path / "100% it's a place")
    install(place, TEN, tmp_path / "tab")
    (job,) = CronTab(tab=(tmp_path / "tab").read_text("utf-8"))
    found = subprocess.run(["/bin/sh", "-c", job.command], env=CRON_ENVIRONMENT, cwd="/",
                           capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")
    assert "ingest: " in (place.logs / "cron.log").read_text("utf-8")


def test_the_address_of_a_server_is_never_written(place: Workplace, tmp_path: Path) -> None:
    there = Workplace(place.out, place.settings, place.clock, ledger_url=URL)
    with pytest.raises(InputError, match="must not hold.*--environment-file"):
        lines(there, TEN)
    secret = tmp_path / "secret.env"
    wanted = Wanted(plan_every(10), environment_file=secret)
    with pytest.raises(InputError, match="cannot be read"):
        lines(there, wanted)
    secret.write_text("OTHER=1\n", encoding="utf-8")
    secret.chmod(0o640)
    with pytest.raises(InputError, match="chmod 600"):
        lines(there, wanted)
    secret.chmod(0o600)
    with pytest.raises(InputError, match="does not name RISKWATCH_LEDGER_URL"):
        lines(there, wanted)
    secret.write_text(f"RISKWATCH_LEDGER_URL='{URL}'\n", encoding="utf-8")
    found = lines(there, wanted)
    assert b"sesame" not in found and os.fsencode(secret) in found


def test_what_could_not_start_is_not_installed(place: Workplace, tmp_path: Path,
                                               monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(InputError, match="does not find riskwatch"):
        install(place, TEN, tmp_path / "tab")
    monkeypatch.setattr("sys.executable", str(tmp_path / "none"))
    with pytest.raises(InputError, match="does not start"):
        install(place, TEN, tmp_path / "tab")
    assert not (tmp_path / "tab").exists() and expected(place) is None


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../etc/passwd", "UTC\nX=1"])
def test_what_is_no_time_zone_is_refused(place: Workplace, zone: str) -> None:
    with pytest.raises(InputError, match="no time zone"):
        lines(place, Wanted(plan_every(10), time_zone=zone))
