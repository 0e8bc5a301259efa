"""The command line: words in, an exit code out.

In: arguments. Out: 0 done, 1 a check said no, 2 bad input or usage, 75 another process holds the
index. A foreseen fault is one plain line; its traceback stands in the log only. Heavy libraries
load after the words are understood, so ``rentals --help`` answers at once.
"""

import argparse
import logging
import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rentals import __version__
from rentals.errors import BusyError, CheckSaidNo, RentalsError

LOGGER = logging.getLogger("rentals.cli")  # not __name__: that is __main__ under python -m
SAID_NO, BAD_INPUT, BUSY, INTERRUPTED = 1, 2, 75, 130

_HELP = {
    "run": "run the pipeline, or some of its steps, and write a report",
    "step": "run one step on artifacts that exist",
    "search": "compare settings of a candidate by cross-validation, here or on a cluster",
    "lineage": "show what was made from what, as text and as a picture",
    "reproduce": "do a run again from its record, and compare byte for byte",
    "predict": "predict the prices of a file of listings with a release",
    "serve": "answer over HTTP with a release",
    "alias": "let an alias mean a version of an artifact",
    "fetch": "get the public data set, or learn how to",
}
_WORDS = "settings such as clean.max_price=300 or data=second_drop"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line.

    Returns
    -------
    argparse.ArgumentParser
    """
    parser = argparse.ArgumentParser(
        prog="rentals", description="Predict the price of short-term rentals, reproducibly.")
    parser.add_argument("--version", action="version", version=f"rentals {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    added = {}
    for name, text in _HELP.items():
        command = added[name] = commands.add_parser(name, help=text, description=text)
        command.add_argument("--out", type=Path, default=Path("build"), metavar="FOLDER",
                             help="where results go (default: build)")
    for name in ("run", "step", "predict"):
        # An empty name is none, because MLproject cannot leave a parameter out.
        added[name].add_argument("--data", type=lambda text: Path(text) if text else None,
                                 metavar="FILE", help="your own listings (CSV, 16 columns)")
    added["run"].add_argument("--steps", default="all", metavar="A,B",
                              help="some steps only (default: all)")
    added["run"].add_argument("-m", "--multirun", action="store_true",
                              help="run every combination of settings with several values")
    added["run"].add_argument("words", nargs="*", metavar="KEY=VALUE", help=_WORDS)
    added["step"].add_argument("step", metavar="NAME", help="of the step, such as clean")
    added["step"].add_argument("words", nargs="*", metavar="KEY=VALUE", help=(
        f"{_WORDS}, or the artifact of an input such as sample=sample.csv:v1"))
    added["search"].add_argument("--rows", default="trainval_data.csv:latest", metavar="ARTIFACT",
                                 help="to learn from (default: trainval_data.csv:latest)")
    added["search"].add_argument("words", nargs="*", metavar="KEY=VALUE", help=(
        f"{_WORDS}, or with several values model.ridge.alpha=1,10"))
    added["lineage"].add_argument("reference", nargs="?", metavar="ARTIFACT",
                                  help="only what it depends on, such as release:prod")
    added["reproduce"].add_argument("run", metavar="RUN", help="id of a run or of a pipeline")
    for name in ("predict", "serve"):
        added[name].add_argument("--model", default="release:prod", metavar="ARTIFACT",
                                 help="default: release:prod")
    added["predict"].add_argument("--predictions", type=Path, metavar="FILE",
                                  help="the file to write (default: predictions.csv in --out)")
    added["serve"].add_argument("--host", default="127.0.0.1", metavar="ADDRESS",
                                help="to listen on (default: 127.0.0.1, this machine alone)")
    added["serve"].add_argument("--port", type=int, default=0, metavar="NUMBER",
                                help="to listen on (default: a free one)")
    added["alias"].add_argument("reference", metavar="ARTIFACT", help="such as sample.csv:v1")
    added["alias"].add_argument("alias", metavar="ALIAS", help="such as reference")
    added["fetch"].add_argument("--source", metavar="ADDRESS", help="where the file is")
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
    parser = build_parser()
    arguments, rest = parser.parse_known_args(argv)
    # Options may stand between the settings, where argparse gives up on the later ones.
    if any(word.startswith("-") for word in rest) or (rest and "words" not in arguments):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest:
        arguments.words += rest
    try:
        return _run(arguments)
    except RentalsError as err:
        print(f"rentals {arguments.command}: {err}", file=sys.stderr)
        return (BUSY if isinstance(err, BusyError)
                else SAID_NO if isinstance(err, CheckSaidNo) else BAD_INPUT)
    except KeyboardInterrupt:
        print(f"rentals {arguments.command}: interrupted; run it again, and it goes on where it "
              "stopped", file=sys.stderr)
        return INTERRUPTED


def _run(arguments: argparse.Namespace) -> int:
    # pylint: disable=import-outside-toplevel  # see the module's docstring
    from rentals.logs import logging_to

    is_terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    with logging_to(arguments.out / "logs" / "rentals.log", is_console_quiet=is_terminal):
        LOGGER.info("rentals %s %s, Python %s, %s", __version__, arguments.command,
                    platform.python_version(), {name: str(value) for name, value in vars(
                        arguments).items() if name != "source"})  # an address may hold a key
        try:
            from rentals.commands import COMMANDS
            code = COMMANDS[arguments.command](arguments, lambda: datetime.now(UTC), is_terminal)
        except BaseException:
            LOGGER.exception("rentals %s failed", arguments.command)
            raise
        LOGGER.info("rentals %s: exit %d", arguments.command, code)
        return code


if __name__ == "__main__":
    sys.exit(main())
