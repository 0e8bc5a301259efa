"""What the commands about models do, once their words are understood.

In: parsed arguments and a workplace. Out: an exit code and a few plain lines.
"""
# pylint: disable=import-outside-toplevel  # rooms load when a command needs them

import argparse
from contextlib import closing

from riskwatch.workplace import Workplace

DONE, CHECK_SAID_NO = 0, 1


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
