"""Which libraries a submission imports: they are loaded once, before its jobs are forked.

In: syntax trees. Out: names of modules that are neither Python's own nor the submission's.
"""

import ast
import sys
from collections.abc import Iterable, Iterator


def foreign_imports(trees: Iterable[ast.Module], files: Iterable[str]) -> tuple[str, ...]:
    """Return the modules of libraries that are imported anywhere in the files.

    Parameters
    ----------
    trees : iterable of ast.Module
        The submission's code and tests.
    files : iterable of str
        All names of its files: what one of them could be is never loaded outside of a job.

    Returns
    -------
    tuple of str
        Dotted names, each once, sorted.
    """
    own = {part.removesuffix(".py") for name in files for part in name.split("/")}
    found = {name for tree in trees for name in _imported(tree)}
    return tuple(sorted(name for name in found if name.split(".")[0] not in own
                        and name.split(".")[0] not in sys.stdlib_module_names))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
