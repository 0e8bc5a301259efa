"""The report as data: what `grade.json` holds, from which the other forms are written.

In: the course of a grading, and the outcomes of its criteria. Out: a dict of the published schema.
"""

import shlex
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from coursekit.rubric import Criterion
from coursekit.states import ERROR, FAIL, MANUAL, NOT_CHECKED, ORDER, PASS, cut

if TYPE_CHECKING:
    from coursekit.grading import Course

SCHEMA_VERSION = 1
EXIT_CODES = {PASS: 0, FAIL: 1, ERROR: 2}
VERDICTS = {PASS: "all required criteria are met", FAIL: "not all required criteria are met",
            ERROR: "no verdict: the grader is at fault, or there was nothing to grade"}


def put_together(course: "Course", outcomes: Mapping[str, Any], faults: list[str]
                 ) -> dict[str, Any]:
    """Return the report.

    Parameters
    ----------
    course : Course
        What was graded, and how.
    outcomes : mapping
        By criterion; one that is missing was not reached.
    faults : list of str
        What went wrong outside of the submission.

    Returns
    -------
    dict
        For ``grade.json``.
    """
    rubric, options = course.rubric, course.options
    wanted = rubric.closure(options.only) if options.only else set(rubric.by_id)
    criteria = [_criterion(entry, outcomes.get(entry.id), course) for entry in rubric.criteria
                if entry.id in wanted]
    taken, built = course.intake, course.environment
    return {
        "schema_version": SCHEMA_VERSION, "module": rubric.module, "title": rubric.title,
        "submission": course.source, "sha256": course.digest,
        "files": taken.files if taken else 0, "seed": options.seed,
        "started_utc": course.started, "seconds": round(time.monotonic() - course.begun, 1),
        "cpu_seconds": round(sum(entry["cpu_seconds"] for entry in criteria), 1),
        "limits": {"criterion_seconds": rubric.criterion_seconds,
                   "total_seconds": rubric.total_seconds},
        "isolation": options.isolation,
        "canary": [{"tried": attempt.name, "blocked": attempt.blocked, "ended": attempt.ended}
                   for attempt in course.canary],
        "environment": {"name": built.name if built else "none",
                        "built": bool(built and built.built),
                        "log": cut(built.log) if built and not built.built else ""},
        "verdict": verdict(criteria, faults), "partial": bool(options.only),
        "faults": [cut(text) for text in faults],
        "counts": {state: sum(entry["state"] == state for entry in criteria) for state in ORDER},
        "points": {"reached": sum(entry["points"] for entry in criteria
                                  if entry["state"] == PASS and entry["how"] != "manual"),
                   "possible": sum(entry["points"] for entry in criteria
                                   if entry["how"] != "manual")},
        "criteria": criteria, "notes": [cut(text) for text in taken.notes[:50]] if taken else [],
        "changes": None, "similarity": course.similarity,
    }


def verdict(criteria: list[dict[str, Any]], faults: list[str]) -> str:
    """Return error when the grader is at fault, else whether all required criteria pass."""
    if faults or any(entry["state"] == ERROR for entry in criteria):
        return ERROR
    needed = [entry for entry in criteria if entry["required"] and entry["how"] != "manual"]
    return PASS if all(entry["state"] == PASS for entry in needed) else FAIL


def in_words(report: Mapping[str, Any]) -> str:
    """Return the verdict as words, which say so when only some criteria were looked at."""
    part = " of the few that were checked" if report["partial"] and report["verdict"] != ERROR \
        else ""
    return VERDICTS[report["verdict"]] + part


def _criterion(entry: Criterion, outcome: Any, course: "Course") -> dict[str, Any]:
    found = outcome or {"state": MANUAL if entry.how == "manual" else NOT_CHECKED,
                        "reason": "the grading did not come this far", "seconds": 0.0,
                        "cpu_seconds": 0.0, "evidence": [], "pictures": [],
                        "failures": []}
    return {"id": entry.id, "title": entry.title, "rule": entry.rule,
            "outcomes": list(entry.outcomes), "how": entry.how, "required": entry.required,
            "points": entry.points, "depends": list(entry.depends),
            "lesson": f"{course.rubric.module_folder.name}/lessons/{entry.lesson}"
            if entry.lesson else "",
            "hint": entry.hint, "state": found["state"], "reason": found["reason"],
            "seconds": found["seconds"], "cpu_seconds": found["cpu_seconds"],
            "evidence": found["evidence"], "pictures": found["pictures"],
            "failures": found["failures"], "reproduce": reproduce(entry.id, course)}


def reproduce(criterion: str, course: "Course") -> str:
    """Return the command, for the top of the repository, that checks one criterion again."""
    options = course.options
    words = ["--only", criterion, "--seed", str(options.seed)]
    if options.environment != "own":
        words += ["--env", options.environment]
    if options.isolation == "weak":
        words += ["--isolation", "weak"]
    return shlex.join(["make", "grade", f"M={course.rubric.module}", f"SUB={course.source}",
                       f"GRADE_ARGS={' '.join(words)}"])


def compare(report: dict[str, Any], previous: Mapping[str, Any]) -> dict[str, Any]:
    """Return what changed since an earlier report.

    Raises
    ------
    ValueError
        When the earlier one is of another module or not a report.
    """
    if previous.get("module") != report["module"] or not isinstance(
            previous.get("criteria"), list):
        raise ValueError(f"not a report of module {report['module']}")
    before = {str(entry.get("id")): str(entry.get("state")) for entry in previous["criteria"]
              if isinstance(entry, dict)}
    changed = [{"id": entry["id"], "title": entry["title"], "before": before.get(entry["id"], ""),
                "now": entry["state"]} for entry in report["criteria"]
               if before.get(entry["id"]) != entry["state"]]
    return {"started_utc": str(previous.get("started_utc", "")),
            "same_files": previous.get("sha256") == report["sha256"], "criteria": changed}
