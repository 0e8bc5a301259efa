"""What the commands that tell people do, once their words are understood: report, alert-test.

In: parsed arguments and a workplace. Out: an exit code and a few plain lines.
"""
# pylint: disable=import-outside-toplevel  # rooms load when a command needs them

import argparse
from contextlib import closing

from riskwatch.errors import SettingsError
from riskwatch.workplace import Workplace

DONE, CHECK_SAID_NO = 0, 1


def report_now(_: argparse.Namespace, place: Workplace) -> int:
    """Write the report of the latest run."""
    from riskwatch.ledger import open_ledger
    from riskwatch.report import write_report
    from riskwatch.runs import Errand, run_recorded

    with closing(open_ledger(place)) as ledger:
        def work(_: int) -> int:
            folder = write_report(place, ledger)
            print(f"{folder}: report.html, report.pdf")
            return DONE

        return run_recorded(place, ledger, Errand("report"), work)


def try_alerts(_: argparse.Namespace, place: Workplace) -> int:
    """Send a message to each place of the settings; exit 1 when one could not be told."""
    from riskwatch.alert_message import DeliveryError
    from riskwatch.alert_places import channels_of, trial_message

    channels = channels_of(place)
    if not channels:
        raise SettingsError("nobody is to be told: set alerts.webhook_url or alerts.mail_host "
                            "in a file, and name it with --config")
    code = DONE
    for channel in channels:
        try:
            channel.send(trial_message(place), place.clock())
            print(f"{channel.name}: sent")
        except DeliveryError as err:
            print(f"{channel.name}: failed: {err}")
            code = CHECK_SAID_NO
    return code
