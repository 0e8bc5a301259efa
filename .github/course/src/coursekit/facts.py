"""What is said about the text of a submission: pylint, autopep8, docstrings, tests.

In: the files, as text. Out: `Facts`. The tools are ours and run in the sandbox with our rules; a
submission's own configuration and its pragmas are not read.
"""

import ast
import io
import json
import re
import subprocess
import sys
import tempfile
import tokenize
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from coursekit import sandbox
from coursekit.expect import SubmissionFault

LINT_SECONDS = 120
#: Names and the six arguments that briefs themselves use cost nothing, nor do small classes. Into
#: libraries pylint does not look: that takes most of its time, raises false alarms, and would let
#: the score hang on what is installed beside pylint.
RULES = """[MAIN]
persistent=no
jobs=1
ignored-modules=joblib,matplotlib,numpy,pandas,scipy,seaborn,shap,skops,sklearn
[FORMAT]
max-line-length=99
[BASIC]
no-docstring-rgx=^(_|test_)
good-names-rgxs=^X(_[a-z0-9_]+)?$
[DESIGN]
max-args=6
max-positional-arguments=6
min-public-methods=1
[MESSAGES CONTROL]
disable=import-error,c-extension-no-member,duplicate-code,useless-suppression
"""
PRAGMA = re.compile(r"#\s*(?:pylint\s*:|noqa\b|autopep8\s*:|flake8\s*:|fmt\s*:|"
                    r"type\s*:\s*ignore).*", re.I)


@dataclass(frozen=True)
class Message:
    """One message of pylint."""

    path: str
    line: int
    symbol: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.symbol}: {self.text}"


def strip_pragmas(text: str) -> str:
    """Return Python text without comments that silence a tool; lines keep their numbers."""
    lines = text.splitlines(keepends=True)
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError, ValueError):
        return text
    for token in tokens:
        found = PRAGMA.search(token.string) if token.type == tokenize.COMMENT else None
        if found:
            row, column = token.start
            kept = (lines[row - 1][:column] + token.string[:found.start()]).rstrip()
            # A line of nothing else stays a comment: a blank line there might be one too many.
            kept = kept or lines[row - 1][:column] + "# (a pragma)"
            lines[row - 1] = kept + ("\n" if lines[row - 1].endswith("\n") else "")
    return "".join(lines)


class Facts:
    """Facts about Python files, each worked out when it is first asked for."""

    def __init__(self, root: Path, python_files: list[str], test_files: list[str],
                 isolation: str) -> None:
        self.root, self.isolation = root, isolation
        self.python_files, self.test_files = python_files, test_files
        self._linting: Future[dict[str, Any]] | None = None

    def begin(self) -> None:
        """Let pylint begin, beside whatever comes first."""
        if self.python_files:
            self._linting = ThreadPoolExecutor(1, "pylint").submit(self._lint)

    def trees(self, names: list[str]) -> dict[str, ast.Module]:
        """Return the syntax trees of the files that can be parsed."""
        found = {}
        for name in names:
            try:
                found[name] = ast.parse((self.root / name).read_text(encoding="utf-8-sig"))
            except (SyntaxError, ValueError, RecursionError, MemoryError, OSError):
                continue
        return found

    @property
    def unparsable(self) -> list[str]:
        """Files that are not Python."""
        return sorted(set(self.python_files) - set(self.trees(self.python_files)))

    @cached_property
    def _pylint(self) -> dict[str, Any]:
        return self._linting.result() if self._linting else self._lint()

    def _lint(self) -> dict[str, Any]:
        done = self._tool(["-m", "pylint", "--rcfile={folder}/rules.ini",
                           "--output-format=json2", "--exit-zero"])
        try:
            found: dict[str, Any] = json.loads(done.stdout)
            return found
        except ValueError as fault:
            raise SubmissionFault("killed", "pylint", done.stderr[-800:] or "pylint said nothing",
                                  "pylint") from fault

    @property
    def pylint_score(self) -> float:
        """The rating of pylint, 10 at best; 0 without a file."""
        return float(self._pylint["statistics"]["score"]) if self.python_files else 0.0

    @property
    def pylint_messages(self) -> list[Message]:
        """All that pylint says."""
        if not self.python_files:
            return []
        return [Message(str(entry["path"]), int(entry["line"]), str(entry["symbol"]),
                        str(entry["message"]).splitlines()[0])
                for entry in self._pylint["messages"]]

    @cached_property
    def autopep8_diff(self) -> str:
        """What autopep8 would change; empty is clean."""
        if not self.python_files:
            return ""
        # E203 refuses slices as PEP 8 itself writes them; E722 would write BaseException, and
        # only hide a bare except; the others are left out by default.
        words = ["-m", "autopep8", "--diff", "-a", "-a", "--max-line-length", "99",
                 "--ignore", "E203,E722,E226,E24,W50,W690",
                 "--ignore-local-config", "--global-config=/dev/null"]
        return self._tool(words).stdout

    @cached_property
    def docstrings_missing(self) -> list[str]:
        """Modules, classes and functions without a docstring; private ones and tests may go."""
        found = [f"{name}: not Python" for name in self.unparsable]
        for name, tree in self.trees(self.python_files).items():
            if tree.body and not (ast.get_docstring(tree) or "").strip():
                found.append(f"{name}: the file itself")
            for node in ast.walk(tree):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) \
                        and not node.name.startswith(("_", "test_")) \
                        and not (ast.get_docstring(node) or "").strip():
                    found.append(f"{name}:{node.lineno}: {node.name}")
        return found

    @cached_property
    def tests_found(self) -> list[str]:
        """The functions of the tests' files that are called test…, as file::name."""
        return [f"{name}::{node.name}" for name, tree in self.trees(self.test_files).items()
                for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
                and node.name.startswith("test")]

    def _tool(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        with tempfile.TemporaryDirectory(prefix="facts") as name:
            folder = Path(name)
            for path in self.python_files:
                target = folder / "code" / path
                target.parent.mkdir(parents=True, exist_ok=True)
                raw = (self.root / path).read_bytes().decode("utf-8-sig", "replace")
                target.write_text(strip_pragmas(raw), encoding="utf-8")
            (folder / "rules.ini").write_text(RULES, encoding="utf-8")
            for below in [folder, *folder.rglob("*")]:
                below.chmod(0o755 if below.is_dir() else 0o644)
            return self._run(folder, words)

    def _run(self, folder: Path, words: list[str]) -> subprocess.CompletedProcess[str]:
        python = Path(sys.executable)
        try:
            if self.isolation == sandbox.STRONG:
                place, view = sandbox.SUBMISSION, sandbox.View(folder,
                                                               sandbox.python_folders(python))
                full = self._words(python, words, place)
                script = ["/bin/sh", "-c", 'cd /submission/code && exec "$@"', "tool", *full]
                return sandbox.run_inside(view, sandbox.Limits(), script, LINT_SECONDS)
            return subprocess.run(self._words(python, words, str(folder)), cwd=folder / "code",
                                  capture_output=True, text=True, errors="replace", check=False,
                                  timeout=LINT_SECONDS, env=sandbox.clean_variables({}))
        except subprocess.TimeoutExpired as fault:
            raise SubmissionFault("timeout", words[1], "did not end in time", words[1]) from fault

    def _words(self, python: Path, words: list[str], place: str) -> list[str]:
        filled = [word.format(folder=place) for word in words]
        return [str(python), "-I", *filled, *self.python_files]
