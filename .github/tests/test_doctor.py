"""`make doctor` finds what is missing, prints the line that mends it, and runs on Python 3.8."""

import ast
import os
import shutil
import sys
from pathlib import Path

import pytest

import doctor
from street import (MODULES, ROOT, executable, folder_name, only, read_toml, run,
                    variable)

DOCTOR = str(ROOT / ".github" / "doctor.py")


def examine(path: str, *arguments: str, **changes: str):
    """Run the doctor as a program, on a machine that has only what is on this PATH."""
    changes = {"UV_PYTHON_DOWNLOADS": "never", **changes}
    return run([sys.executable, DOCTOR, *arguments], ROOT, PATH=path, **changes)


@pytest.fixture(name="street")
def make_street(tmp_path, monkeypatch):
    """Two modules that need different programs, on a machine that has none of them."""
    for name, needs in (("module1_a", "cron"), ("module2_b", "chromium bubblewrap")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Makefile").write_text(f"PACKAGE := x\nNEEDS := {needs}\n")
    monkeypatch.setattr(doctor, "find_program", lambda name: None)
    return tmp_path


def test_a_machine_with_the_required_programs_passes(tmp_path):
    done = examine(only(tmp_path, "python3", "git", "make"))
    assert done.returncode == 0, done.stdout
    assert "Nothing required is missing." in done.stdout


@pytest.mark.parametrize("absent, name", [("git", "git"), ("make", "GNU make"),
                                          ("python3", "Python 3.11-3.13")])
def test_each_required_program_is_missed_and_mended(tmp_path, absent, name):
    path = only(tmp_path, *({"python3", "git", "make"} - {absent}))
    done = examine(path)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("missing") and name in line)
    assert "install" in lines[at + 1]


@pytest.mark.parametrize("version, is_fit", [
    ("GNU Make 3.80", False), ("GNU Make 3.81", True), ("GNU Make 4.4.1", True),
    ("bmake 2024", False)])
def test_an_old_or_another_make_is_missed(tmp_path, monkeypatch, version, is_fit):
    executable(tmp_path / "make", f"#!/bin/sh\necho '{version}'\n")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert doctor.check_make().is_here is is_fit


def test_a_shim_that_answers_nothing_is_passed_over(tmp_path):
    executable(tmp_path / "python3", "#!/bin/sh\nexit 127\n")
    path = only(tmp_path, "git", "make")
    (tmp_path / "python3.12").symlink_to(sys.executable)
    assert "missing   Python" not in examine(path).stdout


def test_without_a_python_a_download_is_announced_with_its_size(tmp_path):
    done = examine(only(tmp_path, "git", "make"), UV_PYTHON_DOWNLOADS="automatic")
    assert "downloads Python 3.12 (about 35 MB)" in done.stdout


def test_a_full_disk_is_missed(monkeypatch, tmp_path):
    full = shutil.disk_usage(tmp_path)._replace(free=10**6)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: full)
    assert doctor.check_disk(tmp_path, 1).state == "missing"


def test_optional_programs_are_told_with_their_users_but_not_required(street, capsys):
    code = doctor.main([], root=street)
    lines = capsys.readouterr().out.splitlines()
    told = {line.split()[1]: line for line in lines if line.startswith("optional")}
    assert {"cron:", "chromium:", "bubblewrap:", "postgresql:"} <= set(told)
    assert "module1_a" in told["cron:"]
    assert "nothing here so far" in told["postgresql:"]
    assert code == 0


def test_one_module_is_told_only_what_it_needs(street, capsys):
    doctor.main(["--module", "module1_a"], root=street)
    out = capsys.readouterr().out
    assert "cron" in out
    assert "chromium" not in out


def test_an_unknown_module_is_usage(street, capsys):
    assert doctor.main(["--module", "module7_x"], root=street) == 2
    assert "module1_a, module2_b" in capsys.readouterr().err


def test_the_packages_to_install_are_printed_alone(street, capsys):
    assert doctor.main(["--apt"], root=street) == 0
    assert capsys.readouterr().out.split() == ["cron", "bubblewrap", "chromium"]


@pytest.mark.parametrize("module", MODULES, ids=folder_name)
def test_every_need_of_a_module_is_known(module):
    assert set(variable(module / "Makefile", "NEEDS").split()) <= set(doctor.PROGRAMS)


@pytest.mark.parametrize("module", MODULES, ids=folder_name)
def test_the_range_of_python_is_that_of_the_modules(module):
    (old_major, old), (new_major, new) = doctor.OLDEST, doctor.NEWEST
    wanted = read_toml(module / "pyproject.toml")["project"]["requires-python"]
    assert wanted == f">={old_major}.{old},<{new_major}.{new + 1}"


@pytest.mark.parametrize("name", ["doctor.py", "fan_out.py", "report.py", "summary.py"])
def test_the_scripts_are_written_for_python_3_8(name):
    text = (ROOT / ".github" / name).read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 8))
    imported = {alias.name.split(".")[0] for node in ast.walk(tree)
                if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module).split(".", maxsplit=1)[0] for node in ast.walk(tree)
                 if isinstance(node, ast.ImportFrom)}
    assert imported <= set(sys.stdlib_module_names) | {"summary"}


def old_pythons() -> list[Path]:
    """Return the interpreters 3.8 to 3.10 of this machine, shims that fail aside."""
    names = [shutil.which(f"python3.{minor}") for minor in (8, 9, 10)]
    paths = [Path(name) for name in names if name]
    paths += Path(os.environ.get("PYENV_ROOT", "/nowhere")).glob("versions/3.*/bin/python3.?")
    return [path for path in paths
            if run([str(path), "-c", "import sys; sys.exit(sys.version_info < (3, 8))"],
                   ROOT).returncode == 0]


def test_it_runs_on_every_older_python_of_this_machine():
    for python in old_pythons():
        done = run([str(python), DOCTOR], ROOT)
        assert done.returncode in (0, 1), done.stderr
        assert "GNU make" in done.stdout
        script = str(ROOT / ".github" / "fan_out.py")
        assert run([str(python), script, "--help"], ROOT).returncode == 0
