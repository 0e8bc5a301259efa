"""What each command of the command line does, once its words are understood.

In: parsed arguments and a workplace. Out: an exit code and a few plain lines. Rooms load inside
their command, because most commands need few of them.
"""
# pylint: disable=import-outside-toplevel

import argparse
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass

from riskwatch.errors import RiskwatchError
from riskwatch.workplace import Workplace

DONE, CHECK_SAID_NO = 0, 1


@dataclass(frozen=True)
class Command:
    """A command's work, and whether it changes results, so that it must be alone."""

    work: Callable[[argparse.Namespace, Workplace], int]
    is_alone: bool = True


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


def score_model(_: argparse.Namespace, place: Workplace) -> int:
    """Score the serving model on the hold-out."""
    from riskwatch.ledger import open_ledger
    from riskwatch.runs import Errand, run_recorded
    from riskwatch.score import score_hold_out
    from riskwatch.store import load_release

    with closing(open_ledger(place)) as ledger:
        def work(run_id: int) -> int:
            score = score_hold_out(place, ledger, load_release(place), run_id=run_id).record
            figures = ", ".join(
                f"{name} undefined" if value is None else f"{name} {value:.4f} "
                f"({low:.4f} to {high:.4f})" for name, value, low, high in (
                    ("F1", score.f1, score.f1_low, score.f1_high),
                    ("accuracy", score.accuracy, score.accuracy_low, score.accuracy_high),
                    ("ROC AUC", score.roc_auc, score.roc_auc_low, score.roc_auc_high)))
            print(f"{score.model_version} on {score.labelled_rows} rows of the hold-out: "
                  f"{figures}")
            return DONE

        return run_recorded(place, ledger, Errand("score"), work)


def train_model(_: argparse.Namespace, place: Workplace) -> int:
    """Train a challenger."""
    from riskwatch.ledger import open_ledger
    from riskwatch.runs import Errand, run_recorded
    from riskwatch.train import train

    with closing(open_ledger(place)) as ledger:
        def work(_: int) -> int:
            print(f"{train(place, ledger).in_words()}; deploy it with `riskwatch deploy VERSION`")
            return DONE

        return run_recorded(place, ledger, Errand("train"), work)


def deploy_release(arguments: argparse.Namespace, place: Workplace) -> int:
    """Make a release serve."""
    from riskwatch.deploy import deploy
    from riskwatch.ledger import open_ledger
    from riskwatch.runs import Errand, run_recorded

    with closing(open_ledger(place)) as ledger:
        def work(run_id: int) -> int:
            entry = deploy(place, ledger, arguments.release, arguments.reason, run_id=run_id)
            print(f"{entry.record.version} serves")
            return DONE

        return run_recorded(place, ledger, Errand("deploy"), work)


def roll_back(arguments: argparse.Namespace, place: Workplace) -> int:
    """Go back to the release before."""
    from riskwatch.deploy import rollback
    from riskwatch.ledger import open_ledger
    from riskwatch.runs import Errand, run_recorded

    with closing(open_ledger(place)) as ledger:
        def work(run_id: int) -> int:
            entry = rollback(place, ledger, arguments.reason, run_id=run_id)
            print(f"{entry.record.version} serves again, in the place of {entry.record.previous}")
            return DONE

        return run_recorded(place, ledger, Errand("rollback"), work)


def list_releases(_: argparse.Namespace, place: Workplace) -> int:
    """List the releases, newest last; exit 1 when one is damaged."""
    from riskwatch.errors import ModelFileError
    from riskwatch.store import check_release, current_version, stored_versions

    current, code = current_version(place), DONE
    for version in stored_versions(place):
        mark = "serves" if version == current else ""
        try:
            facts = check_release(place, version).facts
            print(f"{version}  {facts.model_name:<24} {facts.rows:>8} rows  {mark}".rstrip())
        except ModelFileError as err:
            print(f"{version}  damaged: {err}")
            code = CHECK_SAID_NO
    return code


def audit_place(_: argparse.Namespace, place: Workplace) -> int:
    """Check everything; exit 1 when something is wrong."""
    from riskwatch.audit import audit
    from riskwatch.ledger import open_ledger

    with closing(open_ledger(place)) as ledger:
        found = audit(place, ledger)
    for problem in found.problems:
        print(problem)
    print(f"audit: {found.rows} rows of the ledger, {len(found.problems)} problems")
    return DONE if found.is_sound else CHECK_SAID_NO


def back_up_ledger(arguments: argparse.Namespace, place: Workplace) -> int:
    """Copy the ledger."""
    from riskwatch.ledger_backup import back_up

    back_up(place, arguments.file)
    print(f"{arguments.file}: a copy of the ledger")
    return DONE


def restore_ledger(arguments: argparse.Namespace, place: Workplace) -> int:
    """Put a backup back."""
    from riskwatch.ledger_backup import restore

    kept = restore(place, arguments.file)
    print(f"{place.ledger}: restored from {arguments.file}"
          + (f"; what was there is {kept}" if kept else ""))
    return DONE


def run_one_cycle(arguments: argparse.Namespace, place: Workplace) -> int:
    """Do everything that is due."""
    from riskwatch.cycle import Context, run_cycle
    from riskwatch.ledger import open_ledger
    from riskwatch.runs import Errand, run_recorded
    from riskwatch.stages import STAGES

    with closing(open_ledger(place)) as ledger:
        def work(run_id: int) -> int:
            context = Context(place, ledger, run_id, tuple(arguments.data))
            code = run_cycle(context, STAGES)
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
    "cycle": Command(run_one_cycle),
}
