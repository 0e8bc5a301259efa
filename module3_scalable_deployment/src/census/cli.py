"""The command line: words in, an exit code out.

In: arguments. Out: 0 done, 1 a check said no, 2 bad input or usage, 75 another run holds the lock.
A foreseen fault is one plain line; its traceback stands in the log only. Heavy libraries load
after the words are understood, so ``census --help`` answers at once.
"""

import argparse
import logging
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from census import __version__
from census.commands import COMMANDS, Command
from census.errors import BusyError, CensusError

LOGGER = logging.getLogger("census.cli")  # not __name__: that is __main__ under python -m
BAD_INPUT, INTERRUPTED, BUSY = 2, 130, 75
PARAMS = Path("params.yaml")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line.

    Returns
    -------
    argparse.ArgumentParser
    """
    parser = argparse.ArgumentParser(
        prog="census", description="Predict who earns more than 50K; audit it, serve it.")
    parser.add_argument("--version", action="version", version=f"census {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        words = commands.add_parser(name, help=command.help, description=command.help)
        command.add_to(words)
        if command.kind == "stage":
            words.add_argument("--out", type=Path, default=Path("build"), metavar="FOLDER",
                               help="where results go (default: build)")
            words.add_argument("--params", type=Path, metavar="FILE",
                               help="settings (default: params.yaml, where there is one)")
            words.add_argument("--seed", type=int, metavar="N", help="takes the settings' place")
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
    command = COMMANDS[arguments.command]
    try:
        return _run_stage(command, arguments) if command.kind == "stage" \
            else command.load()(arguments)
    except CensusError as err:
        print(f"census {arguments.command}: {err}", file=sys.stderr)
        return BUSY if isinstance(err, BusyError) else BAD_INPUT
    except KeyboardInterrupt:
        print(f"census {arguments.command}: interrupted; files are whole, run it again",
              file=sys.stderr)
        return INTERRUPTED


def _run_stage(command: Command, arguments: argparse.Namespace) -> int:
    # pylint: disable=import-outside-toplevel  # see the module's docstring
    from census.lock import hold
    from census.logs import logging_to
    from census.settings import load_settings

    params = arguments.params or (PARAMS if PARAMS.is_file() else None)
    settings = load_settings(params, seed=arguments.seed)
    with hold(arguments.out), logging_to(arguments.out / "logs" / "census.log"):
        LOGGER.info("census %s %s, Python %s", __version__, arguments.command,
                    platform.python_version())
        LOGGER.debug("settings: %s", settings.model_dump())
        try:
            code = command.load()(arguments, settings)
        except BaseException:
            LOGGER.exception("census %s failed", arguments.command)
            raise
        LOGGER.info("census %s: exit %d", arguments.command, code)
        return code


if __name__ == "__main__":
    sys.exit(main())
