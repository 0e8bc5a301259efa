"""No outcome loses its file, its lesson or its criterion without a word."""

from pathlib import Path

import pytest
from small_course import make_course, write

from coursekit.cli import main
from coursekit.lessons import LessonError
from coursekit.syllabus import find_root, read_syllabus

ROOT = Path(__file__).resolve().parents[3]
SOURCE = '''done = [1]
[[outcome]]
id = "M1.L1.1"
title = "Double"
files = ["src/capstone/sums.py"]
[[outcome]]
id = "M1.L1.2"
title = "Half"
files = ["src/capstone/sums.py"]
[[outcome]]
id = "M2.L1.1"
title = "Later"
files = ["src/later.py"]
'''
RUBRIC = '[[criterion]]\nid = "M1-01"\noutcomes = ["M1.L1.1", "M1.L1.2"]\n'


@pytest.fixture(name="source")
def source_fixture(tmp_path: Path) -> Path:
    """A syllabus whose first module is complete."""
    lessons = make_course(tmp_path)
    write(lessons.parent / "rubric" / "rubric.toml", RUBRIC)
    return write(tmp_path / "syllabus.toml", SOURCE)


def test_a_complete_module_has_no_gap(tmp_path: Path, source: Path) -> None:
    syllabus = read_syllabus(tmp_path, source)
    assert syllabus.faults == ()
    assert [line.lessons for line in syllabus.lines] == [("1.1.1 double",), ("1.1.2 half",), ()]
    assert syllabus.lines[0].criteria == ("M1-01",)
    assert syllabus.lines[2].gaps == ("no file src/later.py", "no lesson", "no criterion")


@pytest.mark.parametrize("path, change, fault", [
    ("src/capstone/sums.py", None, "M1.L1.1: no file src/capstone/sums.py"),
    ("lessons/index.toml", ('["M1.L1.2"]', "[]"), "M1.L1.2: no lesson"),
    ("rubric/rubric.toml", (', "M1.L1.2"', ""), "M1.L1.2: no criterion"),
    ("rubric/rubric.toml", None, "M1.L1.1: no criterion"),
    ("rubric/rubric.toml", ("M1.L1.2", "M1.L9.9"), "M1.L9.9: named by M1-01, but not in the")])
def test_each_kind_of_gap_is_a_fault(source: Path, path: str, change: tuple[str, str] | None,
                                     fault: str) -> None:
    file = source.parent / "module1_sums" / path
    if change is None:
        file.unlink()
    else:
        write(file, file.read_text(encoding="utf-8").replace(*change))
    assert any(found.startswith(fault) for found in read_syllabus(source.parent, source).faults)


def test_a_rubric_that_cannot_be_read_is_told(tmp_path: Path, source: Path) -> None:
    write(tmp_path / "module1_sums" / "rubric" / "rubric.toml", "[[criterion")
    with pytest.raises(LessonError, match="rubric.toml"):
        read_syllabus(tmp_path, source)


def test_the_root_is_found_from_below(tmp_path: Path) -> None:
    lessons = make_course(tmp_path)
    assert find_root(lessons / "01_sums") == tmp_path


def test_the_true_syllabus_has_57_outcomes_and_one_extra() -> None:
    lines = read_syllabus(ROOT).lines
    names = [line.outcome for line in lines]
    assert len(set(names)) == len(names) == 58
    assert [name for name in names if name.endswith(".extra")] == ["M2.extra"]
    counts = [sum(line.module == number for line in lines) for number in (1, 2, 3, 4)]
    assert counts == [13, 17, 12, 16]


def test_no_module_that_is_done_has_a_gap() -> None:
    syllabus = read_syllabus(ROOT)
    assert 1 in syllabus.done
    assert syllabus.faults == ()


def test_the_command_shows_the_gaps_and_says_so_in_its_code(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    make_course(tmp_path)
    assert main(["syllabus", "--from", str(tmp_path), "--module", "1"]) == 1
    shown = capsys.readouterr().out
    assert "gap: M1.L1.1: no criterion" in shown
    assert "1.1.1 double" in shown and "M2.L1.1 " not in shown
