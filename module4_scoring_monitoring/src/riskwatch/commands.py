"""What each command of the command line does, once its words are understood.

In: parsed arguments and a workplace. Out: an exit code and a few plain lines. Rooms load inside
their command, because most commands need few of them.
"""
# pylint: disable=import-outside-toplevel

import argparse
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass

from riskwatch.care_commands import audit_place, back_up_ledger, restore_ledger
from riskwatch.course_commands import run_course
from riskwatch.drill_commands import drill_now
from riskwatch.errors import RiskwatchError
from riskwatch.model_commands import (deploy_release, list_releases, roll_back, score_model,
                                      train_model)
from riskwatch.report_commands import report_now, try_alerts
from riskwatch.schedule_commands import keep_schedule
from riskwatch.simulation_commands import play_days, run_all
from riskwatch.watch_commands import compare_pairs, diagnose_now, measure_drift_rules
from riskwatch.web_commands import ask_service, serve_api
from riskwatch.workplace import Workplace

DONE, CHECK_SAID_NO = 0, 1


@dataclass(frozen=True)
class Command:
    """A command's work, and whether it changes results, so that it must be alone.

    One that ``is_quiet`` shows its progress itself: only warnings of its log reach the console.
    """

    work: Callable[[argparse.Namespace, Workplace], int]
    is_alone: bool = True
    is_quiet: bool = False


def make_data(_: argparse.Namespace, place: Workplace) -> int:
    """Generate drops, a folder a day."""
    from riskwatch.synthetic import write_drops

    folder = place.out / "drops"
    manifest = write_drops(folder, place.settings.synthetic, place.settings.seed)
    print(f"{folder}: {len(manifest.files)} files of {manifest.drops} days, "
          f"{sum(file.rows for file in manifest.files)} rows; the truth is in manifest.json")
    return DONE


def ingest_files(arguments: argparse.Namespace, place: Workplace) -> int:
    """Take new files in; exit 1 when one was refused."""
    from riskwatch.ingest import ingest
    from riskwatch.ledger import open_ledger
    from riskwatch.runs import Errand, run_recorded

    with closing(open_ledger(place)) as ledger:
        def work(run_id: int) -> int:
            result = ingest(place, ledger, arguments.data, run_id=run_id)
            print(result.in_words())
            for entry in result.refused:
                print(f"refused: {entry.record.reason}")
            return CHECK_SAID_NO if result.refused else DONE

        return run_recorded(place, ledger, Errand("ingest"), work)


def run_one_cycle(arguments: argparse.Namespace, place: Workplace) -> int:
    """Do everything that is due."""
    from riskwatch.cycle import Context, run_cycle
    from riskwatch.ledger import open_ledger
    from riskwatch.runs import Errand, run_recorded
    from riskwatch.stages import STAGES

    with closing(open_ledger(place)) as ledger:
        def work(run_id: int) -> int:
            context = Context(place, ledger, run_id, tuple(arguments.data))
            try:
                code = run_cycle(context, STAGES)
            except Exception as err:
                from riskwatch.alerts import tell_of_failure

                tell_of_failure(place, ledger, err, run_id)
                raise
            for step in context.steps:
                if step.record.outcome == "done":
                    print(f"{step.record.step}: {step.record.detail}")
            return code

        return run_recorded(place, ledger, Errand("cycle", arguments.trigger), work)


def note_locked_out(arguments: argparse.Namespace, place: Workplace) -> None:
    """Leave a row for a run that another one kept out; without a ledger, none."""
    from riskwatch.ledger import open_ledger
    from riskwatch.runs import Errand, record_locked_out

    with suppress(RiskwatchError), closing(open_ledger(place)) as ledger:
        record_locked_out(ledger, Errand(arguments.command,
                                         getattr(arguments, "trigger", "person")))


COMMANDS: Mapping[str, Command] = {
    "data": Command(make_data), "ingest": Command(ingest_files), "score": Command(score_model),
    "train": Command(train_model), "deploy": Command(deploy_release),
    "rollback": Command(roll_back), "releases": Command(list_releases, is_alone=False),
    "audit": Command(audit_place, is_alone=False),
    "backup": Command(back_up_ledger, is_alone=False), "restore": Command(restore_ledger),
    "simulate": Command(play_days, is_quiet=True), "run": Command(run_all, is_quiet=True),
    "cycle": Command(run_one_cycle), "serve": Command(serve_api, is_alone=False),
    "client": Command(ask_service, is_alone=False),
    "drift": Command(compare_pairs, is_alone=False),
    "drift-lab": Command(measure_drift_rules, is_alone=False), "diagnose": Command(diagnose_now),
    "course": Command(run_course, is_alone=False),
    "drill": Command(drill_now, is_alone=False),
    "schedule": Command(keep_schedule, is_alone=False),
    "report": Command(report_now), "alert-test": Command(try_alerts, is_alone=False),
}
