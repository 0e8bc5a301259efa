"""A learner is led from task to task by commands alone."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest
from small_course import GIT, STARTER, commit, learn, make_course, solve, write

from coursekit.cli import main
from coursekit.learn import VERBS


def test_next_shows_file_line_message_and_what_to_do(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_course(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["learn"]) == 0
    shown = capsys.readouterr().out
    for part in ("Task 1.1.1 · Twice as much", "module1_sums/lessons/01_sums/README.md",
                 "module1_sums/lessons/01_sums/work/double/exercise.py:4",
                 "double(4): got 0, expected 8", "learn hint"):
        assert part in shown


def test_next_goes_on_when_a_task_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]
                                         ) -> None:
    lessons = make_course(tmp_path)
    solve(lessons, "double", "2 * number")
    assert learn(tmp_path) == 0
    shown = capsys.readouterr().out
    assert "Passed" in shown and "half(4): got 0, expected 2" in shown
    solve(lessons, "half", "number / 2")
    assert learn(tmp_path, "next") == 0
    assert "No task is open" in capsys.readouterr().out


def test_check_exits_1_while_the_task_fails(tmp_path: Path) -> None:
    lessons = make_course(tmp_path)
    assert learn(tmp_path, "check", "half") == 1
    solve(lessons, "half", "number / 2")
    assert learn(tmp_path, "check", "1.1.2") == 0
    write(lessons / "01_sums" / "check_exercise.py", "import nothing_like_it\n")
    assert learn(tmp_path, "check", "half") == 2


def test_hints_come_one_by_one_and_again_after_the_last(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_course(tmp_path)
    counts = []
    for _ in range(4):
        assert learn(tmp_path, "hint") == 0
        counts.append(capsys.readouterr().out.count("Hint "))
    assert counts == [1, 2, 3, 3]


def test_the_list_shows_states_help_and_the_count(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    lessons = make_course(tmp_path)
    solve(lessons, "double", "2 * number")
    learn(tmp_path, "check", "double")
    learn(tmp_path, "hint", "half")
    learn(tmp_path, "skip")
    capsys.readouterr()
    assert learn(tmp_path, "list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("double" in line and "passed" in line for line in lines)
    assert any("half" in line and "skipped" in line and "1 of 1 hints" in line for line in lines)
    assert "1 of 2 tasks passed" in lines[-1]


def test_a_skipped_task_can_be_taken_up_again(tmp_path: Path,
                                              capsys: pytest.CaptureFixture[str]) -> None:
    lessons = make_course(tmp_path)
    assert learn(tmp_path, "skip") == 0
    assert "next is 1.1.2 half" in capsys.readouterr().out
    solve(lessons, "double", "2 * number")
    assert learn(tmp_path, "check", "double") == 0
    assert learn(tmp_path, "skip", "double") == 2


def test_the_solution_is_shown_after_passing(tmp_path: Path,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    lessons = make_course(tmp_path)
    assert learn(tmp_path, "solution", "double") == 1
    assert "return 2 * number" not in capsys.readouterr().out
    solve(lessons, "double", "number + number")
    learn(tmp_path, "check", "double")
    assert learn(tmp_path, "solution", "double") == 0
    assert "return 2 * number" in capsys.readouterr().out


def test_giving_up_shows_the_solution_and_is_noted(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    make_course(tmp_path)
    assert learn(tmp_path, "solution", "half", "--give-up") == 0
    assert "return number / 2" in capsys.readouterr().out
    learn(tmp_path, "list")
    assert "gave up" in capsys.readouterr().out


def test_check_all_rebuilds_the_progress(tmp_path: Path, capsys: pytest.CaptureFixture[str]
                                         ) -> None:
    lessons = make_course(tmp_path)
    assert learn(tmp_path, "check-all") == 1
    solve(lessons, "double", "2 * number")
    solve(lessons, "half", "number / 2")
    write(lessons / ".progress.json", "damaged")
    assert learn(tmp_path, "check-all") == 0
    assert "2 of 2 tasks passed" in capsys.readouterr().out
    solve(lessons, "half", "number")
    assert learn(tmp_path, "check-all") == 1
    assert "1 of 2 tasks passed" in capsys.readouterr().out


def test_a_reset_says_where_the_old_files_are(tmp_path: Path,
                                              capsys: pytest.CaptureFixture[str]) -> None:
    lessons = make_course(tmp_path)
    solve(lessons, "double", "2 * number")
    assert learn(tmp_path, "reset", "double") == 0
    assert "kept/double-1" in capsys.readouterr().out
    assert "return 0" in (lessons / "01_sums/work/double/exercise.py").read_text("utf-8")


@pytest.mark.parametrize("verb", ["reset", "skip", "hint", "solution", "check"])
def test_a_verb_without_a_name_touches_nothing_when_no_task_is_open(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], verb: str) -> None:
    lessons = make_course(tmp_path)
    solve(lessons, "double", "2 * number")
    solve(lessons, "half", "number / 2")
    assert learn(tmp_path) == 0
    assert learn(tmp_path, verb) == 2
    assert f"no task is open; say which one: `learn {verb} NAME`" in capsys.readouterr().err
    assert not (lessons / "01_sums" / "work" / "kept").exists()


def test_pulling_a_changed_starter_keeps_the_work(tmp_path: Path,
                                                  capsys: pytest.CaptureFixture[str]) -> None:
    published, clone = tmp_path / "published", tmp_path / "clone"
    make_course(published)
    commit(published)
    subprocess.run([*GIT, "clone", "-q", str(published), str(clone)], check=True)
    lessons = clone / "module1_sums" / "lessons"
    learn(clone, "next")
    mine = solve(lessons, "double", "7")
    write(published / "module1_sums/lessons/01_sums/starter/double/exercise.py",
          STARTER.format(name="double") + "# anew\n")
    subprocess.run([*GIT, "commit", "-q", "-a", "-m", "Better"], cwd=published, check=True)
    subprocess.run([*GIT, "pull", "-q"], cwd=clone, check=True)
    capsys.readouterr()
    learn(clone, "next")
    assert "the starter changed since you began. Your work is kept" in capsys.readouterr().out
    assert "return 7" in mine.read_text(encoding="utf-8")
    status = subprocess.run([*GIT, "status", "--porcelain"], cwd=clone, check=True,
                            capture_output=True, text=True)
    assert status.stdout == ""


@pytest.mark.parametrize("words", [["hint", "nothing"], ["check", "9.9.9"]])
def test_an_unknown_task_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                      words: list[str]) -> None:
    make_course(tmp_path)
    assert learn(tmp_path, *words) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_folder_that_cannot_be_written_is_one_plain_line(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lessons = make_course(tmp_path)
    write(lessons / "01_sums" / "work", "a file stands here")
    assert learn(tmp_path, "next") == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "work" in error


@pytest.mark.parametrize("verb", ["list", "hint", "--help"])
def test_list_hint_and_help_take_less_than_a_second_of_work(tmp_path: Path, verb: str) -> None:
    make_course(tmp_path)
    spent = []
    for _ in range(2):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "coursekit.cli", "learn", verb, "--from",
                        str(tmp_path)], check=True, capture_output=True, timeout=60)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    assert min(spent) < (0.5 if verb == "--help" else 1.0)


def test_every_verb_is_documented() -> None:
    text = (Path(__file__).resolve().parents[1] / "LESSONS.md").read_text(encoding="utf-8")
    shown = [line.split()[1] for line in text.splitlines() if line.startswith("learn ")]
    assert sorted(set(VERBS) - {"next"}) == sorted(set(shown) & set(VERBS))
