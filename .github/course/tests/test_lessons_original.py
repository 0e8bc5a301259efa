"""A check file that was changed is noticed, and the published one is run."""

from pathlib import Path

from small_course import CHECK, CHECKING, commit, make_course, solve, write

from coursekit.lessons import all_tasks
from coursekit.lessons_check import run_check
from coursekit.lessons_original import changed_files, original_check


def test_the_original_is_used(tmp_path: Path) -> None:
    lessons = make_course(tmp_path)
    commit(tmp_path)
    task = all_tasks(tmp_path)[0]
    solve(lessons, "double", "0")
    write(task.check, CHECK.replace("got == 8", "True"))
    verdict = run_check(task)
    assert verdict.state == "failed"
    assert verdict.notes == ("01_sums/check_exercise.py was changed: the original of the last "
                             "commit was used.",)


def test_what_a_check_imports_counts_too(tmp_path: Path) -> None:
    lessons = make_course(tmp_path)
    commit(tmp_path)
    task = all_tasks(tmp_path)[0]
    solve(lessons, "double", "0")
    write(lessons / "checking.py", CHECKING + "\n\ndef answer(*_):\n    return 8\n")
    assert run_check(task).state == "failed"
    (lessons / "checking.py").unlink()
    assert run_check(task).state == "failed"


def test_work_and_starters_may_differ(tmp_path: Path) -> None:
    lessons = make_course(tmp_path)
    commit(tmp_path)
    task = all_tasks(tmp_path)[0]
    solve(lessons, "double", "2 * number")
    write(task.starter / "exercise.py", "# anew\n")
    assert changed_files(task) == []
    assert run_check(task).state == "passed"


def test_without_git_the_file_that_is_there_is_used(tmp_path: Path) -> None:
    make_course(tmp_path)
    task = all_tasks(tmp_path)[0]
    assert original_check(task, tmp_path / "unused") == (task.check, ())
