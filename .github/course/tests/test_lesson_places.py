"""Where the lessons live: a solved course is clean, a copied-out module needs no coursekit."""

import json
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from coursekit.cli import main
from coursekit.lessons import all_tasks
from coursekit.lessons_solution import lay_solution

ROOT = Path(__file__).resolve().parents[3]
MODULE = ROOT / "module1_clean_code"
PYTHON = MODULE / ".venv" / "bin" / "python"
LESSONS = "module1_clean_code/lessons"


def tracked(folder: Path, under: str) -> list[str]:
    """Return the files of git below a folder, committed or about to be."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", under], cwd=folder,
                            check=True, capture_output=True, text=True)
    return [name for name in listed.stdout.splitlines() if (folder / name).is_file()]


def copy(names: list[str], target: Path) -> Path:
    """Copy files of the repository."""
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name)
    return target


@pytest.fixture(name="clone")
def clone_fixture(tmp_path: Path) -> Path:
    """A repository with what is here of module 1, and this machine's environment of it."""
    clone = copy([".gitignore", *tracked(ROOT, "module1_clean_code")], tmp_path / "clone")
    for words in (["init",
                   "-q"],
                  ["add",
                   "."],
                  ["-c",
                   "user.name=Ann",
                   "-c",
                   "commit.gpgsign=false",
                   "-c",
                   "user.email=ann@example.com",
                   "commit",
                   "-q",
                   "-m",
                   "Begin"]):
        subprocess.run(["git", *words], cwd=clone, check=True)
    # A link is no folder, which the ignored name `.venv/` stands for.
    (clone / "module1_clean_code" / ".venv").symlink_to(MODULE / ".venv")
    (clone / ".git" / "info" / "exclude").write_text(".venv\n", encoding="utf-8")
    return clone


def test_a_solved_course_leaves_the_tree_clean_and_the_module_as_it_was(clone, capsys):
    collect = [str(PYTHON), "-B", "-m", "pytest", "--collect-only", "-q", "-p", "no:randomly"]
    before = subprocess.run(collect, cwd=clone / "module1_clean_code", check=True,
                            capture_output=True, text=True).stdout
    for task in all_tasks(clone):
        lay_solution(task, task.work.parent)
    for name in ("fast", "conflict", "tests"):
        assert main(["learn", "check", name, "--from", str(clone)]) == 0
    status = subprocess.run(["git", "status", "--porcelain"], cwd=clone, check=True,
                            capture_output=True, text=True).stdout
    assert status == ""
    noted = json.loads((clone / LESSONS / ".progress.json").read_text(encoding="utf-8"))
    assert {name for name, entry in noted.items() if entry["state"] == "passed"} == {
        "fast", "conflict", "tests"}
    after = subprocess.run(collect, cwd=clone / "module1_clean_code", check=True,
                           capture_output=True, text=True).stdout
    assert after.splitlines()[:-1] == before.splitlines()[:-1] and "lessons" not in after
    capsys.readouterr()
    assert main(["learn", "list", "--from", str(clone)]) == 0
    assert "3 of 14 tasks passed" in capsys.readouterr().out


def test_lint_and_tests_of_the_module_do_not_look_at_the_lessons():
    makefile = (MODULE / "Makefile").read_text(encoding="utf-8")
    code = next(line for line in makefile.splitlines() if line.startswith("CODE ?="))
    assert "src" in code and "lessons" not in code
    pytest_options = tomllib.loads((MODULE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert pytest_options["pytest"]["ini_options"]["testpaths"] == ["tests"]


@pytest.mark.parametrize("folder, name", [("01_clean_code", "pep8"), ("02_git_together", "branch"),
                                          ("03_production_ready", "faults")])
def test_a_copied_out_module_checks_by_plain_pytest(folder, name, tmp_path):
    names = [file for file in tracked(ROOT, "module1_clean_code")
             if file.startswith((LESSONS, "module1_clean_code/benchmarks",
                                 "module1_clean_code/pyproject.toml"))]
    module = copy(names, tmp_path) / "module1_clean_code"
    lesson = module / "lessons" / folder
    command = [str(PYTHON), "-B", "-m", "pytest", "-q", str(lesson / "check_exercise.py"), "-k",
               f"test_{name}"]

    def run() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(command, cwd=module, check=False, capture_output=True, text=True)

    missing = run()
    assert missing.returncode == 1 and f"copy starter/{name} to work/{name}" in missing.stdout
    shutil.copytree(lesson / "starter" / name, lesson / "work" / name)
    if (lesson / "scenes.py").exists():
        subprocess.run([str(PYTHON), str(lesson / "scenes.py"), name, str(lesson / "work" / name)],
                       check=True, cwd=module)
    assert run().returncode == 1
    shutil.rmtree(lesson / "work")
    (lesson / "work").mkdir()
    task = next(task for task in all_tasks(ROOT) if task.name == name)
    lay_solution(task, lesson / "work")
    solved = run()
    assert solved.returncode == 0, solved.stdout


def test_the_environment_of_the_module_has_no_coursekit():
    done = subprocess.run([str(PYTHON), "-c", "import coursekit"], check=False, cwd=MODULE,
                          capture_output=True, text=True)
    assert "No module named 'coursekit'" in done.stderr
