"""Measure what this module promises, and say what was kept: `make bench`.

In: options. Out: ``build/bench.json``, a table of the promises with verdicts, and the exit
code 1 when one was missed. Both sides of each comparison run in turn in one go, because
absolute figures move with the machine and their ratio does not.
"""

import argparse
import json
import operator
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

Figures = Mapping[str, float]
_RELATIONS = {"at least": operator.ge, "below": operator.lt, "at most": operator.le}


@dataclass(frozen=True)
class Promise:
    """A figure of a measurement and the limit that it must keep."""

    what: str
    figure: str
    relation: str
    limit: float

    def is_kept(self, figures: Figures) -> bool:
        """Return whether the figure keeps the limit."""
        return bool(_RELATIONS[self.relation](figures[self.figure], self.limit))


_INGEST = (Promise("peak memory, MB", "ours_peak_megabytes", "below", 512),
           Promise("known files again, CPU s", "known_files_cpu_seconds", "below", 1))
#: Below some millions of rows the imports weigh: the bare engine, which checks nothing, is itself
#: only three times less than pandas there; a share of what it reaches is promised beside.
_ENGINE = Promise("of the bare engine's speed", "floor_over_ours", "at least", 0.6)
_PANDAS = Promise("times less CPU than pandas", "usual_over_ours", "at least", 3)
#: Title of a measurement -> what it must keep. Seconds are those of the processor, which other
#: work on the machine does not move.
PROMISES: Mapping[str, Sequence[Promise]] = {
    "ingest, few files": (_PANDAS, _ENGINE, *_INGEST),
    "ingest, many files": (_PANDAS, _ENGINE, *_INGEST),
    "ingest, large": (_PANDAS, *_INGEST),
    "drift": (Promise("times less CPU than ks_2samp", "scipy_over_ours", "at least", 4),
              Promise("largest error of a statistic", "largest_error", "at most", 1e-3),
              Promise("peak memory, MB", "ours_peak_megabytes", "below", 500)),
    "api": (Promise("kept answers, of a bare Flask route", "cached_of_bare", "at least", 0.8),
            # A bare route of Flask is some eight times less than a DataFrame each: the server's
            # own work is in both, so a share of what that reaches is promised beside.
            Promise("predictions, times a DataFrame each", "prediction_times_usual",
                    "at least", 10),
            Promise("predictions, of a bare Flask route", "prediction_of_bare", "at least", 0.9),
            Promise("page of a long ledger, p99 ms", "page_p99_milliseconds", "below", 50)),
    "cycle with nothing new": (Promise("CPU s", "cpu_seconds", "below", 1),),
    "rollback": (Promise("CPU s", "cpu_seconds", "below", 1),),
    "simulate": (Promise("CPU s", "cpu_seconds", "below", 30),),
    "far": (Promise("peak memory, MB", "peak_megabytes", "below", 512),),
}


def measure_ingest(words: argparse.Namespace, folder: Path) -> Mapping[str, Figures]:
    """Merge drops beside pandas: few files, many files, ten times as many rows."""
    from benchmarks import ingest  # pylint: disable=import-outside-toplevel  # only when asked for

    cases = {"ingest, few files": (words.rows, 10, words.rounds),
             "ingest, many files": (words.rows, min(1000, words.rows // 100), words.rounds),
             "ingest, large": (10 * words.rows, 10, min(words.rounds, 3))}
    return {title: ingest.measure_ingest(folder / "ingest", rows, files, rounds)
            for title, (rows, files, rounds) in cases.items()}


def measure_drift(words: argparse.Namespace, _: Path) -> Mapping[str, Figures]:
    """Compare large tables beside a loop of scipy."""
    from benchmarks import drift  # pylint: disable=import-outside-toplevel

    return {"drift": drift.measure_drift(words.rows, words.columns, min(words.rounds, 3))}


def measure_commands(words: argparse.Namespace, folder: Path) -> Mapping[str, Figures]:
    """Time a cycle with nothing new, a rollback, and the play of many days."""
    from benchmarks import commands  # pylint: disable=import-outside-toplevel

    return {"cycle with nothing new": commands.measure_cycle(folder, words.rounds),
            "simulate": commands.measure_simulation(folder, words.days),
            "rollback": commands.measure_rollback(folder, words.rounds)}


def measure_api(words: argparse.Namespace, folder: Path) -> Mapping[str, Figures]:
    """Time the service beside a bare route and a DataFrame for each request."""
    from benchmarks import api  # pylint: disable=import-outside-toplevel

    return {"api": api.measure_api(folder / "api", words.rounds, words.requests, words.rows)}


def measure_far(words: argparse.Namespace, folder: Path) -> Mapping[str, Figures]:
    """Ingest a hundred times as many rows within the cap of memory."""
    from benchmarks import far  # pylint: disable=import-outside-toplevel

    return {"far": far.measure_far(folder, 100 * words.rows)}


#: In this order, because a process begins with the peak of memory of the one that starts it.
MEASURES: Mapping[str, Callable[[argparse.Namespace, Path], Mapping[str, Figures]]] = {
    "far": measure_far, "ingest": measure_ingest, "drift": measure_drift,
    "commands": measure_commands, "api": measure_api}
_ONLY_WHEN_NAMED = "far"


def verdicts(results: Mapping[str, Figures]) -> list[dict[str, object]]:
    """Return a line for each promise about what was measured."""
    return [{"measured": title, **asdict(promise), "value": figures[promise.figure],
             "is_kept": promise.is_kept(figures)}
            for title, figures in results.items() for promise in PROMISES[title]]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, write; 0 when all promises were kept, 1 when one was not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/bench.json"))
    parser.add_argument("--only", choices=sorted(MEASURES), action="append",
                        help="one of them (default: all but far, which takes minutes and 5 GB)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=1_000_000,
                        help="ingested (ten times and, by far, a hundred times as many too), "
                        "compared, and in the ledger (default: 10^6)")
    parser.add_argument("--columns", type=int, default=20, help="compared (default: 20)")
    parser.add_argument("--requests", type=int, default=1000, help="a round (default: 1000)")
    parser.add_argument("--days", type=int, default=90, help="played (default: 90)")
    words = parser.parse_args(argv)
    results: dict[str, Figures] = {}
    words.out.parent.mkdir(parents=True, exist_ok=True)
    for name, measure in MEASURES.items():
        if name in words.only if words.only else name != _ONLY_WHEN_NAMED:
            with tempfile.TemporaryDirectory(dir=words.out.parent) as folder:
                results |= measure(words, Path(folder).resolve())
    lines = verdicts(results)
    words.out.write_text(json.dumps({"figures": results, "promises": lines}, indent=2) + "\n",
                         encoding="utf-8")
    for title, figures in results.items():
        print(title)
        print("  " + ", ".join(f"{key} {value:,.4g}" for key, value in figures.items()))
    for line in lines:
        print(f"{'kept  ' if line['is_kept'] else 'MISSED'}  {line['measured']}: {line['what']} "
              f"{line['value']:,.4g} ({line['relation']} {line['limit']:g})")
    print(f"written: {words.out}")
    return 0 if all(line["is_kept"] for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
