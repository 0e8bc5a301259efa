"""What the command `course` does, once its words are understood.

In: parsed arguments and a workplace, of which the settings count. Out: an exit code and a few
plain lines; results go where the course's ``config.json`` says.
"""
# pylint: disable=import-outside-toplevel  # rooms load when a command needs them

import argparse
from dataclasses import replace

from riskwatch.workplace import Workplace

DONE = 0


def run_course(arguments: argparse.Namespace, place: Workplace) -> int:
    """Go once through the course's flow; exit 0 also when it kept the model or refused one."""
    from riskwatch.course_flow import Choices, full_process
    from riskwatch.course_layout import load_layout
    from riskwatch.course_reports import write_reports
    from riskwatch.lock import hold

    layout = load_layout(arguments.config_json)
    service = replace(place, out=layout.service, ledger_url=None)
    choices = Choices(arguments.reading, arguments.edition,
                      None if arguments.no_gate else place.settings.gate)
    with hold(layout.service):
        run = full_process(layout, choices)
        print("\n".join(run.lines))
        if run.writes_reports:
            print(*write_reports(layout, service, run.ending), sep="\n")
    return DONE
