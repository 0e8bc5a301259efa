"""The lessons are complete, and each starter fails where each solution passes.

The checks run on the files that are here, committed or not.
"""

import ast
import re
import resource
import shutil
from pathlib import Path

import pytest

from coursekit import lessons_check
from coursekit.lessons import Task, all_tasks
from coursekit.lessons_check import Verdict, run_check
from coursekit.lessons_solution import lay_solution, solution_texts
from coursekit.lessons_work import set_scene
from coursekit.syllabus import read_syllabus

ROOT = Path(__file__).resolve().parents[3]
TASKS = all_tasks(ROOT)
LESSONS = sorted({task.folder for task in TASKS})
PAGES = sorted(page for lesson in LESSONS for page in lesson.glob("*.md"))
MOST_CPU_SECONDS = 5.0

each_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)


def check_sources() -> list[Path]:
    """Return every Python file that a check consists of."""
    folders = {task.folder.parent for task in TASKS}
    return sorted([*(path for folder in folders for path in folder.glob("*.py")),
                   *(path for lesson in LESSONS for path in lesson.glob("*.py"))])


@pytest.fixture(name="check")
def check_fixture(monkeypatch: pytest.MonkeyPatch) -> "type[Verdict] | object":
    """Run the check that is here on a folder of work."""
    monkeypatch.setattr(lessons_check, "original_check", lambda task, _: (task.check, ()))

    def check(task: Task, work: Path) -> Verdict:
        assert task.python.exists(), f"{task.module.name} has no environment: run its make setup"
        return run_check(task, work=work)
    return check


@each_task
def test_the_starter_fails_by_an_assertion_with_a_message(task, check, tmp_path):
    shutil.copytree(task.starter, tmp_path / task.name)
    if task.has_scene:
        set_scene(task, tmp_path / task.name)
    verdict = check(task, tmp_path)
    assert verdict.state == "failed", verdict.message
    assert len(verdict.message) > 30
    assert not re.search(r"ImportError|SyntaxError|ModuleNotFound|Your code stopped|Traceback",
                         verdict.message), verdict.message


@each_task
def test_the_solution_passes_in_less_than_five_seconds(task, check, tmp_path):
    lay_solution(task, tmp_path)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    verdict = check(task, tmp_path)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert verdict.state == "passed", verdict.message
    spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    # CPU seconds, because a wall clock measures the other programs too.
    assert spent < MOST_CPU_SECONDS


def test_every_assert_has_a_message():
    silent = [f"{path.parent.name}/{path.name}:{node.lineno}" for path in check_sources()
              for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
              if isinstance(node, ast.Assert) and node.msg is None]
    assert not silent


@each_lesson
def test_index_folders_and_checks_are_one_to_one(lesson):
    names = [task.name for task in TASKS if task.folder == lesson]
    assert sorted(path.name for path in (lesson / "starter").iterdir()) == sorted(names)
    tree = ast.parse((lesson / "check_exercise.py").read_text(encoding="utf-8"))
    tests = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)
             and node.name.startswith("test_")]
    assert tests == [f"test_{name}" for name in names]


def test_every_lesson_folder_and_solution_is_in_the_index():
    for lessons in {task.folder.parent for task in TASKS}:
        assert sorted(lessons.glob("[0-9][0-9]_*")) == [
            path for path in LESSONS if path.parent == lessons]
        known = {task.solution_folder for task in TASKS}
        laid = {path for path in (lessons / "solutions").glob("*/*") if path.is_dir()}
        assert laid <= known


@each_task
def test_a_task_is_complete(task):
    assert (task.starter / task.edit).is_file()
    assert "Your turn" in (task.starter / task.edit).read_text(encoding="utf-8") \
        or task.edit == "PULL_REQUEST.md"
    assert f"### {task.title}\n" in (task.folder / "README.md").read_text(encoding="utf-8")
    assert 3 <= len(task.hints) <= 5 and all(len(hint) > 20 for hint in task.hints)
    assert task.outcomes and task.minutes > 0
    texts = solution_texts(task)
    assert texts and all(text.strip() for _, text in texts)


@each_lesson
def test_the_readme_has_its_parts(lesson):
    text = (lesson / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.M) == [
        "Why", "A worked example", "The tasks", "Where the capstone does it", "Out of scope",
        "Links"]
    links = text.split("## Links")[1]
    assert 2 <= len(re.findall(r"\]\(https://", links)) <= 4


@pytest.mark.parametrize("page",
                         sorted(page for lesson in LESSONS for page in lesson.glob("*.md")),
                         ids=lambda page: f"{page.parent.name}/{page.name}")
def test_links_and_paths_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if re.fullmatch(r"https://[\w.-]+\.[a-z]{2,}(/[\w./#%-]*)?", target):
            continue
        assert (page.parent / target).exists(), target
    module = page.parents[2]
    for name in re.findall(r"`((?:src|tests|benchmarks|lessons|config)/[\w./-]+)`", text):
        assert (module / name).exists(), name
    for name in re.findall(r"`(\.github/[\w./-]+)`", text):
        assert (ROOT / name).exists(), name


def test_every_outcome_of_a_module_with_lessons_has_a_task():
    modules = {int(task.number[0]) for task in TASKS}
    missing = [line.outcome for line in read_syllabus(ROOT).lines
               if line.module in modules and not line.lessons]
    assert not missing


def test_files_are_short():
    long = {path.name: count for path in check_sources()
            if (count := len(path.read_text(encoding="utf-8").splitlines())) > 200}
    assert not long


def test_the_description_asks_for_what_the_template_of_the_repository_asks():
    template = (ROOT / ".github" / "pull_request_template.md").read_text(encoding="utf-8")
    task = next(task for task in TASKS if task.name == "pull_request")
    starter = (task.starter / "PULL_REQUEST.md").read_text(encoding="utf-8")
    headings = re.compile(r"^## .+$", re.M)
    assert headings.findall(starter) == headings.findall(template)
