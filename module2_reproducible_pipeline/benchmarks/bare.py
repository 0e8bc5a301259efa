"""The bare work of the steps: their own functions, from files to files in one folder.

In: settings, and which units. Out: the same files that the pipeline makes.
It is the floor under the pipeline: no store, no cache, no tracking, no report.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from rentals.configuration import load_settings
from rentals.execution import execute
from rentals.plan import Unit, units


def run_bare(unit: Unit, words: Sequence[str], folder: Path) -> None:
    """Run one unit; its inputs stand in the folder under their artifacts' names."""
    inputs = {one.role: folder / one.reference.partition(":")[0] for one in unit.inputs}
    result = execute(unit, load_settings(words), inputs, folder)
    if result.refusal:
        raise SystemExit(f"{unit.title}: {result.refusal}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run all units, or one by its title."""
    parser = argparse.ArgumentParser(description="Run steps without store, cache or tracking.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--unit", default="", help="such as 'train ridge' (default: all)")
    parser.add_argument("words", nargs="*")
    given = parser.parse_args(argv)
    given.out.mkdir(parents=True, exist_ok=True)
    for unit in units(load_settings(given.words)):
        if given.unit in ("", unit.title):
            run_bare(unit, given.words, given.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
