"""The command line loads only what is asked for."""

import subprocess
import sys

import pytest

from coursekit import cli


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_each_command_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main([name, "--help"])
    assert stopped.value.code == 0
    assert f"coursekit {name}" in capsys.readouterr().out


def test_help_loads_no_command(tmp_path):
    text = ("import sys; from coursekit.cli import main\n"
            "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
            "print(sorted(name for name in sys.modules if name in "
            "('coursekit.grade', 'pandas', 'pytest', 'rich')))")
    done = subprocess.run([sys.executable, "-c", text], cwd=tmp_path, capture_output=True,
                          text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"
    assert all(name in done.stdout for name in cli.COMMANDS)


def test_an_unknown_command_is_bad_input(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["grad"])
    assert stopped.value.code == 2
    assert "grad" in capsys.readouterr().err


def test_the_exit_code_is_the_commands_own(monkeypatch):
    class Command:  # pylint: disable=too-few-public-methods
        """A command that says no."""

        add_to = staticmethod(lambda parser: None)
        run = staticmethod(lambda arguments: 1)

    monkeypatch.setitem(sys.modules, "coursekit.grade", Command)
    assert cli.main(["grade"]) == 1


def test_a_stop_by_the_user_is_no_traceback(monkeypatch):
    class Command:  # pylint: disable=too-few-public-methods
        """A command that is interrupted."""

        add_to = staticmethod(lambda parser: None)

        @staticmethod
        def run(arguments):
            """Be interrupted."""
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "coursekit.grade", Command)
    assert cli.main(["grade"]) == 130
