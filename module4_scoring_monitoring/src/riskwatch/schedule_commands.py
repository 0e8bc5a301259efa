"""What `riskwatch schedule` does, once its words are understood.

In: parsed arguments and a workplace. Out: an exit code and a few plain lines.
"""
# pylint: disable=import-outside-toplevel  # rooms load when a command needs them

import argparse
import sys

from riskwatch.errors import InputError
from riskwatch.workplace import Workplace

DONE, CHECK_SAID_NO = 0, 1


def keep_schedule(arguments: argparse.Namespace, place: Workplace) -> int:
    """Install, show or remove the schedule of a workplace."""
    if arguments.print_only and arguments.action != "install":
        raise InputError("--print goes with install only")
    return {"install": _install, "show": _show, "remove": _remove}[arguments.action](
        arguments, place)


def _install(arguments: argparse.Namespace, place: Workplace) -> int:
    from riskwatch.schedule import Wanted, install, lines
    from riskwatch.schedule_plan import plan_daily, plan_every

    limits = place.settings.schedule
    if arguments.at is not None:
        plan = plan_daily(arguments.at)
    else:
        plan = plan_every(limits.every_minutes if arguments.every is None else arguments.every)
    wanted = Wanted(
        plan, data=tuple(arguments.data), config=arguments.config, seed=arguments.seed,
        environment_file=arguments.environment_file,
        mail_to=limits.mail_to if arguments.mail_to is None else arguments.mail_to,
        time_zone=limits.time_zone)
    if arguments.print_only:
        sys.stdout.flush()
        sys.stdout.buffer.write(lines(place, wanted))
        return DONE
    did = "installed" if install(place, wanted, arguments.tabfile) else "was installed already"
    print(f"{plan.in_words()} ({wanted.time_zone}, where cron knows CRON_TZ; else the machine's "
          f"zone): {did} in {arguments.tabfile or 'your crontab'}; its log is "
          f"{place.logs / 'cron.log'}")
    return DONE


def _show(arguments: argparse.Namespace, place: Workplace) -> int:
    from riskwatch.schedule import installed

    found = installed(place, arguments.tabfile)
    if not found:
        print(f"{place.out}: no schedule in {arguments.tabfile or 'your crontab'}")
        return CHECK_SAID_NO
    sys.stdout.flush()
    sys.stdout.buffer.write(found)
    return DONE


def _remove(arguments: argparse.Namespace, place: Workplace) -> int:
    from riskwatch.schedule import remove

    was_there = remove(place, arguments.tabfile)
    print(f"{place.out}: {'removed from' if was_there else 'no schedule in'} "
          f"{arguments.tabfile or 'your crontab'}")
    return DONE
