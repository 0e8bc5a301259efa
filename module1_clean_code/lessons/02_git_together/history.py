"""Questions to a learner's repository: what was committed, does it work, is it pushed?

In: a clone. Out: facts, or an assertion with a sentence.
"""

import ast
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checking import git, run

_EMPTY = {"wip", "stuff", "misc", "changes", "various", "some"}


def commits(clone: Path, span: str, *options: str) -> list[str]:
    """Return the hashes of a span, the oldest first."""
    return git(clone, "rev-list", "--reverse", *options, span).split()


def file_at(clone: Path, commit: str, name: str) -> str:
    """Return a file as it was in a commit."""
    return git(clone, "show", f"{commit}:{name}") + "\n"


def names_at(clone: Path, commit: str, name: str) -> dict[str, Any]:
    """Run a file as it was in a commit and return its names."""
    text = file_at(clone, commit, name)
    space: dict[str, Any] = {"__name__": Path(name).stem}
    where = f"{name} in {commit[:7]}"
    try:
        exec(compile(text, name, "exec"), space)  # pylint: disable=exec-used
    except SyntaxError as err:
        raise AssertionError(f"{where}, line {err.lineno}: {err.msg}") from err
    except Exception as err:
        raise AssertionError(f"{where} stopped with {type(err).__name__}: {err}") from err
    return space


def function_at(clone: Path, commit: str, name: str, function: str) -> Callable[..., Any]:
    """Return a function of a file as it was in a commit; what it raises fails the check."""
    found = names_at(clone, commit, name).get(function)
    assert callable(found), f"{name} in {commit[:7]} has no function {function} any more"

    def ask(*values: Any) -> Any:
        try:
            return found(*values)
        except Exception as err:  # pylint: disable=broad-exception-caught  # it is the finding
            shown = ", ".join(map(repr, values))
            return pytest.fail(f"{function}({shown}) in {name}: {type(err).__name__}: {err}")
    return ask


def changed(clone: Path, commit: str) -> dict[str, int]:
    """Return the files a commit changed, and how many lines in each."""
    listed = git(clone, "show", "--format=", "--numstat", commit).splitlines()
    parts = [line.split("\t") for line in listed if line]
    return {name: sum(int(number) for number in (added, gone) if number.isdigit())
            for added, gone, name in parts}


def require_message(clone: Path, commit: str) -> str:
    """Check the message of a commit and return it."""
    message = git(clone, "show", "-s", "--format=%B", commit).strip()
    subject, _, rest = message.partition("\n")
    where = f"Commit {commit[:7]}, {subject!r}"
    assert len(subject) <= 72, f"{where}: the first line has {len(subject)} characters; most 72"
    assert len(subject.split()) >= 3 and subject.split()[0].lower() not in _EMPTY, (
        f"{where}: say what the commit does, in the imperative: `Count 40 to the upper band`")
    assert subject[0].isupper() and not subject.endswith("."), (
        f"{where}: begin with a capital letter, end without a full stop")
    assert not rest or rest.startswith("\n"), f"{where}: leave the second line empty"
    return message


def require_settled(clone: Path) -> None:
    """No rebase, merge or bisect is under way, and nothing is left uncommitted."""
    assert clone.is_dir(), (f"There is no repository {clone.name}/ in {clone.parent.name}/ any "
                            "more; the verb reset makes a new set")
    folder = clone / ".git"
    for name, what in (("rebase-merge", "a rebase"), ("rebase-apply", "a rebase"),
                       ("MERGE_HEAD", "a merge"), ("BISECT_LOG", "a bisect (git bisect reset)")):
        assert not (folder / name).exists(), f"{what} is still under way in you/"
    left = git(clone, "status", "--porcelain", "--untracked-files=no")
    assert not left, f"you/ has changes that are not committed:\n{left}"


def require_pushed(folder: Path, branch: str) -> None:
    """The branch is the same here and on the remote."""
    here = run(["git", "rev-parse", "--verify", f"refs/heads/{branch}"], folder / "you")
    assert here.returncode == 0, f"you/ has no branch {branch}"
    there = run(["git", "rev-parse", "--verify", f"refs/heads/{branch}"], folder / "remote.git")
    assert there.stdout == here.stdout, (
        f"{branch} is {here.stdout[:7]} in you/, but {there.stdout[:7] or 'not there'} on the "
        "remote; push it")


def same_code(one: str, other: str) -> bool:
    """Tell if two texts differ in form only."""
    return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))


def tests_pass(clone: Path, commit: str, folder: Path) -> tuple[bool, str]:
    """Lay a commit out in ``folder`` and run its tests; return the end of what they said.

    The last line is pytest's own count, such as ``2 passed in 0.02s``.
    """
    folder.mkdir(parents=True)
    for name in git(clone, "ls-tree", "-r", "--name-only", commit).splitlines():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(file_at(clone, commit, name), encoding="utf-8")
    done = run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p",
                "no:randomly", "-p", "no:xdist", "-p", "no:hypothesispytest", "-c", "/dev/null",
                "--rootdir", str(folder), str(folder)], folder, PYTHONPATH=str(folder))
    return done.returncode == 0, "\n".join(done.stdout.strip().splitlines()[-4:])
