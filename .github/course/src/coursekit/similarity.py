"""How much of a submission's structure stands in the reference: advisory, never a verdict.

In: two sets of Python files, as text. Out: for each file of the submission the most similar file
of the reference. Names, numbers, texts and comments do not count, only the shape of the code.
"""

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

WINDOW = 12
LEAST_NODES = 120
#: Below this, files of one subject look alike anyway.
WORTH_TELLING = 0.3
MOST_FILE = 300_000


def shape(text: str) -> set[tuple[str, ...]]:
    """Return the runs of node types of a file; empty for a short one and for other than Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    kinds: list[str] = []
    left: list[ast.AST] = [tree]
    while left:
        node = left.pop()
        if not isinstance(node, (ast.Load, ast.Store, ast.Import, ast.ImportFrom, ast.alias)):
            kinds.append(type(node).__name__)
            left.extend(reversed(list(ast.iter_child_nodes(node))))
    if len(kinds) < LEAST_NODES:
        return set()
    return {tuple(kinds[at:at + WINDOW]) for at in range(len(kinds) - WINDOW + 1)}


def compare_files(own: Mapping[str, str], reference: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the files whose structure stands in the reference, the most similar first.

    Parameters
    ----------
    own, reference : mapping of str to str
        Names and texts.

    Returns
    -------
    list of dict
        ``file``, ``reference`` and ``share``: the part of the file's runs that the other has.
    """
    shapes = {name: shape(text) for name, text in reference.items()}
    found = []
    for name, text in own.items():
        mine = shape(text)
        shares = [(len(mine & other) / len(mine), theirs)
                  for theirs, other in shapes.items() if mine and other]
        share, theirs = max(shares, default=(0.0, ""))
        if share >= WORTH_TELLING:
            found.append({"file": name, "reference": theirs, "share": round(share, 2)})
    return sorted(found, key=lambda entry: (-float(entry["share"]), str(entry["file"])))


def read_texts(root: Path, names: list[str]) -> dict[str, str]:
    """Return the texts of files that are not too long."""
    return {name: (root / name).read_text(encoding="utf-8", errors="replace") for name in names
            if (root / name).stat().st_size <= MOST_FILE}
