"""The block of a crontab: quoted for shell and cron, and nobody else's line is touched."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from crontab import CronTab
from hypothesis import given
from hypothesis import strategies as st

from riskwatch.errors import InputError
from riskwatch.schedule_block import Job, block, joined, shell_line, split
from riskwatch.schedule_plan import plan_every

OUT = Path("/a b/100% it's #1")
FOREIGN = (b"SHELL=/bin/zsh\nPATH=\"/a b:/c\"\n\n#  mine \n0 0 * * * echo 100\\% # x\n"
           b"5 4  *  * *\tcat%in%put\r\n\xff\xfe no text\nMAILTO=me\n@daily y")


def block_of(out: Path, line: str = "true") -> bytes:
    """A block with all defaults."""
    return block(out, plan_every(10), line, mail_to="", time_zone="UTC")


def as_cron_reads(line: bytes) -> str:
    """Return what cron hands to the shell: five fields off, an escaped % bare, a bare % an end."""
    command = line.decode().split(None, 5)[5]
    return command.replace("\\%", "\0").split("%", maxsplit=1)[0].replace("\0", "%")


@pytest.mark.parametrize("name", [
    "plain", "a b", "50%", "%%", "it's", 'a "b"', "#1 #2", "$HOME `x`", "é&;|", "~", "*?[]"])
def test_any_folder_reaches_the_command_as_it_is(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    job = Job([sys.executable, "-c", "import sys; print(sys.argv[1:])", str(folder), name],
              folder / "log")
    line = block_of(folder, shell_line(job)).splitlines()[-2]
    subprocess.run(["/bin/sh", "-c", as_cron_reads(line)], check=True, env={}, cwd="/")
    assert (folder / "log").read_text("utf-8") == f"{[str(folder), name]}\n"


@pytest.mark.parametrize(("code", "said"), [
    (0, ""), (75, ""), (1, "riskwatch cycle: exit code 1\n"),
    (2, "riskwatch cycle: exit code 2\n")])
def test_cron_hears_of_bad_ends_only_and_of_every_code(tmp_path: Path, code: int, said: str
                                                       ) -> None:
    job = Job(["/bin/sh", "-c", f"echo out; echo bad >&2; exit {code}"], tmp_path / "log")
    for _ in range(2):
        found = subprocess.run(["/bin/sh", "-c", shell_line(job)], check=False, text=True,
                               capture_output=True, env={})
        assert (found.returncode, found.stdout, found.stderr) == (code, said, "")
    assert (tmp_path / "log").read_text("utf-8") == "out\nbad\n" * 2


def test_the_environment_file_reaches_the_command_and_not_the_line(tmp_path: Path) -> None:
    file = tmp_path / "its file"
    file.write_text("RISKWATCH_LEDGER_URL='postgresql+psycopg://me:se same@h/x'\n", "utf-8")
    job = Job(["/bin/sh", "-c", 'echo "$RISKWATCH_LEDGER_URL"'], tmp_path / "log", file)
    assert "same" not in shell_line(job)
    subprocess.run(["/bin/sh", "-c", shell_line(job)], check=True, env={})
    assert (tmp_path / "log").read_text("utf-8") == "postgresql+psycopg://me:se same@h/x\n"


@pytest.mark.parametrize("name", ["a\nb", "a\rb", "a\\b"])
def test_what_a_crontab_cannot_hold_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="line break.*backslash"):
        shell_line(Job(["x", name], Path("/log")))


def test_a_line_longer_than_cron_takes_is_refused() -> None:
    with pytest.raises(InputError, match="shorter paths"):
        block_of(OUT, "x" * 991)
    assert block_of(OUT, "x" * 990)
    with pytest.raises(InputError, match="shorter paths"):
        block_of(OUT, "%" * 500)


@pytest.mark.parametrize("address", ["a b", 'x"', "a@b,", "@b", "a\nMAILTO=b", "a;b", "ä@b"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="no address"):
        block(OUT, plan_every(10), "x", mail_to=address, time_zone="UTC")


def test_a_parser_of_crontabs_finds_one_job_with_its_environment() -> None:
    text = block(OUT, plan_every(10), "cd '/a b' && echo 5%", mail_to="ops@example.org,root",
                 time_zone="Europe/Berlin").decode()
    (job,) = CronTab(tab=text)
    assert job.is_valid() and str(job.slices) == "*/10 * * * *"
    assert job.command == "cd '/a b' && echo 5%"
    assert dict(job.env) == {"SHELL": "/bin/sh", "MAILTO": "ops@example.org,root",
                             "CRON_TZ": "Europe/Berlin"}


def test_lines_of_others_stay_byte_for_byte() -> None:
    tab = joined(FOREIGN, block_of(OUT))
    assert tab == FOREIGN + b"\n" + block_of(OUT)
    assert split(tab, OUT) == (FOREIGN + b"\n", block_of(OUT))
    assert split(tab, Path("/a b/100% it's #1/below")) == (tab, b"")


def test_two_workplaces_stand_beside_each_other() -> None:
    tab = joined(joined(FOREIGN, block_of(OUT)), block_of(Path("/a")))
    assert split(tab, Path("/a"))[1] == block_of(Path("/a"))
    assert split(split(tab, OUT)[0], Path("/a"))[0] == FOREIGN + b"\n"


@pytest.mark.parametrize("cut", ["begin", "end", "twice"])
def test_a_lost_mark_is_said_and_nothing_guessed(cut: str) -> None:
    lines = block_of(OUT).splitlines(keepends=True)
    tab = b"".join({"begin": lines[1:], "end": lines[:-1], "twice": lines[:1] + lines}[cut])
    with pytest.raises(InputError, match="crontab -e"):
        split(FOREIGN + b"\n" + tab + b"0 0 * * * mine\n", OUT)


@given(st.binary(max_size=300))
def test_any_crontab_comes_out_as_it_went_in(foreign: bytes) -> None:
    others, ours = split(joined(foreign, block_of(OUT)), OUT)
    assert ours == block_of(OUT) and others.removesuffix(b"\n") == foreign.removesuffix(b"\n")
    assert shlex.quote(str(OUT)).encode() in ours
