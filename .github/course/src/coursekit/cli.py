"""The command line: one table of subcommands, each loaded only when it is asked for.

In: the arguments. Out: the exit code of the subcommand. A subcommand is a module with
``add_to(parser)``, which declares its arguments, and ``run(arguments) -> int``.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

COMMANDS = {"grade": "coursekit.grade", "start": "coursekit.start", "learn": "coursekit.learn",
            "syllabus": "coursekit.syllabus", "environment": "coursekit.prepare"}
TITLES = {"grade": "grade somebody's capstone and write a report",
          "start": "write the starter of a capstone into a folder of your own",
          "learn": "work through the lessons",
          "syllabus": "show for each outcome its file, its lesson and its criterion",
          "environment": "build the environment in which submissions of a module run"}


def build_parser(chosen: str | None) -> argparse.ArgumentParser:
    """Return the parser; only the chosen subcommand's own arguments are declared."""
    parser = argparse.ArgumentParser(prog="coursekit", description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, module in COMMANDS.items():
        below = verbs.add_parser(name, help=TITLES[name], description=TITLES[name])
        if name == chosen:
            importlib.import_module(module).add_to(below)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the subcommand that is named and return its exit code.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; those of the process by default.

    Returns
    -------
    int
        0 done, 1 a check said no, 2 bad input or a fault of the tool itself.
    """
    given = list(sys.argv[1:] if argv is None else argv)
    chosen = next((word for word in given[:1] if word in COMMANDS), None)
    arguments = build_parser(chosen).parse_args(given)
    try:
        return int(importlib.import_module(COMMANDS[arguments.command]).run(arguments))
    except BrokenPipeError:
        # The reader of our output went away (`learn list | head`); nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def learn() -> int:
    """Run ``coursekit learn`` under its short name."""
    return main(["learn", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
