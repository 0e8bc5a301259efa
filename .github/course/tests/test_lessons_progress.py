"""Progress is derived: it lapses with the work, and a damaged file is no progress."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from small_course import make_course, solve, write

from coursekit.lessons import all_tasks
from coursekit.lessons_progress import Entry, Progress
from coursekit.lessons_work import prepare


def test_a_pass_lapses_when_the_work_changes(tmp_path: Path) -> None:
    lessons = make_course(tmp_path)
    task = all_tasks(tmp_path)[0]
    solve(lessons, "double", "2 * number")
    Progress(lessons).passed(task)
    assert Progress(lessons).entry(task).state == "passed"
    solve(lessons, "double", "3 * number")
    assert Progress(lessons).entry(task).state == "open"
    solve(lessons, "double", "2 * number")
    assert Progress(lessons).entry(task).state == "passed"


def test_a_changed_starter_is_noticed(tmp_path: Path) -> None:
    lessons = make_course(tmp_path)
    task = all_tasks(tmp_path)[0]
    prepare(task)
    progress = Progress(lessons)
    progress.opened(task, is_new=True)
    assert not progress.starter_changed(task)
    write(task.starter / "exercise.py", "# anew\n")
    assert progress.starter_changed(task)


@pytest.mark.parametrize("text", [
    "", "{", "[]", '{"double": 1}', '{"double": {"state": "won"}}', '{"double": {"hints": "3"}}',
    '{"double": {"state": "passed", "other": 1}}'])
def test_a_damaged_file_is_no_progress(tmp_path: Path, text: str) -> None:
    lessons = make_course(tmp_path)
    write(lessons / ".progress.json", text)
    assert Progress(lessons).entry(all_tasks(tmp_path)[0]) == Entry()


def test_a_claim_without_the_work_does_not_count(tmp_path: Path) -> None:
    lessons = make_course(tmp_path)
    write(lessons / ".progress.json", json.dumps({"double": {"state": "passed", "work": "x"}}))
    assert Progress(lessons).entry(all_tasks(tmp_path)[0]).state == "open"


def test_help_taken_is_kept(tmp_path: Path) -> None:
    lessons = make_course(tmp_path)
    task = all_tasks(tmp_path)[0]
    prepare(task)
    progress = Progress(lessons)
    progress.put(task, replace(progress.entry(task), hints=2, gave_up=True))
    progress.passed(task)
    entry = Progress(lessons).entry(task)
    assert (entry.hints, entry.gave_up, entry.state) == (2, True, "passed")
