"""A check ends in one of three states, with a place and a plain sentence, and always ends."""

import os
import time
from pathlib import Path

import pytest
from small_course import CHECK, make_course, solve, write

from coursekit.lessons import LessonError, Task, all_tasks
from coursekit.lessons_check import run_check
from coursekit.lessons_work import prepare


@pytest.fixture(name="task")
def task_fixture(tmp_path: Path) -> Task:
    """The first task, with the learner's copy."""
    make_course(tmp_path)
    task = all_tasks(tmp_path)[0]
    prepare(task)
    return task


def answer(task: Task, text: str) -> None:
    """Let the learner's function return this."""
    solve(task.folder.parent, "double", text)


def test_right_work_passes(task: Task) -> None:
    answer(task, "2 * number")
    assert run_check(task).state == "passed"


def test_wrong_work_fails_with_the_sentence_of_the_check(task: Task) -> None:
    verdict = run_check(task)
    assert (verdict.state, verdict.message) == ("failed", "double(4): got 0, expected 8")


def test_an_exception_of_the_learner_names_file_and_line(task: Task) -> None:
    answer(task, "number / 0")
    verdict = run_check(task)
    assert verdict.state == "failed"
    assert verdict.place == (task.work / "exercise.py", 6)
    assert "ZeroDivisionError" in verdict.message


def test_a_syntax_error_names_file_and_line(task: Task) -> None:
    answer(task, "2 *")
    verdict = run_check(task)
    assert verdict.state == "failed" and "SyntaxError" in verdict.message
    assert verdict.place == (task.work / "exercise.py", 6)


def test_a_long_message_is_not_cut_off(task: Task) -> None:
    text = CHECK.replace('expected 8"', 'expected 8" + "".join(f"\\nline {n}" for n in range(60))')
    write(task.check, text)
    assert run_check(task).message.splitlines()[-1] == "line 59"


def test_an_endless_loop_is_stopped_and_explained(task: Task) -> None:
    answer(task, "[0 for _ in iter(int, 1)]")
    verdict = run_check(task, time_limit=2)
    assert verdict.state == "failed" and "did not end within 2 seconds" in verdict.message


def test_programs_that_are_left_behind_are_ended(task: Task, tmp_path: Path) -> None:
    program = f"echo $$ > {tmp_path}/pid; sleep 300"
    answer(task, f"__import__('subprocess').Popen(['sh', '-c', {program!r}]) and 8")
    run_check(task, time_limit=3)
    process, deadline = int((tmp_path / "pid").read_text()), time.monotonic() + 5
    while time.monotonic() < deadline and Path(f"/proc/{process}/cmdline").exists():
        if b"sleep" not in Path(f"/proc/{process}/cmdline").read_bytes():
            break
        time.sleep(0.05)
    with pytest.raises(OSError):
        if not Path(f"/proc/{process}/cmdline").read_bytes():
            raise ProcessLookupError  # a zombie: ended, not yet collected
        os.kill(process, 0)


@pytest.mark.parametrize("check", [
    "def test_double():\n    raise RuntimeError('the check itself')\n", "import nothing_like_it\n",
    "def test_another():\n    pass\n"])
def test_a_fault_of_the_check_is_not_the_learners(task: Task, check: str) -> None:
    write(task.check, check)
    verdict = run_check(task)
    assert verdict.state == "not_checked" and verdict.message


@pytest.mark.parametrize("call", [
    "__import__('os')._exit(0)", "__import__('pytest').exit('enough')",
    "exec('raise KeyboardInterrupt')"])
def test_leaving_early_is_no_pass_and_is_told(task: Task, call: str) -> None:
    answer(task, call)
    verdict = run_check(task)
    assert verdict.state == "failed" and "broken off before its end" in verdict.message


def test_exit_names_the_line(task: Task) -> None:
    answer(task, "exit(0)")
    assert run_check(task).place == (task.work / "exercise.py", 6)


def test_python_ended_by_a_signal_is_not_called_a_fault_of_the_work(task: Task) -> None:
    answer(task, "__import__('os').kill(__import__('os').getpid(), 9)")
    verdict = run_check(task)
    assert verdict.state == "not_checked" and "ended with -9" in verdict.message


def test_work_that_skips_its_check_fails(task: Task) -> None:
    answer(task, "__import__('pytest').skip('later')")
    verdict = run_check(task)
    assert verdict.state == "failed" and "skips its own check" in verdict.message


def test_a_question_to_the_user_is_explained(task: Task) -> None:
    answer(task, "input('which? ')")
    assert "asks nobody" in run_check(task).message


@pytest.mark.parametrize("message, line", [
    ("exercise.py, line 2: too long", 2), ("exercise.py has no function double", 4)])
def test_a_message_that_names_a_file_gives_the_place(task: Task, message: str, line: int) -> None:
    write(task.check, f"def test_double():\n    assert False, {message!r}\n")
    assert run_check(task).place == (task.work / "exercise.py", line)


def test_without_an_environment_the_line_that_makes_it_is_named(task: Task) -> None:
    task.python.unlink()
    with pytest.raises(LessonError, match="make -C module1_sums setup"):
        run_check(task)
