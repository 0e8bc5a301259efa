"""Check: is the clean sample what the model expects, and like the reference?

In: the clean sample, and the reference (the sample itself as long as there is none).
Out: the report of every check. A check that fails stops the pipeline before the model learns.
"""

from rentals.checks.runner import run_checks
from rentals.files import write_json, write_text
from rentals.plan import StepResult, Task


def run(task: Task) -> StepResult:
    """Write the report; refuse when a check failed.

    Parameters
    ----------
    task : Task
        Inputs ``listings`` and ``reference``.

    Returns
    -------
    StepResult
    """
    report = run_checks(task.inputs["listings"], task.inputs["reference"],
                        task.settings.checks, task.settings.reading)
    folder = task.out / "check_report"
    write_text(folder / "report.txt", report.text())
    write_json(folder / "report.json", [
        {"name": result.name, "outcome": result.outcome, "message": result.message,
         "figures": {figure.name: figure.value for figure in result.figures}}
        for result in report.results])
    failed = report.failed
    lines = tuple(f"{result.name}: {result.message}" for result in failed)
    refusal = f"{len(failed)} of {len(report.results)} checks failed; {lines[0]}" if failed else ""
    return StepResult({"checks": len(report.results), "checks_failed": len(failed)},
                      lines or (f"{len(report.results)} checks of {report.rows:,} rows against "
                                f"{report.reference_rows:,}: none failed",), refusal)
