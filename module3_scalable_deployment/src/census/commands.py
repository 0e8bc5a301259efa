"""The commands by name: what each says of itself, and where the function that does it stands.

In: nothing. Out: a mapping. A command joins the program by one entry here; its function is
imported only when the command runs, so that ``census --help`` loads none of the heavy libraries
and the service runs without those of training.

A *stage* writes results: it is called with the parsed arguments and the checked settings while
the folder's lock is held and the log is open. A *tool* is called with the arguments alone.
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from census.service_commands import (LIVE_OPTIONS, OUT_OPTION, PROMOTE_OPTIONS, SCORE_OPTIONS,
                                     SERVE_OPTIONS)

Options = Mapping[str, Mapping[str, Any]]
_DATA: Options = {"--data": {"type": Path, "metavar": "FILE", "help": "your own table (CSV)"}}
_CARD: Options = {
    "--check": {"type": Path, "nargs": "?", "const": Path("model_card.md"), "metavar": "FILE",
                "help": "write nothing; exit 1 unless this card (default: model_card.md) is of "
                        "this run"},
    "--to": {"type": Path, "metavar": "FILE", "help": "also write the Markdown there"},
    "--prose": {"type": Path, "metavar": "FILE",
                "help": "the words (default: config/model_card_prose.md)"}}


@dataclass(frozen=True)
class Command:
    """``target`` is ``module:function``; ``options`` are what argparse takes for each flag."""

    help: str
    target: str
    kind: Literal["stage", "tool"] = "stage"
    options: Options = field(default_factory=dict)

    def load(self) -> Callable[..., int]:
        """Import the module and return the function."""
        module, _, name = self.target.partition(":")
        function: Callable[..., int] = getattr(import_module(module), name)
        return function

    def add_to(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's own options to its parser."""
        for flag, words in self.options.items():
            parser.add_argument(flag, **words)


COMMANDS: Mapping[str, Command] = {
    "data": Command("check a table, your own or a generated one", "census.stages:check",
                    options=_DATA),
    "fetch": Command("get the public table", "census.stages:fetch", options={
        "--source": {"metavar": "ADDRESS", "help": "where the file is (default: UCI's)"},
        "--sources": {"type": Path, "metavar": "FILE",
                      "help": "what the file must be (default: config/data_sources.toml)"}}),
    "generate": Command("write the seeded table and its manifest", "census.stages:generate",
                        options=_DATA),
    "prepare": Command("remove repeated rows, and split", "census.stages:prepare"),
    "train": Command("cross-validate, choose, fit", "census.stages:train"),
    "evaluate": Command("measure on the test rows", "census.stages:evaluate"),
    "slices": Command("measure every slice of the test rows", "census.audit_stages:slices"),
    "bias": Command("audit the test rows for bias", "census.audit_stages:bias"),
    "card": Command("make the model card, or check the one that is kept",
                    "census.audit_stages:card", options=_CARD),
    "release": Command("release the model with its figures, and put it in service",
                       "census.release_stage:release"),
    "run": Command("do everything and write a report", "census.pipeline:run", options={
        **_DATA, "--course-layout": {
            "type": Path, "metavar": "FOLDER",
            "help": "also write the usual course's artifacts there"}}),
    "releases": Command("list the releases, the one in service marked",
                        "census.service_commands:releases", "tool", OUT_OPTION),
    "promote": Command("put a release in service", "census.service_commands:promote", "tool",
                       PROMOTE_OPTIONS),
    "rollback": Command("put the release before the current one in service",
                        "census.service_commands:rollback", "tool", OUT_OPTION),
    "score": Command("score a folder of files", "census.engine:score", "tool", SCORE_OPTIONS),
    "serve": Command("run the service", "census.service_commands:serve", "tool", SERVE_OPTIONS),
    "live": Command("ask a running service", "census.service_commands:live", "tool",
                    LIVE_OPTIONS),
}
