"""Is a branch a series that can be reviewed, and does its description say what it must?

In: the repositories of the task, and the text of the description. Out: nothing, or an assertion.
"""

import re
from pathlib import Path

import history
from checking import git

HEADINGS = ("What changes, and why", "How it was checked", "Review checklist")
#: The boxes of the starter's description.
CHECKLIST = ("The tests pass at every commit", "A test fails without this change",
             "No generated file", "Docstrings and notes say")
_FORM_ONLY = {"report.py"}


def require_series(folder: Path, place: Path) -> str:
    """Three commits or more, each of one concern and green; together what was there before.

    Returns what pytest said of the newest one.
    """
    said = ""
    you, branch = folder / "you", "drift-report"
    series = history.commits(you, f"main..{branch}")
    assert len(series) >= 3, (f"Commits on {branch} after main: {len(series)}; part the one big "
                              "commit into three or more, each of one concern")
    for commit in series:
        history.require_message(you, commit)
        names = set(history.changed(you, commit))
        assert "out/report.html" not in names, (
            f"Commit {commit[:7]} holds out/report.html, which a program made; leave it out")
        assert not names & _FORM_ONLY or names <= _FORM_ONLY, (
            f"Commit {commit[:7]} changes {sorted(names)}: report.py changes in form only, so it "
            "wants a commit of its own, which a reviewer can pass in a minute")
        assert not {"drift.py", "notes.md"} <= names, (
            f"Commit {commit[:7]} changes {sorted(names)}: notes.md is another concern")
        passes, said = history.tests_pass(you, commit, place / commit[:7])
        assert passes, f"Commit {commit[:7]}: the tests fail there:\n{said}"
    assert history.same_code(history.file_at(you, "before", "report.py"),
                             history.file_at(you, branch, "report.py")), (
        "report.py says something else than before; its commit is to change the form only")
    left = git(you, "diff", "--name-only", "before", branch, "--", ".", ":(exclude)out")
    assert not left, f"Something of the big commit is lost or new in: {left.split()}"
    history.require_pushed(folder, branch)
    return said


def require_description(text: str, said: str) -> None:
    """Every part of the template is filled in, and what pytest said is what it says."""
    parts = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", text, re.M | re.S))
    for heading in HEADINGS:
        assert heading in parts, f"PULL_REQUEST.md has no part `## {heading}`"
    assert "<!--" not in text, "PULL_REQUEST.md still has remarks of the template (<!-- … -->)"
    what = parts[HEADINGS[0]].split()
    assert len({word.lower() for word in what}) >= len(what) / 2, (
        "What changes, and why: the same words again and again; say it to somebody who must "
        "decide")
    assert 10 <= len(what) <= 120, (f"What changes, and why: {len(what)} words; say it in 10 to "
                                    "120")
    assert "share_gap" in parts[HEADINGS[0]], (
        "What changes, and why: the new function share_gap is not named")
    commands = re.findall(r"`([^`]+)`", parts[HEADINGS[1]])
    assert any("pytest" in command for command in commands), (
        "How it was checked: name the command that ran the tests, `between backticks`, and what "
        "it said")
    claimed, real = (re.findall(r"\d+ passed", each) for each in (parts[HEADINGS[1]], said))
    assert claimed, "How it was checked: write what pytest's last line said, such as `5 passed`"
    assert real[0] in claimed, (
        f"How it was checked: you write `{claimed[0]}`, but on the newest commit of your branch "
        f"pytest says: {said.splitlines()[-1]}")
    boxes = re.findall(r"^- \[(.)\] (.+)", parts[HEADINGS[2]], re.M)
    for line in CHECKLIST:
        assert any(box.startswith(line) for _, box in boxes), (
            f"Review checklist: the box of the template is gone: `- [ ] {line}`")
    for mark, line in boxes:
        assert mark in "xX" or "because" in line, (
            f"Review checklist: `{line}` is neither ticked nor says `because …`")
