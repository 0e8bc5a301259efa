"""What the commands about the service do, once their words are understood.

In: parsed arguments and a workplace. Out: an exit code and a few plain lines.
"""
# pylint: disable=import-outside-toplevel  # rooms load when a command needs them

import argparse
import os

from riskwatch.workplace import Workplace

DONE, CHECK_SAID_NO = 0, 1


def serve_api(arguments: argparse.Namespace, place: Workplace) -> int:
    """Serve the API and the dashboard until a signal says stop."""
    from riskwatch.web.options import KEY_VARIABLE, build_options
    from riskwatch.web.server import run

    options = build_options({
        "host": arguments.host, "port": arguments.port, "threads": arguments.threads,
        "control_key": os.environ.get(KEY_VARIABLE), "config": arguments.config,
        "seed": arguments.seed, "data": tuple(arguments.data),
        "drain_seconds": arguments.drain_seconds})
    return run(place, options)


def ask_service(arguments: argparse.Namespace, place: Workplace) -> int:
    """Ask a running service for everything; exit 1 when something could not be had."""
    from riskwatch.client import collect, write_report

    found = collect(arguments.url, most_rows=arguments.most_rows)
    files = write_report(found, place.out / "client")
    print(f"{found.in_words()}; {files.markdown}")
    return DONE if found.is_whole else CHECK_SAID_NO
