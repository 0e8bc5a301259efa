"""What the commands that watch do, once their words are understood: drift, drift-lab, diagnose.

In: parsed arguments and a workplace. Out: an exit code, lines on standard output, files.
"""
# pylint: disable=import-outside-toplevel  # rooms load when a command needs them

import argparse
import io
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
    from riskwatch.drift_families import SIZES
    from riskwatch.drift_lab import measure_rules, totals
    from riskwatch.drift_lab_figure import rates_figure, rates_table
    from riskwatch.files import make_folder, write_bytes, write_text

    shapes = tuple((sizes, width) for sizes in SIZES if max(sizes) <= arguments.most_rows
                   for width in (1, 3, 10, 40))
    rates = measure_rules(place.settings.drift, shapes=shapes * arguments.repeats,
                          tries=arguments.tries, seed=place.settings.seed)
    folder = place.out / "drift_lab"
    make_folder(folder)
    write_text(folder / "rates.csv", rates_table(rates))
    picture = io.BytesIO()
    rates_figure(rates).savefig(picture, format="png", dpi=110, metadata={"Software": None})
    write_bytes(folder / "rates.png", picture.getvalue())
    for rate in totals(rates):
        low, high = rate.interval()
        print(f"{rate.rule}: {rate.alarms} alarms of {rate.pairs} pairs with {rate.kind} "
              f"({low:.1%} to {high:.1%})")
    print(f"{folder}: rates.csv, rates.png")
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
