"""The command line: words in, an exit code out.

In: arguments. Out: 0 done, 1 a check said no, 2 bad input or usage, 75 another run holds the lock.
A foreseen fault is one plain line; its traceback stands in the log only. Heavy libraries load
after the words are understood, so ``churn --help`` answers at once.
"""

import argparse
import logging
import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from churn import __version__
from churn.errors import BusyError, ChurnError

LOGGER = logging.getLogger("churn.cli")  # not __name__: that is __main__ under python -m
BAD_INPUT, INTERRUPTED, BUSY = 2, 130, 75

_HELP = {
    "data": "generate a table of customers, or check your own",
    "fetch": "get the public data set, or learn how to",
    "eda": "draw the exploration",
    "train": "train the candidates and release the best",
    "evaluate": "judge the released model, on its hold-out or on other labelled rows",
    "predict": "score a file of customers, of any size",
    "drift": "compare two tables and decide: keep, retrain, ask a person",
    "run": "do everything and write a report",
}


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line.

    Returns
    -------
    argparse.ArgumentParser
    """
    parser = argparse.ArgumentParser(
        prog="churn", description="Predict which credit-card customers will leave.")
    parser.add_argument("--version", action="version", version=f"churn {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    added = {}
    for name, text in _HELP.items():
        command = added[name] = commands.add_parser(name, help=text, description=text)
        command.add_argument("--data", type=Path, metavar="FILE", help="your own table (CSV)")
        command.add_argument("--config", type=Path, metavar="FILE", help="settings (TOML)")
        command.add_argument("--seed", type=int, metavar="N", help="takes the settings' place")
        command.add_argument("--out", type=Path, default=Path("build"), metavar="FOLDER",
                             help="where results go (default: build)")
    added["data"].add_argument("--rows", type=int, metavar="N", help="how many to generate")
    added["fetch"].add_argument("--source", metavar="ADDRESS", help="where the file is")
    added["fetch"].add_argument("--sources", type=Path, metavar="FILE",
                                help="what the file must be (default: config/data_sources.toml)")
    for name in ("evaluate", "predict", "drift"):
        added[name].add_argument("--model", type=Path, metavar="FOLDER",
                                 help="where the model was released (default: the --out folder)")
    added["predict"].add_argument("--predictions", type=Path, metavar="FILE",
                                  help="the file to write (default: predictions.csv in --out)")
    added["drift"].add_argument("--reference", type=Path, metavar="FILE",
                                help="the table to compare with")
    added["run"].add_argument("--course-layout", type=Path, metavar="FOLDER",
                              help="also write the usual course's artifacts there")
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
    try:
        return _run(arguments)
    except ChurnError as err:
        print(f"churn {arguments.command}: {err}", file=sys.stderr)
        return BUSY if isinstance(err, BusyError) else BAD_INPUT
    except KeyboardInterrupt:
        print(f"churn {arguments.command}: interrupted; files are whole, run it again",
              file=sys.stderr)
        return INTERRUPTED


def _run(arguments: argparse.Namespace) -> int:
    # pylint: disable=import-outside-toplevel  # see the module's docstring
    from churn.lock import hold
    from churn.logs import logging_to
    from churn.settings import load_settings

    settings = load_settings(arguments.config, seed=arguments.seed)
    is_terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    with hold(arguments.out), logging_to(arguments.out / "logs" / "churn.log",
                                         is_console_quiet=is_terminal):
        LOGGER.info("churn %s %s, Python %s, %s", __version__, arguments.command,
                    platform.python_version(), {name: str(value) for name, value in vars(
                        arguments).items() if name != "source"})  # an address may hold a key
        LOGGER.info("settings: %s", settings.model_dump())
        try:
            from churn.commands import COMMANDS, count_steps
            from churn.pipeline import Workplace
            from churn.progress import shown_progress

            with shown_progress(count_steps(arguments, settings),
                                is_terminal=is_terminal) as step:
                place = Workplace(arguments.out, settings, lambda: datetime.now(UTC), step)
                code = COMMANDS[arguments.command](arguments, place)
        except BaseException:
            LOGGER.exception("churn %s failed", arguments.command)
            raise
        LOGGER.info("churn %s: exit %d", arguments.command, code)
        return code


if __name__ == "__main__":
    sys.exit(main())
