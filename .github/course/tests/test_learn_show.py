"""What is printed is short, plain, and safe against markup in what it prints."""

import subprocess
from pathlib import Path
from typing import Literal

import pytest
from small_course import make_course, write

from coursekit import learn_show
from coursekit.learn import VERBS
from coursekit.lessons import all_tasks
from coursekit.lessons_check import Verdict
from coursekit.lessons_progress import Progress
from coursekit.lessons_work import prepare


def shown_for(tmp_path: Path, verdict: Verdict, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what is printed of a verdict on the first task."""
    lessons = make_course(tmp_path)
    task = all_tasks(tmp_path)[0]
    prepare(task)
    learn_show.verdict(task, verdict, Progress(lessons))
    return capsys.readouterr().out


def test_brackets_in_a_message_are_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]
                                        ) -> None:
    verdict = Verdict("failed", "got [red]1[/red], expected ['a', 'b']\n[/] too")
    shown = shown_for(tmp_path, verdict, capsys)
    assert "got [red]1[/red], expected ['a', 'b']" in shown and "[/] too" in shown


def test_a_long_line_is_not_wrapped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "x" * 400 in shown_for(tmp_path, Verdict("failed", "x" * 400), capsys)


def test_the_place_of_the_fault_comes_before_the_mark(tmp_path: Path,
                                                      capsys: pytest.CaptureFixture[str]) -> None:
    verdict = Verdict("failed", "no", (tmp_path / "other.py", 12))
    assert "other.py:12" in shown_for(tmp_path, verdict, capsys)


def test_what_could_not_be_checked_is_not_called_a_fault_of_the_learner(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = shown_for(tmp_path, Verdict("not_checked", "no pytest"), capsys)
    assert "not your fault" in shown and "Not yet" not in shown


def test_a_path_is_shown_as_one_types_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert learn_show.near(tmp_path / "a" / "b.py") == "a/b.py"
    assert learn_show.near(Path("/usr/bin")) == "/usr/bin"


def test_a_pass_names_the_criteria_of_the_rubric(tmp_path: Path,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "module1_sums" / "rubric" / "rubric.toml",
          '[[criterion]]\nid = "M1-07"\noutcomes = ["M1.L1.1", "M1.L1.2"]\n'
          '[[criterion]]\nid = "M1-03"\noutcomes = ["M1.L1.1"]\n'
          '[[criterion]]\nid = "M1-09"\noutcomes = ["M1.L1.2"]\n')
    assert "prepares for M1-03, M1-07." in shown_for(tmp_path, Verdict("passed"), capsys)


@pytest.mark.parametrize("verb, task, gives_up, by_make, by_hand", [
    ("", "", False, "`make learn`", "`learn`"),
    ("hint", "double", False, "`make hint TASK=double`", "`learn hint double`"),
    ("check", "double", False, "`make learn TASK=double`", "`learn check double`"),
    ("solution", "double", True, "`make solution TASK=double GIVE_UP=1`",
     "`learn solution double --give-up`")])
def test_what_to_type_is_what_was_typed(
        verb: str, task: str, gives_up: bool, by_make: str, by_hand: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    # pylint: disable=too-many-arguments,too-many-positional-arguments  # a row of the table
    monkeypatch.delenv("LEARN_AS", raising=False)
    assert learn_show.typed(verb, task, gives_up=gives_up) == by_hand
    monkeypatch.setenv("LEARN_AS", "make")
    assert learn_show.typed(verb, task, gives_up=gives_up) == by_make


@pytest.mark.parametrize("state", ["failed", "passed", "not_checked"])
def test_who_came_by_make_is_told_verbs_of_make(
        tmp_path: Path, state: Literal["failed", "passed", "not_checked"],
        capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEARN_AS", "make")
    assert "`learn" not in shown_for(tmp_path, Verdict(state, "no"), capsys)


def test_notes_are_not_called_the_file_to_edit(tmp_path: Path,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    shown = shown_for(tmp_path, Verdict("failed", "no", (tmp_path / "NOTES.md", 1)), capsys)
    assert "Notes" in shown and "Edit" not in shown


def test_make_shows_every_verb_and_hands_the_task_over() -> None:
    root = Path(__file__).resolve().parents[3]
    shown = subprocess.run(["make", "-s", "-C", str(root), "help"], check=True, text=True,
                           capture_output=True).stdout
    missing = [verb for verb in VERBS if verb not in ("next", "check")
               and f"make {verb} " not in shown]
    assert not missing
    dry = subprocess.run(["make", "-n", "-C", str(root), "-o", "course-ready", "solution",
                          "TASK=fast", "GIVE_UP=1"], check=True, text=True,
                         capture_output=True).stdout
    assert "LEARN_AS=make" in dry and "learn solution fast --give-up" in dry
