"""What a learner wrote is copied once, kept always, and found again after a reset."""

from pathlib import Path

import pytest
from small_course import make_course, solve, write

from coursekit.lessons import LessonError, all_tasks
from coursekit.lessons_work import digest_of, first_mark, prepare, reset, set_scene


def test_the_starter_is_copied_once(tmp_path: Path) -> None:
    lessons = make_course(tmp_path)
    task = all_tasks(tmp_path)[0]
    assert prepare(task)
    mine = solve(lessons, "double", "7")
    assert not prepare(task)
    assert "return 7" in mine.read_text(encoding="utf-8")


def test_a_reset_keeps_every_earlier_version(tmp_path: Path) -> None:
    lessons = make_course(tmp_path)
    task = all_tasks(tmp_path)[0]
    assert reset(task) is None
    kept = []
    for number in "12":
        solve(lessons, "double", number)
        kept.append(reset(task))
    assert [path.name for path in kept if path] == ["double-1", "double-2"]
    assert [f"return {number}" in (path / "exercise.py").read_text("utf-8")
            for number, path in zip("12", kept) if path] == [True, True]
    assert "return 0" in (task.work / "exercise.py").read_text(encoding="utf-8")


def test_the_mark_shows_where_to_begin(tmp_path: Path) -> None:
    make_course(tmp_path)
    task = all_tasks(tmp_path)[0]
    prepare(task)
    assert first_mark(task) == (task.work / "exercise.py", 4)
    (task.work / "exercise.py").write_bytes(b"\xff")
    assert first_mark(task)[1] == 1


def test_a_digest_sees_contents_names_and_branches(tmp_path: Path) -> None:
    seen = {digest_of(tmp_path)}
    for name, text in (("a", "1"), ("a", "2"), ("b", ""), ("you/.git/HEAD", "main"),
                       ("you/.git/refs/heads/main", "11"), ("you/.git/refs/heads/main", "22")):
        write(tmp_path / name, text)
        seen.add(digest_of(tmp_path))
    assert len(seen) == 7
    before = digest_of(tmp_path)
    write(tmp_path / "__pycache__" / "a.pyc", "x")
    write(tmp_path / "you" / ".git" / "index", "x")
    assert digest_of(tmp_path) == before


def test_a_scene_that_fails_says_why_and_leaves_no_half_copy(tmp_path: Path) -> None:
    lessons = make_course(tmp_path)
    index = lessons / "index.toml"
    with_scene = index.read_text("utf-8").replace("minutes = 5", "minutes = 5\nscene = true", 1)
    write(index, with_scene)
    write(lessons / "01_sums" / "scenes.py", "raise SystemExit('git is not installed')\n")
    task = all_tasks(tmp_path)[0]
    with pytest.raises(LessonError, match="git is not installed"):
        prepare(task)
    assert not task.work.exists()
    write(lessons / "01_sums" / "scenes.py", "import sys\nopen(sys.argv[2] + '/x', 'w').close()\n")
    assert prepare(task)
    assert (task.work / "x").exists()


def test_without_an_environment_the_line_that_makes_it_is_named(tmp_path: Path) -> None:
    make_course(tmp_path)
    task = all_tasks(tmp_path)[0]
    task.python.unlink()
    with pytest.raises(LessonError, match="make -C module1_sums setup"):
        set_scene(task, tmp_path)
