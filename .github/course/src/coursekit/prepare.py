"""``coursekit environment``: build the reference environment of a rubric before it is needed.

In: a rubric's folder. Out: the environment below ``build/environments``, and a line that names it.
"""

import argparse
import sys
from pathlib import Path


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("rubric", type=Path, metavar="RUBRIC", help="the folder of rubric.toml")


def run(arguments: argparse.Namespace) -> int:
    """Build it, unless it is there, and return the exit code."""
    # pylint: disable=import-outside-toplevel  # --help must answer at once
    from coursekit.environment import CACHE, reference_environment
    from coursekit.expect import GraderFault
    from coursekit.rubric import load_rubric
    try:
        found = reference_environment(load_rubric(arguments.rubric.resolve()), CACHE)
    except GraderFault as fault:
        print(f"coursekit environment: {fault}", file=sys.stderr)
        return 2
    print(f"coursekit: {found.name} is ready")
    return 0
