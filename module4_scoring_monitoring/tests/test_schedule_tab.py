"""The user's crontab by a stand-in for `crontab`, which refuses what it does not know."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from riskwatch.errors import InputError, OutputError
from riskwatch.schedule_tab import read_tab, write_tab

#: The first line is one of a shell, because a blank in the interpreter's path breaks any other.
STAND_IN = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys
from pathlib import Path
tab = Path({tab!r})
if sys.argv[1:] == ["-l"] and tab.exists():
    sys.stdout.buffer.write(tab.read_bytes())
elif sys.argv[1:] == ["-"]:
    content = sys.stdin.buffer.read()
    if b"bad" in content:
        sys.exit("errors in crontab file,\\n can't install.")
    tab.write_bytes(content)
elif sys.argv[1:] == ["-r"] and tab.exists():
    tab.unlink()
else:
    sys.exit("no crontab for me" if sys.argv[1:] in (["-l"], ["-r"]) else "what?")
"""


@pytest.fixture(name="crontab")
def crontab_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Put a stand-in on the path, and return where it keeps the crontab."""
    def make(text: str = STAND_IN) -> Path:
        (tmp_path / "bin").mkdir()
        program, tab = tmp_path / "bin" / "crontab", tmp_path / "tab"
        program.write_text(text.format(python=sys.executable, tab=str(tab)), "utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
        return tab
    return make


def test_the_users_crontab_is_read_and_written_byte_for_byte(crontab: Callable[..., Path]) -> None:
    tab = crontab()
    assert read_tab(None) == b""
    write_tab(None, b"")  # nothing there, nothing wanted
    write_tab(None, b"a\xff\r\n%\n")
    assert tab.read_bytes() == read_tab(None) == b"a\xff\r\n%\n"
    write_tab(None, b"")
    assert not tab.exists()


def test_a_crontab_that_cron_refuses_leaves_the_old_one(crontab: Callable[..., Path]) -> None:
    tab = crontab()
    write_tab(None, b"good\n")
    with pytest.raises(OutputError, match="is as it was.*errors in crontab file, can't install"):
        write_tab(None, b"bad\n")
    assert tab.read_bytes() == b"good\n"


def test_a_crontab_that_may_not_be_read_is_not_taken_for_an_empty_one(
        crontab: Callable[..., Path]) -> None:
    crontab("#!/bin/sh\necho you are not allowed to use this program >&2\nexit 1\n")
    with pytest.raises(InputError, match="cannot be read: you are not allowed"):
        read_tab(None)


def test_without_the_program_it_says_what_else_there_is(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for action in (lambda: read_tab(None), lambda: write_tab(None, b"x\n")):
        with pytest.raises(InputError, match="install cron.*systemd timer.*--tabfile"):
            action()


def test_a_file_appears_whole_and_a_missing_one_is_empty(tmp_path: Path) -> None:
    assert read_tab(tmp_path / "tab") == b""
    write_tab(tmp_path / "tab", b"x\n")
    assert read_tab(tmp_path / "tab") == b"x\n"
    with pytest.raises(InputError, match="Is a directory"):
        read_tab(tmp_path)
    with pytest.raises(OutputError):
        write_tab(tmp_path, b"x")
