"""Start the data tests from anywhere: ``python -m rentals.checks.data_tests --csv=A …``.

In: options of pytest and of ``options.py``. Out: pytest's exit code.
Plain pytest takes the folder of a data file for the folder of the project, and leaves its cache
there; this entry point tells it better.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest


def main(argv: Sequence[str] | None = None) -> int:
    """Run the data tests.

    Parameters
    ----------
    argv : sequence of str, optional
        By default those of the command line.

    Returns
    -------
    int
        0 all passed, 1 a check failed, 4 a wrong option.
    """
    folder = Path(__file__).parent
    given = sys.argv[1:] if argv is None else list(argv)
    return int(pytest.main([str(folder), f"--rootdir={folder}", "--import-mode=importlib",
                            "-p", "no:cacheprovider", *given]))


if __name__ == "__main__":
    sys.exit(main())
