"""Run one verb in every module, go on after a failure, and close with a table.

In: a verb and the parts (module folders, and "root" for the tooling). Out: the exit code 0
when all went well, else 1; for `test` and `run` also build/<verb>.json, which the report and
the CI read. One place does the loop, so that every verb answers alike.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import List, Optional, Sequence

HERE = Path(__file__).resolve().parent
RECORDED_VERBS = ("test", "run")


@dataclass(frozen=True)
class Counts:
    """Tests of one part, as its JUnit file counts them."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


@dataclass(frozen=True)
class Outcome:
    """What became of one part."""

    part: str
    ok: bool
    seconds: float
    tests: Optional[Counts] = None
    figures: Optional[int] = None

    @property
    def note(self) -> str:
        """Say what was counted, in words."""
        if self.tests is not None:
            return str(self.tests)
        return "" if self.figures is None else f"{self.figures} figures"


def read_counts(path: Path) -> Optional[Counts]:
    """Return the counts of a JUnit file, or None when there is none that can be read."""
    try:
        suites = list(ET.parse(path).getroot().iter("testsuite"))
    except (OSError, ET.ParseError):
        return None

    def add_up(key: str) -> int:
        return sum(int(suite.get(key, "0")) for suite in suites)

    failed, skipped = add_up("failures") + add_up("errors"), add_up("skipped")
    return Counts(add_up("tests") - failed - skipped, failed, skipped)


def count_figures(path: Path) -> Optional[int]:
    """Return how many figures a module's summary holds, or None when it cannot be read."""
    try:
        return len(json.loads(path.read_text(encoding="utf-8"))["figures"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def honest_counts(tests: Optional[Counts], is_ok: bool) -> Counts:
    """Return the counts, with one failure more when the part failed outside of any test."""
    counts = tests or Counts()
    if is_ok or counts.failed:
        return counts
    return Counts(counts.passed, 1, counts.skipped)


def run_part(make: str, part: str, verb: str) -> Outcome:
    """Run ``verb`` in one part and return its outcome."""
    command = [make, "--no-print-directory"]
    command += [f"{verb}-root"] if part == "root" else ["-C", part, verb]
    print(f"\n== {verb}: {part}", flush=True)
    started = time.monotonic()
    is_ok = subprocess.run(command, check=False).returncode == 0
    seconds = round(time.monotonic() - started, 1)
    build = Path("build") if part == "root" else Path(part, "build")
    tests = read_counts(build / f"{'junit' if verb == 'test' else verb}.xml")
    if verb == "test":
        return Outcome(part, is_ok, seconds, honest_counts(tests, is_ok))
    if verb == "soak":
        return Outcome(part, is_ok, seconds, tests)
    figures = count_figures(build / "report" / "summary.json") if verb == "run" else None
    return Outcome(part, is_ok, seconds, figures=figures)


def table(outcomes: Sequence[Outcome]) -> List[str]:
    """Return the closing table, a line a part."""
    width = max([len(outcome.part) for outcome in outcomes] + [6])
    lines = [f"{'module':<{width}}  result  seconds"]
    for outcome in outcomes:
        result = "ok" if outcome.ok else "FAILED"
        lines.append(f"{outcome.part:<{width}}  {result:<6}  {outcome.seconds:>7.1f}"
                     f"  {outcome.note}".rstrip())
    return lines


def total(outcomes: Sequence[Outcome]) -> str:
    """Return one line: the tests of all parts, or how many parts went well."""
    counts = [outcome.tests for outcome in outcomes if outcome.tests is not None]
    if counts:
        return str(Counts(sum(c.passed for c in counts), sum(c.failed for c in counts),
                          sum(c.skipped for c in counts)))
    failed = sum(not outcome.ok for outcome in outcomes)
    return f"{len(outcomes) - failed} ok, {failed} failed"


def record(verb: str, outcomes: Sequence[Outcome]) -> None:
    """Write build/<verb>.json."""
    Path("build").mkdir(exist_ok=True)
    content = {"verb": verb, "total": total(outcomes), "outcomes": [asdict(o) for o in outcomes]}
    text = json.dumps(content, indent=2, sort_keys=True) + "\n"
    Path("build", f"{verb}.json").write_text(text, encoding="utf-8")


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the verb everywhere and return 0 only when every part went well."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("verb")
    parser.add_argument("parts", nargs="*", metavar="PART", help='module folders, or "root"')
    parser.add_argument("--make", default="make", help="the make to call")
    args = parser.parse_args(argv)
    try:
        outcomes = [run_part(args.make, part, args.verb) for part in args.parts]
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    if not outcomes:
        print("no module here", file=sys.stderr)
        return 2
    print("\n" + "\n".join(table(outcomes)))
    all_ok = all(outcome.ok for outcome in outcomes)
    if args.verb in RECORDED_VERBS:
        record(args.verb, outcomes)
    if args.verb == "run":
        report = [sys.executable, str(HERE / "report.py"), "--run", "build/run.json"]
        all_ok = subprocess.run(report, check=False).returncode == 0 and all_ok
    print(total(outcomes), flush=True)
    return 0 if all_ok else 1


if __name__ == "__main__":
    sys.exit(main())
