"""Checks of lesson 2: one test for each task, on the repositories and files in ``work``."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

# pylint: disable=wrong-import-position
import history  # noqa: E402
from checking import git, run, text_of, toml_of, work_folder  # noqa: E402
from review_marks import require_answers, require_review  # noqa: E402
from series import require_description, require_series  # noqa: E402


def test_bisect(tmp_path: Path) -> None:
    """The commit that broke the bands is named, mended and fenced in by a test."""
    folder = work_folder(__file__, "bisect")
    you = folder / "you"
    history.require_settled(you)
    new = history.commits(you, "v1.1..main")
    assert len(new) >= 2, (f"Commits of yours on main after v1.1: {len(new)}; two are asked for: "
                           "the mended function, and a test that fails without it")
    culprit = next(commit for commit in history.commits(you, "v1.1")
                   if history.names_at(you, commit, "customers.py").get(
                       "age_band", lambda age: "40-59")(40) != "40-59")
    messages = [history.require_message(you, commit) for commit in new]
    named = [word for message in messages for word in message.replace(".", " ").split()
             if len(word) >= 7 and culprit.startswith(word)]
    assert named, ("No message of yours names the commit that broke it. Let git find it: "
                   "git bisect start v1.1 v1.0, and write its hash into the body.")
    for commit in new:
        files = history.changed(you, commit)
        assert len(files) == 1 and sum(files.values()) <= 30, (
            f"Commit {commit[:7]} changes {files}; one file and at most 30 lines are asked for")
    now, then = (history.names_at(you, commit, "customers.py") for commit in ("main", "v1.0"))
    age_band = history.function_at(you, "main", "customers.py", "age_band")
    for age in range(0, 100):
        got = age_band(age)
        expected = "20-39" if 20 <= age < 40 else "40-59" if 40 <= age < 60 else (
            "under 20" if age < 20 else "60 and over")
        assert got == expected, f"age_band({age}): got {got!r}, expected {expected!r}"
    lost = [name for name in [*then, "weighted"] if name not in now]
    assert not lost, f"customers.py lost {lost}"
    test = next((name for commit in new for name in history.changed(you, commit)
                 if name.startswith("test_")), None)
    assert test, "No commit of yours has a file test_*.py"
    passes, said = history.tests_pass(you, "main", tmp_path / "now")
    assert passes, f"Your tests fail on main:\n{said}"
    broken = tmp_path / "then"
    broken.mkdir()
    (broken / "customers.py").write_text(history.file_at(you, "v1.1", "customers.py"), "utf-8")
    (broken / test).write_text(history.file_at(you, "main", test), "utf-8")
    done = run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null",
                "--rootdir", str(broken), test], broken, PYTHONPATH=str(broken))
    assert done.returncode == 1, (f"{test} must fail on the customers.py of v1.1, or it would not "
                                  f"have told; pytest ended with {done.returncode} there")
    history.require_pushed(folder, "main")


def test_conflict() -> None:
    """Your commit stands on top of Ben's, both work, and the remote has it."""
    folder = work_folder(__file__, "conflict")
    you = folder / "you"
    history.require_settled(you)
    merges = history.commits(you, "main", "--merges")
    assert not merges, f"{merges[0][:7]} is a merge; your commit is to stand on top without one"
    log = git(you, "log", "--format=  %an: %s", "main").splitlines()
    wanted = ["  You: Offer earlier to inactive customers", "  Ben: Say who decides",
              "  Ben: Offer only with consent, from 0.6 on",
              "  You: Offer from a probability of one half on"]
    assert log[-4:] == wanted, "\n".join([
        "A straight line is asked for, your commit on top of Ben's. The newest first, main has",
        *log, "and is to end with", *wanted])
    text = history.file_at(you, "main", "offer.py")
    assert not any(mark in text for mark in ("<<<<<<<", "=======", ">>>>>>>")), (
        "offer.py still has the marks of the conflict")
    gets_offer = history.function_at(you, "main", "offer.py", "gets_offer")
    assert "has_consented" in text, "offer.py: Ben's third argument has_consented is lost"
    for probability in (0.1, 0.29, 0.3, 0.5, 0.55, 0.6, 0.9):
        for months in (0, 2, 3, 12):
            for consent in (True, False):
                expected = consent and probability >= (0.3 if months >= 3 else 0.6)
                got = gets_offer(probability, months, consent)
                assert bool(got) == expected, (
                    f"gets_offer({probability}, {months}, {consent}): got {got}, expected "
                    f"{expected}. Yours: 0.3 from 3 months on. Ben's: 0.6, and only with consent.")
    assert gets_offer(0.7, 0), "gets_offer(0.7, 0): Ben's default has_consented=True is lost"
    history.require_pushed(folder, "main")


def test_branch(tmp_path: Path) -> None:
    """The feature grew on a branch, main was green all the time, and nothing is lost."""
    folder = work_folder(__file__, "branch")
    you = folder / "you"
    history.require_settled(you)
    subjects = git(you, "log", "--format=%s", "main").splitlines()
    for subject in ("Answer 0 where there is no transaction", "wip segments"):
        assert subject in subjects, (f"main does not have the commit {subject!r}; in the end it "
                                     "holds Ben's work and yours")
    parents = git(you, "show", "-s", "--format=%P", "main").split()
    assert len(parents) == 2, ("The newest commit of main must be the merge of your branch: "
                               "git switch main, git merge --no-ff segments")
    line = history.commits(you, "start..main", "--first-parent")
    for commit in line:
        subject = git(you, "show", "-s", "--format=%s", commit)
        assert subject != "wip segments", ("The half-done commit is in the line of main itself; "
                                           "it belongs on the branch only")
        passes, said = history.tests_pass(you, commit, tmp_path / commit[:7])
        assert passes, f"main was not green at {commit[:7]} ({subject}):\n{said}"
    assert run(["git", "rev-parse", "--verify", "segments"], you).returncode == 0, (
        "you/ has no branch segments; keep it until the merge is reviewed")
    branch = git(you, "log", "--format=%s", "segments").splitlines()
    assert "wip segments" in branch[1:], (
        "The branch segments must hold the half-done commit and, on top of it, what finished it; "
        f"it holds, the newest first: {branch}")
    segment = history.function_at(you, "main", "segments.py", "segment")
    for count in range(0, 140):
        expected = "rare" if count < 30 else "usual" if count < 80 else "frequent"
        assert segment(count) == expected, (f"segment({count}): got {segment(count)!r}, expected "
                                            f"{expected!r}")
    mean_amount = history.function_at(you, "main", "spending.py", "mean_amount")
    assert mean_amount(5, 0) == 0, "mean_amount(5, 0) must be 0: Ben's hotfix is lost"
    history.require_pushed(folder, "main")


def test_pull_request(tmp_path: Path) -> None:
    """One big commit became a series that can be reviewed, with a description."""
    folder = work_folder(__file__, "pull_request")
    history.require_settled(folder / "you")
    said = require_series(folder, tmp_path)
    require_description(text_of(folder / "PULL_REQUEST.md"), said)


def test_review() -> None:
    """At least 8 of 10 defects are found, false alarms taken off; remarks are answered."""
    folder = work_folder(__file__, "review")
    require_review(toml_of(folder / "review.toml"),
                   Path(__file__).resolve().parent / "starter" / "review" / "change")
    require_answers(toml_of(folder / "answers.toml"))
