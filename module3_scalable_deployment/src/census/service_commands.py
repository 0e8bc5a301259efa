"""The commands around the service: serve it, ask it, and choose which release it serves.

In: parsed arguments. Out: an exit code and a few plain lines.
"""

import argparse
import os
from pathlib import Path
from typing import Any

from census.errors import ModelFileError

DONE, CHECK_SAID_NO = 0, 1


def serve(arguments: argparse.Namespace) -> int:
    """Run the service until it is told to stop."""
    # pylint: disable=import-outside-toplevel  # `census releases` needs no web server
    from census.serving.options import KEY_VARIABLE, build_options
    from census.serving.server import run

    values = {name: value for name, value in vars(arguments).items()
              if name not in ("command", "out")}
    return run(build_options({**values, "folder": arguments.out,
                              "api_key": os.environ.get(KEY_VARIABLE)}))


def live(arguments: argparse.Namespace) -> int:
    """Send one person to a running service and print what it answers."""
    from census.live import ask  # pylint: disable=import-outside-toplevel  # loads requests

    status, text = ask(arguments.address, arguments.person, arguments.timeout)
    print(f"status code: {status}\nresult: {text}")
    return DONE if status == 200 else CHECK_SAID_NO


def releases(arguments: argparse.Namespace) -> int:
    """List the releases, the one in service marked; 1 if there is none or one is damaged."""
    # pylint: disable=import-outside-toplevel  # pydantic, for this command only
    from census.release_reader import current_version, list_versions, open_release

    try:
        current = current_version(arguments.out)
    except ModelFileError as err:
        current = None
        print(err)
    damaged = False
    for version in list_versions(arguments.out):
        try:
            found = open_release(arguments.out, version)
            found.check()
            words = f"{found.manifest.model_name}, threshold {found.manifest.threshold:.4f}"
        except ModelFileError as err:
            damaged, words = True, f"damaged: {err}"
        print(f"{'*' if version == current else ' '} {version}  {words}")
    return CHECK_SAID_NO if damaged or current is None else DONE


def promote(arguments: argparse.Namespace) -> int:
    """Put a release in service."""
    from census.release import promote as put_in_service  # pylint: disable=C0415  # as above

    print(f"in service: {put_in_service(arguments.out, arguments.version).version}")
    return DONE


def rollback(arguments: argparse.Namespace) -> int:
    """Put the release before the current one in service."""
    from census.release import rollback as go_back  # pylint: disable=C0415  # as above

    print(f"in service: {go_back(arguments.out).version}")
    return DONE


_Words = dict[str, dict[str, Any]]
OUT_OPTION: _Words = {"--out": {
    "type": Path, "default": Path("build"), "metavar": "FOLDER",
    "help": "where the folder `releases` is (default: build)"}}
PROMOTE_OPTIONS: _Words = {
    "version": {"metavar": "VERSION", "help": "see `census releases`"},
    **OUT_OPTION}
LIVE_OPTIONS: _Words = {
    "address": {"metavar": "URL", "help": "of the service, such as http://127.0.0.1:8000"},
    "--person": {"type": Path, "metavar": "FILE", "help": "JSON to send (default: an example)"},
    "--timeout": {"type": float, "default": 10.0, "metavar": "SECONDS",
                  "help": "how long to wait (default: 10)"}}
SCORE_OPTIONS: _Words = {
    "--data": {"type": Path, "required": True, "metavar": "FOLDER",
               "help": "of .csv or .parquet files to score"},
    "--scores": {"type": Path, "required": True, "metavar": "FOLDER",
                 "help": "where a file of answers goes for each of them"},
    "--engine": {"choices": ("local", "dask"), "default": "local",
                 "help": "this machine, or a Dask cluster (default: local)"},
    "--workers": {"type": int, "choices": range(1, 257), "default": 1, "metavar": "N",
                  "help": "processes on this machine (default: 1)"},
    "--scheduler": {"metavar": "ADDRESS",
                    "help": "of a Dask cluster that runs (default: one of --workers here)"},
    **OUT_OPTION}
SERVE_OPTIONS: _Words = {
    **OUT_OPTION,
    "--host": {"metavar": "HOST", "help": "address to listen on (default: 127.0.0.1)"},
    "--port": {"type": int, "metavar": "N", "help": "port (default: a free one, printed)"},
    "--fd": {"type": int, "metavar": "N",
             "help": "take over this socket, which listens already, in the place of a port"},
    "--access-log": {"type": Path, "metavar": "FILE",
                     "help": "a line of JSON for each request (default: standard output)"},
    "--most-active": {"type": int, "metavar": "N", "help": "requests in work at one time"},
    "--most-connections": {"type": int, "metavar": "N", "help": "open connections"},
    "--header-seconds": {"type": float, "metavar": "S", "help": "how long headers may take"},
    "--body-seconds": {"type": float, "metavar": "S", "help": "grace for slow bodies"},
    "--drain-seconds": {"type": float, "metavar": "S",
                        "help": "time between a signal and the last new connection"},
    "--watch-seconds": {"type": float, "metavar": "S",
                        "help": "how often to look for another release"},
}
