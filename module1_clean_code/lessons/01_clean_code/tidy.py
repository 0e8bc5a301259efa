"""The form of a file: pycodestyle, and what it does not see, idle imports and lost docstrings.

In: files of the learner, or a syntax tree. Out: nothing, or an assertion with a sentence.
"""

import ast
from pathlib import Path

import pycodestyle


def require_style(sources: set[Path]) -> None:
    """No remarks but those that `pycodestyle --max-line-length 99` leaves out too."""
    style = pycodestyle.StyleGuide(quiet=True, max_line_length=99,
                                   ignore=pycodestyle.DEFAULT_IGNORE.split(","))
    for source in sorted(sources):
        report = style.init_report(pycodestyle.StandardReport)
        style.input_file(str(source))
        first = sorted(report._deferred_print)[:1]  # pylint: disable=protected-access
        assert not first, (f"{source.name}, line {first[0][0]}: {first[0][2]} {first[0][3]}\n"
                           f"{report.total_errors} remarks of pycodestyle in all.")


def require_tidy(tree: ast.Module) -> None:
    """No import is idle, and the docstrings are still there."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for each in node.names:
                name = (each.asname or each.name).partition(".")[0]
                assert name in used, (f"exercise.py, line {node.lineno}: {name} is imported and "
                                      "not used; leave it out")
        if isinstance(node, (ast.Module, ast.FunctionDef)):
            what = getattr(node, "name", "the file")
            assert ast.get_docstring(node), (f"exercise.py: {what} has lost its docstring; "
                                             "shorten it, but keep it")
