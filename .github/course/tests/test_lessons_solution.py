"""The solution is the capstone's own code, laid out for the check or shown."""

from pathlib import Path

import pytest
from small_course import make_course, write

from coursekit.lessons import LessonError, all_tasks
from coursekit.lessons_solution import lay_solution, solution_texts, symbol_source


def test_a_symbol_becomes_the_exercise(tmp_path: Path) -> None:
    make_course(tmp_path)
    lay_solution(all_tasks(tmp_path)[0], tmp_path / "work")
    text = (tmp_path / "work" / "double" / "exercise.py").read_text(encoding="utf-8")
    assert "from capstone.sums import double" in text


def test_files_lie_over_the_starter_and_a_script_runs_there(tmp_path: Path) -> None:
    make_course(tmp_path)
    task = all_tasks(tmp_path)[1]
    write(task.solution_folder / "solve.sh", "echo solved > answer.txt\n")
    lay_solution(task, tmp_path / "work")
    place = tmp_path / "work" / "half"
    assert "number / 2" in (place / "exercise.py").read_text(encoding="utf-8")
    assert (place / "answer.txt").read_text(encoding="utf-8") == "solved\n"


def test_a_script_that_fails_is_told(tmp_path: Path) -> None:
    make_course(tmp_path)
    task = all_tasks(tmp_path)[1]
    write(task.solution_folder / "solve.sh", "echo what went wrong >&2\nfalse\n")
    with pytest.raises(LessonError, match="what went wrong"):
        lay_solution(task, tmp_path / "work")


def test_the_source_is_read_and_not_imported(tmp_path: Path) -> None:
    make_course(tmp_path)
    tasks = all_tasks(tmp_path)
    assert solution_texts(tasks[0])[0][1].startswith("def double(number):")
    assert [title for title, _ in solution_texts(tasks[1])] == ["exercise.py"]


@pytest.mark.parametrize("symbol", ["capstone.sums", "capstone.sums:triple", "capstone.no:double"])
def test_a_symbol_that_is_not_there_is_told(tmp_path: Path, symbol: str) -> None:
    make_course(tmp_path)
    with pytest.raises(LessonError):
        symbol_source(tmp_path / "module1_sums", symbol)
