"""What the commands that watch do, once their words are understood: drift, drift-lab, diagnose.

In: parsed arguments and a workplace. Out: an exit code, lines on standard output, files.
"""
# pylint: disable=import-outside-toplevel  # rooms load when a command needs them

import argparse
from contextlib import closing

from riskwatch.workplace import Workplace

DONE, CHECK_SAID_NO = 0, 1


def compare_pairs(arguments: argparse.Namespace, place: Workplace) -> int:
    """Compare a folder of pairs: a line of JSON each; exit 1 when a pair could not be read."""
    import json

    from riskwatch.drift_batch import compare_folder

    code = DONE
    for line in compare_folder(arguments.pairs, place.settings):
        print(line, flush=True)
        if json.loads(line)["verdict"] == "unreadable":
            code = CHECK_SAID_NO
    return code


def measure_drift_rules(arguments: argparse.Namespace, place: Workplace) -> int:
    """Measure which rule cries wolf, and write a table and a picture."""
    from riskwatch.drift_families import SHAPES
    from riskwatch.drift_lab import measure_rules, totals
    from riskwatch.drift_lab_figure import save_rates

    shapes = tuple(shape for shape in SHAPES if max(shape[0]) <= arguments.most_rows)
    rates = measure_rules(place.settings.drift, shapes=shapes * arguments.repeats,
                          tries=arguments.tries, seed=place.settings.seed)
    save_rates(rates, place.out / "drift_lab")
    for rate in totals(rates):
        low, high = rate.interval()
        print(f"{rate.rule}: {rate.alarms} alarms of {rate.pairs} pairs with {rate.kind} "
              f"({low:.1%} to {high:.1%})")
    print(f"{place.out / 'drift_lab'}: rates.csv, rates.png")
    return DONE


def diagnose_now(arguments: argparse.Namespace, place: Workplace) -> int:
    """Check everything about the latest drop, the machine and the packages; exit 1 on a no."""
    from riskwatch.diagnose import diagnose
    from riskwatch.ledger import open_ledger
    from riskwatch.records import File
    from riskwatch.runs import Errand, run_recorded

    with closing(open_ledger(place)) as ledger:
        def work(run_id: int) -> int:
            latest = ledger.latest(File, status="accepted")
            found = diagnose(place, ledger, () if latest is None else (latest,),
                             look_online=arguments.online, run_id=run_id)
            for record in (entry.record for entry in found):
                value = "" if record.value is None else f" {record.value:g} {record.unit}".rstrip()
                print(f"{record.status:8}{record.check}: {record.subject}{value}"
                      + (f" ({record.detail})" if record.detail else ""))
            failed = sum(entry.record.status == "failed" for entry in found)
            print(f"diagnose: {len(found)} checks, {failed} failed")
            return CHECK_SAID_NO if failed else DONE

        return run_recorded(place, ledger, Errand("diagnose"), work)
