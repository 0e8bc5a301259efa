"""``coursekit grade``: grade submissions, write their reports, and say in a line how they did.

In: the module's number, and one or more folders, zips or git addresses. Out: reports; exit code 0
when all required criteria of all submissions pass, 1 when some do not, 2 when nothing can be said,
130 after Ctrl-C.
"""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from coursekit.stop import Stopped, not_now, told_to_stop


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("module", type=int, choices=(1, 2, 3, 4), help="number of the module")
    parser.add_argument("submissions", nargs="+", metavar="PATH",
                        help="a folder, a .zip, or a git address, perhaps with @ref")
    parser.add_argument("--out", type=Path, default=Path("build/grade"), metavar="DIR",
                        help="where the reports go (build/grade)")
    parser.add_argument("--seed", type=int, help="to see the same data again; drawn by default")
    parser.add_argument("--only", action="append", default=[], metavar="ID",
                        help="check this criterion and what it depends on; may be repeated")
    parser.add_argument("--previous", type=Path, metavar="JSON",
                        help="an earlier grade.json: what changed since is reported")
    parser.add_argument("--env", choices=("own", "reference"), default="own",
                        help="packages: the submission's own list, or the module's lock")
    parser.add_argument("--isolation", choices=("bubblewrap", "weak"), default="bubblewrap",
                        help="weak: no sandbox; only on a machine that may be lost")
    parser.add_argument("--rubric", type=Path, help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Grade, write, and return the exit code."""
    from coursekit.expect import GraderFault  # pylint: disable=import-outside-toplevel
    from coursekit.grading import draw_seed  # pylint: disable=import-outside-toplevel
    from coursekit.rubric import load_rubric  # pylint: disable=import-outside-toplevel
    try:
        rubric = load_rubric(arguments.rubric or find_rubric(arguments.module))
        rubric.closure(arguments.only)
        previous = read_previous(arguments.previous)
        arguments.out.mkdir(parents=True, exist_ok=True)
    except KeyError as fault:
        return refuse(f"--only {fault.args[0]}: the rubric has no such criterion")
    except (OSError, ValueError, GraderFault) as fault:
        return refuse(str(fault))
    seed = draw_seed() if arguments.seed is None else arguments.seed
    print(f"seed {seed}", flush=True)
    try:
        with told_to_stop():
            return grade_all(name_folders(arguments.submissions, arguments.out),
                             (arguments, rubric, seed, previous))
    except Stopped as stop:
        print(f"coursekit grade: stopped by {stop}; what was not finished has no report",
              file=sys.stderr)
        return stop.code


def grade_all(folders: dict[str, Path], given: tuple[Any, ...]) -> int:
    """Grade each submission into its folder and return the exit code."""
    reports = [grade_one(source, folder, given) for source, folder in folders.items()]
    if len(reports) > 1:
        from coursekit.report_side import write_side  # pylint: disable=import-outside-toplevel
        out = given[0].out
        with not_now():
            write_side(list(zip(folders.values(), reports)), out)
        print(f"side by side: {out / 'index.html'}")
    return max({"pass": 0, "fail": 1, "error": 2}[report["verdict"]] for report in reports)


def grade_one(source: str, folder: Path, given: tuple[Any, ...]) -> dict[str, Any]:
    """Grade one submission into its folder."""
    # pylint: disable-next=import-outside-toplevel  # --help must answer at once
    from coursekit import grading, report, report_data
    arguments, rubric, seed, previous = given
    options = grading.Options(seed, tuple(arguments.only), arguments.env, arguments.isolation)
    found = grading.grade(source, rubric, options)
    if previous is not None:
        try:
            found["changes"] = report_data.compare(found, previous)
        except ValueError as fault:
            found["faults"].append(f"{arguments.previous}: {fault}")
            found["verdict"] = "error"
    with not_now():
        report.write_reports(found, folder)
    print(report.one_line(found), flush=True)
    for told in report.harmless(found["faults"]):
        print(f"  {told.partition(chr(10))[0]}")
    print(f"report: {folder / 'grade.html'}", flush=True)
    return found


def find_rubric(module: int) -> Path:
    """Return the rubric's folder of a module of this repository.

    Raises
    ------
    ValueError
        When the module has none.
    """
    root = Path(__file__).resolve().parents[4]
    found = sorted(root.glob(f"module{module}_*/rubric/rubric.toml"))
    if not found:
        raise ValueError(f"module {module} has no rubric yet")
    return found[0].parent


def read_previous(path: Path | None) -> Any:
    """Return an earlier report, or None when none is named."""
    if path is None:
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise ValueError(f"--previous {path}: not a readable grade.json ({fault})") from fault
    if not isinstance(content, dict):
        raise ValueError(f"--previous {path}: not a grade.json")
    return content


def name_folders(sources: list[str], out: Path) -> dict[str, Path]:
    """Return for each submission the folder of its reports: ``out`` itself for a single one."""
    if len(set(sources)) == 1:
        return {sources[0]: out}
    found: dict[str, Path] = {}
    for source in sources:
        stem = re.sub(r"[^A-Za-z0-9._-]+", "_", source.rstrip("/").split("/")[-1]).strip("._")
        name, count = stem or "submission", 2
        while out / name in found.values():
            name, count = f"{stem}-{count}", count + 1
        found.setdefault(source, out / name)
    return found


def refuse(text: str) -> int:
    """Say in one line what is wrong with the arguments."""
    print(f"coursekit grade: {text}", file=sys.stderr)
    return 2
