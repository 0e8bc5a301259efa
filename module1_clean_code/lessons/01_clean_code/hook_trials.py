"""Real commits in fresh repositories that have the learner's hook.

In: the learner's files. Out: a sentence on what went wrong, or nothing.
"""

import shutil
from pathlib import Path
from typing import Any

from checking import git, run, text_of

_GOOD = '''"""Shares."""


def share(part: int, whole: int) -> float:
    """Return a share."""
    return part / whole
'''
_UNUSED = _GOOD.replace('"""Shares."""\n', '"""Shares."""\n\nimport os\n')
_DIRTY = _GOOD.replace("part / whole", "part/whole").replace("(part: int, ", "( part:int,")

#: Name of a trial: files to stage, files to leave unstaged, must the commit be taken?
TRIALS: dict[str, tuple[dict[str, str], dict[str, str], bool]] = {
    "a clean file": ({"rate.py": _GOOD}, {"draft.py": _DIRTY}, True),
    "no Python file": ({"notes.txt": "x  =1\n"}, {}, True),
    "an unused import in the first of two files": (
        {"a_rate.py": _UNUSED, "rate.py": _GOOD}, {}, False),
    "bad spacing that is mended only in the folder, not staged": (
        {"rate.py": _DIRTY}, {"rate.py": _GOOD}, False),
}


def require_program(hook: Path) -> None:
    """Git can start the hook."""
    first = text_of(hook).partition("\n")[0]
    assert first.startswith("#!"), (
        "hooks/pre-commit, line 1: git starts the hook as a program; its first line must say by "
        f"which shell, `#!/bin/sh`; got {first!r}")
    assert b"\r" not in hook.read_bytes(), (
        "hooks/pre-commit has line ends of Windows (CRLF), with which no shell starts; save it "
        "with LF")


def setting(content: Any, *keys: str) -> Any:
    """Return a value of nested tables, or None."""
    for key in keys:
        content = content.get(key) if isinstance(content, dict) else None
    return content


def trial(name: str, work: Path, folder: Path) -> str:
    """Try one commit; return what is wrong with the hook's answer, or an empty text."""
    staged, unstaged, must_pass = TRIALS[name]
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for key, value in (("user.name", "Ann"), ("user.email", "ann@example.com"),
                       ("core.hooksPath", "hooks")):
        git(folder, "config", key, value)
    shutil.copytree(work / "hooks", folder / "hooks")
    (folder / "hooks" / "pre-commit").chmod(0o755)
    shutil.copy(work / "pyproject.toml", folder)
    git(folder, "add", "hooks", "pyproject.toml")
    git(folder, "commit", "-q", "--no-verify", "-m", "Begin")
    _write(folder, staged)
    git(folder, "add", *staged)
    _write(folder, unstaged)
    done = run(["git", "commit", "-q", "-m", "Try"], folder)
    was_taken = run(["git", "log", "-1", "--format=%s"], folder).stdout.strip() == "Try"
    if was_taken == must_pass:
        return ""
    said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-6:]) or "nothing"
    wanted, got = ("taken", "refused") if must_pass else ("refused", "taken")
    return (f"The commit with {name} must be {wanted}, but it was {got}.\n"
            f"Staged: {', '.join(staged)}; not staged: {', '.join(unstaged) or 'nothing'}.\n"
            f"The hook said: {said}")


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
