"""The index of the lessons is read strictly, from wherever one stands."""

from pathlib import Path

import pytest
from small_course import INDEX, make_course, write

from coursekit.lessons import LessonError, all_tasks, choose, find_indexes, read_tasks


def test_tasks_are_numbered_by_module_lesson_and_task(tmp_path: Path) -> None:
    make_course(tmp_path)
    tasks = all_tasks(tmp_path)
    assert [(task.number, task.name, task.outcomes) for task in tasks] == [
        ("1.1.1", "double", ("M1.L1.1",)), ("1.1.2", "half", ("M1.L1.2",))]


def test_the_lessons_are_found_from_any_folder_of_the_clone(tmp_path: Path) -> None:
    lessons = make_course(tmp_path)
    for start in (tmp_path, lessons, lessons / "01_sums" / "starter"):
        assert find_indexes(start) == [lessons / "index.toml"]


def test_a_module_that_was_copied_out_is_found(tmp_path: Path) -> None:
    lessons = make_course(tmp_path / "clone")
    alone = lessons.parent.rename(tmp_path / "alone")
    # The clone that this package lies in comes last only where nothing is nearer.
    index = alone / "lessons" / "index.toml"
    assert read_tasks(index)[0].module == alone


@pytest.mark.parametrize("text, expected", [
    ("module = ", "cannot read"), (INDEX.replace('title = "Half as much"\n', ""), "'title'"),
    (INDEX.replace("minutes = 5", 'minutes = "soon"'), "cannot read"),
    (INDEX.replace("[[lesson]]", "[lesson]"), "cannot read")])
def test_a_broken_index_is_told_in_one_line(tmp_path: Path, text: str, expected: str) -> None:
    index = write(tmp_path / "lessons" / "index.toml", text)
    with pytest.raises(LessonError, match=expected) as caught:
        read_tasks(index)
    assert str(index) in str(caught.value) and "\n" not in str(caught.value)


def test_a_task_is_chosen_by_number_or_name(tmp_path: Path) -> None:
    make_course(tmp_path)
    tasks = all_tasks(tmp_path)
    assert choose(tasks, "1.1.2") is choose(tasks, "half") is tasks[1]
    with pytest.raises(LessonError, match="1.1.1 double, 1.1.2 half"):
        choose(tasks, "third")
