"""The words of each command: its help, and the arguments that it alone takes.

In: the parsers of the commands, by name. Out: the same, with their arguments. What every command
takes (`--out`, `--config`, `--seed`) stands in `riskwatch.cli`.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

HELP = {
    "data": "generate drops of activity, with the truth beside them",
    "ingest": "take in new files of the inbox, or of --data folders",
    "score": "score the serving model on the hold-out",
    "train": "train a challenger; it does not serve before it is deployed",
    "deploy": "make a stored release the one that serves",
    "rollback": "make the release serve that served before",
    "releases": "list the stored releases",
    "audit": "check the ledger, the stored rows and the serving release",
    "backup": "copy the ledger into a file",
    "restore": "put a backup in the place of the ledger",
    "cycle": "do everything that is due, as the schedule does",
    "schedule": "let cron run cycles: install, show or remove its line",
    "simulate": "play many days in a minute, and draw what happened",
    "run": "play the days, serve them, ask the service everything, write a report",
    "serve": "serve the API and the dashboard",
    "client": "ask a running service for everything, and write a report",
    "drift": "compare pairs of tables of a folder, a line of JSON each",
    "drift-lab": "measure which drift rule cries wolf, and which one sees the wolf",
    "report": "write the report of the latest run, a page and a PDF",
    "alert-test": "send a message to each place that alerts go to",
    "diagnose": "check the latest drop, the machine and the packages",
    "course": "go once through the usual course's flow, in the folders of its config.json",
    "drill": "practise: plant a fault into a workplace of its own, find it, mend it",
}


def add_words(added: Mapping[str, argparse.ArgumentParser]) -> None:
    """Add the arguments that a command alone takes.

    Parameters
    ----------
    added : mapping of str to argparse.ArgumentParser
        The commands of `HELP`.
    """
    for name in ("ingest", "cycle", "serve", "schedule"):
        added[name].add_argument("--data", type=Path, metavar="FOLDER", nargs="+", default=[],
                                 help="your own folders of CSV files; they are only read")
    for name in ("simulate", "run"):
        added[name].add_argument("--days", type=int, metavar="N",
                                 help="how many (default: the setting synthetic.drops, 90)")
        added[name].add_argument("--data", type=Path, metavar="FOLDER", nargs="+", default=[],
                                 help="your own folders of CSV files, a file a day by name")
    added["cycle"].add_argument("--trigger", choices=("person", "cron", "api"),
                                default="person", help="who asked for it (default: person)")
    added["deploy"].add_argument("release", metavar="VERSION", help="see `riskwatch releases`")
    for name in ("deploy", "rollback"):
        added[name].add_argument("--reason", default="asked for by a person", metavar="TEXT",
                                 help="for the history")
    for name in ("backup", "restore"):
        added[name].add_argument("file", type=Path, metavar="FILE", help="the backup")
    course = added["course"]
    course.add_argument("config_json", type=Path, metavar="CONFIG.JSON", nargs="?",
                        default=Path("config.json"), help="(default: config.json)")
    course.add_argument("--reading", choices=("deployed_model_fell", "newest_model_is_better"),
                        default="deployed_model_fell", help="what drift is (default: the first)")
    course.add_argument("--edition", choices=("2026", "2021"), default="2026",
                        help="that of 2021 reports only after drift (default: 2026)")
    course.add_argument("--no-gate", action="store_true",
                        help="deploy a retrained model whatever its score, as the course does")
    drill = added["drill"]
    drill.add_argument("action", choices=("list", "start", "check", "reset"),
                       help="what to do; `list` has the symptoms")
    drill.add_argument("number", type=int, nargs="?", metavar="N", help="of the drill, 1 to 8")
    _add_schedule(added["schedule"])
    _add_web_words(added["serve"], added["client"])
    _add_watching(added)


def _add_schedule(schedule: argparse.ArgumentParser) -> None:
    schedule.add_argument("action", choices=("install", "show", "remove"))
    when = schedule.add_mutually_exclusive_group()
    when.add_argument("--every", type=int, metavar="MINUTES",
                      help="(default: the setting schedule.every_minutes, 10)")
    when.add_argument("--at", metavar="HH:MM", help="once a day")
    schedule.add_argument("--mail-to", metavar="ADDRESS", help="told when a cycle ends badly")
    schedule.add_argument("--environment-file", type=Path, metavar="FILE",
                          help="lines RISKWATCH_LEDGER_URL='…', readable by you only")
    schedule.add_argument("--print", action="store_true", dest="print_only",
                          help="show the lines, write nothing")
    schedule.add_argument("--tabfile", type=Path, metavar="FILE",
                          help="a file in the place of your crontab")


def _add_web_words(serve: argparse.ArgumentParser, client: argparse.ArgumentParser) -> None:
    serve.add_argument("--host", metavar="ADDRESS", help="where to listen (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, metavar="N", help="0, the default, takes a free one")
    serve.add_argument("--threads", type=int, metavar="N", help="requests at a time")
    serve.add_argument("--drain-seconds", type=float, metavar="N",
                       help="say that it stops for so long before it does (default: 1)")
    client.add_argument("url", metavar="URL", help="of the service, as `serve` printed it")
    client.add_argument("--most-rows", type=int, default=10_000, metavar="N",
                        help="of each list (default: 10000)")


def _add_watching(added: Mapping[str, argparse.ArgumentParser]) -> None:
    """Add the words of the commands that watch."""
    added["drift"].add_argument("pairs", type=Path, metavar="FOLDER",
                                help="holds NAME_reference.csv beside NAME_current.csv")
    lab = added["drift-lab"]
    lab.add_argument("--tries", type=int, default=50, metavar="N", help="pairs of each change")
    lab.add_argument("--repeats", type=int, default=1, metavar="N",
                     help="how often each shape of a null pair comes")
    lab.add_argument("--most-rows", type=int, default=20_000, metavar="N",
                     help="leave larger null pairs out")
    added["diagnose"].add_argument("--online", action="store_true",
                                   help="also ask the package index; takes seconds")
