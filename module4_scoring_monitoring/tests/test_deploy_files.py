"""The files of deploy/: each is read by the program that it is for, or by one as strict."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from crontab import CronTab
from image_steps import Image, instructions, one, pins

from riskwatch.cli import main
from riskwatch.schedule import Wanted, lines
from riskwatch.schedule_block import split
from riskwatch.schedule_plan import plan_every
from riskwatch.settings import load_settings
from riskwatch.workplace import Workplace

MODULE = Path(__file__).parents[1]
DEPLOY = MODULE / "deploy"
SERVER = "/opt/riskwatch/venv/bin/python"
OUT, CONFIG = "/var/lib/riskwatch", "/etc/riskwatch/riskwatch.toml"
STEPS = instructions((DEPLOY / "Containerfile").read_text("utf-8"))


def settings_of(name: str) -> list[tuple[str, str]]:
    """Return the settings of a unit file, in their order."""
    lines_of = (DEPLOY / name).read_text("utf-8").splitlines()
    pairs = [line.partition("=") for line in lines_of if "=" in line and line[:1] != "#"]
    return [(key, value) for key, _, value in pairs]


def test_the_crontab_is_what_the_command_writes_for_its_paths(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "environment"
    secret.touch(mode=0o600)
    monkeypatch.setattr("sys.executable", SERVER)
    made = lines(Workplace(Path(OUT)), Wanted(plan_every(10), config=Path(CONFIG),
                                              environment_file=secret,
                                              mail_to="ops@example.org"))
    tab = (DEPLOY / "crontab").read_bytes()
    assert tab == made.replace(str(secret).encode(), b"/etc/riskwatch/environment")
    assert split(tab, Path(OUT)) == (b"", tab)
    (job,) = CronTab(tabfile=str(DEPLOY / "crontab"))
    assert job.is_valid() and str(job.slices) == "*/10 * * * *"
    assert subprocess.run(["/bin/sh", "-n", "-c", job.command], check=False).returncode == 0


@pytest.mark.parametrize("name", ["riskwatch-cycle.service", "riskwatch-api.service"])
def test_the_services_run_words_that_the_program_understands(
        name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = dict(settings_of(name))["ExecStart"].split()
    assert command[:4] == [SERVER, "-P", "-m", "riskwatch.cli"]
    # A wrong word is a usage error before anything is done; a missing settings file comes later.
    words = [str(tmp_path / "none.toml") if word == CONFIG else
             str(tmp_path / "out") if word == OUT else word for word in command[4:]]
    assert main(words) == 2
    assert "cannot read the settings" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["riskwatch-cycle.service", "riskwatch-api.service"])
def test_the_services_are_no_root_and_write_their_own_folder_only(name: str) -> None:
    found = dict(settings_of(name))
    assert (found["User"], found["StateDirectory"]) == ("riskwatch", Path(OUT).name)
    assert (found["ProtectSystem"], found["NoNewPrivileges"]) == ("strict", "yes")
    assert found["CapabilityBoundingSet"] == ""
    assert found.get("SuccessExitStatus", "75") == "75"


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed: the units are only read by this test's siblings")
    (tmp_path / "python").symlink_to(sys.executable)
    for path in DEPLOY.glob("riskwatch-*"):
        text = path.read_text("utf-8").replace(SERVER, str(tmp_path / "python"))
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    units = sorted(str(path) for path in tmp_path.glob("riskwatch-*"))
    assert len(units) == 3

    def verify() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(["systemd-analyze", "verify", "--man=no", *units], check=False,
                              capture_output=True, text=True)

    found = verify()
    assert found.returncode == 0 and "riskwatch" not in found.stderr, found.stderr
    broken = tmp_path / "riskwatch-cycle.timer"
    broken.write_text(broken.read_text("utf-8").replace("OnCalendar=*", "OnCalendar=x"), "utf-8")
    assert "riskwatch-cycle.timer" in verify().stderr


def test_the_timer_is_the_crontabs_plan_in_utc() -> None:
    found = dict(settings_of("riskwatch-cycle.timer"))
    assert found["OnCalendar"] == "*-*-* *:00/10:00 UTC" and found["Persistent"] == "true"
    if shutil.which("systemd-analyze") is not None:
        said = subprocess.run(["systemd-analyze", "calendar", "--iterations=7",
                               found["OnCalendar"]], check=True, capture_output=True, text=True,
                              env={"TZ": "UTC", "LC_ALL": "C", "PATH": "/usr/bin:/bin"}).stdout
        assert {f":{minute}0:00 UTC" for minute in range(6)} <= {
            line[-10:] for line in said.splitlines()}


def test_logrotate_takes_its_file_and_turns_a_log(tmp_path: Path) -> None:
    program = shutil.which("logrotate", path="/usr/sbin:/usr/bin:/sbin")
    if program is None:
        pytest.skip("logrotate is not installed")
    log = tmp_path / "cron.log"
    log.write_text("x\n" * 9, encoding="utf-8")
    text = (DEPLOY / "logrotate.conf").read_text("utf-8")
    assert f"{OUT}/logs/cron.log {{" in text and "    su riskwatch riskwatch\n" in text
    text = text.replace(f"{OUT}/logs/cron.log", f'"{log}"').replace(
        "    su riskwatch riskwatch\n", "")
    tmp_path.chmod(0o755)
    config = tmp_path / "logrotate.conf"
    config.write_text(text, encoding="utf-8")
    config.chmod(0o644)
    found = subprocess.run([program, "--force", "--state", str(tmp_path / "state"), str(config)],
                           check=False, capture_output=True, text=True)
    assert (found.returncode, found.stderr) == (0, "")
    assert not log.exists() and (tmp_path / "cron.log.1").read_text("utf-8") == "x\n" * 9
    dry = subprocess.run([program, "-d", str(DEPLOY / "logrotate.conf")], check=False,
                         capture_output=True, text=True)
    # Only the user is missing here.
    assert [line for line in dry.stderr.splitlines() if "error:" in line
            and "unknown user" not in line and "found error in" not in line] == []


def test_the_image_holds_the_versions_of_the_module_and_no_more() -> None:
    whole, run = pins(MODULE / "requirements.lock"), pins(DEPLOY / "requirements.lock")
    assert run.items() <= whole.items() and {"flask", "gunicorn", "duckdb", "psycopg"} <= set(run)
    assert not {"pytest", "pylint", "mypy"} & set(run)
    assert "://" not in (DEPLOY / "requirements.lock").read_text("utf-8")
    assert "--require-hashes" in next(
        words for name, words in STEPS if name == "RUN" and "pip" in words)
    assert one(STEPS, "USER") == "10001:10001"


def test_the_builder_is_sent_what_is_copied_and_nothing_else() -> None:
    sent = {line[1:] for line in (DEPLOY / "Containerfile.dockerignore").read_text(
        "utf-8").splitlines() if line.startswith("!")}
    assert sent == {words.split()[0] for name, words in STEPS if name == "COPY"}
    assert all((MODULE / name).exists() for name in sent)


@pytest.mark.timeout(180)
def test_the_image_serves_and_runs_a_cycle_with_its_own_packages_alone(tmp_path: Path) -> None:
    image = Image(STEPS, MODULE, tmp_path / "image")
    (image.root / OUT.lstrip("/") / "inbox").mkdir(parents=True)
    (image.root / OUT.lstrip("/") / "inbox" / "a.csv").write_text(
        "corporation,lastmonth_activity,lastyear_activity,number_of_employees,exited\n"
        "abcd,1,2,3,0\n", encoding="utf-8")
    done = subprocess.run(
        image.words("cycle", "--trigger", "cron", "--out", OUT), env=image.environment(),
        cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "1 new" in done.stdout or "ingest: " in done.stdout
    with open(tmp_path / "log", "w+", encoding="utf-8") as log:
        # pylint: disable-next=consider-using-with  # stopped below
        process = subprocess.Popen(image.command(0), env=image.environment(), cwd=tmp_path,
                                   stdout=log, stderr=log)
        try:
            address = _address(tmp_path / "log")
            assert requests.get(f"{address}/health/live", timeout=10).status_code == 200
            assert requests.get(f"{address}/v1/runs", timeout=10).json()["items"][0][
                "trigger"] == "cron"
            check = image.health_check(int(address.rsplit(":", 1)[1]))
            assert subprocess.run(check, env=image.environment(), check=False).returncode == 0
        finally:
            process.terminate()
            process.wait(30)
    assert subprocess.run(check, env=image.environment(), check=False,
                          stderr=subprocess.DEVNULL).returncode == 1


def _address(log: Path) -> str:
    for _ in range(600):
        for line in log.read_text("utf-8").splitlines():
            if "listening on " in line:
                return line.rpartition("listening on ")[2].strip()
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


def test_the_settings_that_the_page_tells_to_copy_are_good() -> None:
    assert load_settings(MODULE / "config" / "riskwatch.toml").schedule.every_minutes == 10
