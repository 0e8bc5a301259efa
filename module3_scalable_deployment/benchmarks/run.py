"""Measure what this module promises: `make bench`.

In: options. Out: ``build/bench.json``, and the same figures on the screen.
Both sides of each comparison run in turn in one go, because absolute figures move with the
machine and their ratio does not.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Figures = Mapping[str, float]


def measure_audit(words: argparse.Namespace) -> Mapping[str, Figures]:
    """Time slices and bias beside Aequitas, and look at the memory of many rows."""
    from benchmarks import audit  # pylint: disable=import-outside-toplevel  # only when asked for

    # Memory first: a process begins with the peak of the one that starts it.
    return {"slices and bias in parts": audit.measure_memory(words.largest),
            "slices and bias": audit.measure_audit(words.rows, words.rounds)}


def measure_serving(words: argparse.Namespace) -> Mapping[str, Figures]:
    """Time the service beside its limit and beside the usual ways."""
    from benchmarks import serving  # pylint: disable=import-outside-toplevel  # only when asked for

    if not serving.has_wrk():
        print("not measured: requests a second; wrk is not installed")
    with tempfile.TemporaryDirectory() as folder:
        return serving.measure(Path(folder), words.rounds, words.seconds)


def measure_scoring(words: argparse.Namespace) -> Mapping[str, Figures]:
    """Time the scoring of whole folders, on one process and on Dask."""
    from benchmarks import scoring  # pylint: disable=import-outside-toplevel  # only when asked for

    with tempfile.TemporaryDirectory() as folder:
        return {f"scoring, {name}": found for name, found in
                scoring.measure(Path(folder), words.scored, min(words.rounds, 3)).items()}


MEASURES: Mapping[str, Callable[[argparse.Namespace], Mapping[str, Figures]]] = {
    "audit": measure_audit, "serving": measure_serving, "scoring": measure_scoring}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, write; 0 when done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/bench.json"))
    parser.add_argument("--only", choices=sorted(MEASURES), help="one of them (default: all)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of load a round (default: 3)")
    parser.add_argument("--rows", type=int, default=1_000_000,
                        help="audited beside Aequitas (default: 10^6)")
    parser.add_argument("--largest", type=int, default=10_000_000,
                        help="audited for their memory (default: 10^7)")
    parser.add_argument("--scored", type=int, default=800_000,
                        help="rows scored from files (default: 800000)")
    words = parser.parse_args(argv)
    results: dict[str, Figures] = {}
    for name, measure in MEASURES.items():
        if words.only in (None, name):
            results |= measure(words)
    words.out.parent.mkdir(parents=True, exist_ok=True)
    words.out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    for title, figures in results.items():
        print(title)
        print("  " + ", ".join(f"{key} {value:,.4g}" for key, value in figures.items()))
    print(f"written: {words.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
