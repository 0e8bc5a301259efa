"""The command line: words in, an exit code out.

In: arguments. Out: 0 done, 1 a check said no, 2 bad input or usage, 75 another run holds the lock.
A foreseen fault is one plain line; its traceback stands in the log only. Heavy libraries load
after the words are understood, so ``riskwatch --help`` answers at once.
"""

import argparse
import atexit
import gc
import logging
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from riskwatch import __version__
from riskwatch.errors import BusyError, RiskwatchError
from riskwatch.words import HELP, add_words

if TYPE_CHECKING:
    from riskwatch.commands import Command
    from riskwatch.workplace import Workplace

LOGGER = logging.getLogger("riskwatch.cli")  # not __name__: that is __main__ under python -m
BAD_INPUT, INTERRUPTED, BUSY = 2, 130, 75
#: New objects between two looks for rubbish; Python itself looks after 700.
_LITTLE_RUBBISH = 50_000


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line.

    Returns
    -------
    argparse.ArgumentParser
    """
    parser = argparse.ArgumentParser(
        prog="riskwatch", description="Watch an attrition-risk model, and keep it fit.")
    parser.add_argument("--version", action="version", version=f"riskwatch {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    added = {}
    for name, text in HELP.items():
        command = added[name] = commands.add_parser(name, help=text, description=text)
        command.add_argument("--config", type=Path, metavar="FILE", help="settings (TOML)")
        command.add_argument("--seed", type=int, metavar="N", help="takes the settings' place")
        command.add_argument("--out", type=Path, default=Path("build"), metavar="FOLDER",
                             help="where results go (default: build)")
    add_words(added)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        The words after the program's name.

    Returns
    -------
    int
        The exit code.
    """
    arguments = build_parser().parse_args(argv)
    # What modules define stays: to look for rubbish in it, while they load and again at the
    # end, takes a tenth of a second of a command that takes half of one.
    gc.set_threshold(_LITTLE_RUBBISH)
    atexit.register(gc.freeze)
    try:
        return _run(arguments)
    except RiskwatchError as err:
        print(f"riskwatch {arguments.command}: {err}", file=sys.stderr)
        return BUSY if isinstance(err, BusyError) else BAD_INPUT
    except KeyboardInterrupt:
        print(f"riskwatch {arguments.command}: interrupted; files are whole, run it again",
              file=sys.stderr)
        return INTERRUPTED


def _run(arguments: argparse.Namespace) -> int:
    # pylint: disable=import-outside-toplevel  # see the module's docstring
    from riskwatch.commands import COMMANDS
    from riskwatch.settings import load_settings
    from riskwatch.workplace import Workplace

    place = Workplace(arguments.out, load_settings(arguments.config, seed=arguments.seed),
                      ledger_url=os.environ.get("RISKWATCH_LEDGER_URL"))
    command = COMMANDS[arguments.command]
    if not command.is_alone:
        return command.work(arguments, place)
    return _run_alone(arguments, place, command)


def _run_alone(arguments: argparse.Namespace, place: "Workplace", command: "Command") -> int:
    """Run a command that changes results: one at a time, and logged."""
    # pylint: disable=import-outside-toplevel
    from riskwatch.commands import note_locked_out
    from riskwatch.lock import hold
    from riskwatch.logs import logging_to

    try:
        with hold(place.out), logging_to(place.logs / "riskwatch.log",
                                         is_console_quiet=command.is_quiet):
            LOGGER.info("riskwatch %s %s, Python %s", __version__, arguments.command,
                        platform.python_version())
            LOGGER.debug("arguments: %s", {name: str(value)
                                           for name, value in vars(arguments).items()})
            LOGGER.debug("settings: %s", place.settings.model_dump())
            try:
                code = command.work(arguments, place)
            except BaseException:
                LOGGER.exception("riskwatch %s failed", arguments.command)
                raise
            LOGGER.info("riskwatch %s: exit %d", arguments.command, code)
            return code
    except BusyError:
        note_locked_out(arguments, place)
        raise


if __name__ == "__main__":
    sys.exit(main())
