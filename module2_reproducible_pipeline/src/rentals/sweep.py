"""Run every combination of settings with several values, under one parent run.

In: words such as ``model.ridge.alpha=1,10``. Out: a table of the combinations, the best first.
The test rows stay unseen: a sweep ends with `select`, which judges on validation rows.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from rentals.closing import table_text
from rentals.configuration import expand_sweep, load_settings
from rentals.errors import SettingsError
from rentals.lineage import RunRecord
from rentals.page import Table
from rentals.pipeline import demand_success, run_pipeline
from rentals.plan import STEPS
from rentals.progress import logged_step
from rentals.sessions import start_session
from rentals.tracking_address import usable_uri
from rentals.tracking_mlflow import MlflowTracker

LOGGER = logging.getLogger(__name__)
_LAST = "select"


def run_sweep(out: Path, words: Sequence[str], steps: Sequence[str],
              clock: Callable[[], datetime]) -> str:
    """Run a grid; return the combinations as a table.

    Parameters
    ----------
    out : Path
        Of results.
    words : sequence of str
        Hydra's overrides, some with several values.
    steps : sequence of str
        Those after `select` are left out.
    clock : callable
        Gives the time in UTC.

    Returns
    -------
    str

    Raises
    ------
    RentalsError
        A combination is wrong (before anything runs), or a step of one fails.
    """
    kept = [step for step in STEPS[:STEPS.index(_LAST) + 1] if step in steps]
    if _LAST not in kept:
        raise SettingsError("a sweep compares what the step select finds; add it to --steps")
    points = {" ".join(point): load_settings(point) for point in expand_sweep(words)}
    tracking = next(iter(points.values())).tracking
    parent = MlflowTracker(usable_uri(tracking, out), tracking.experiment, out)
    above = parent.start(f"sweep of {len(points)}", {"words": " ".join(words)}, {})
    found: dict[str, RunRecord] = {}
    try:
        for point, settings in points.items():
            LOGGER.info("sweep: %s", point)
            session = start_session(out, settings, clock, logged_step, above)
            result = run_pipeline(session.place, kept)
            demand_success(result)
            found[point] = result.outcomes[-1].record
    finally:
        best = min((_error(record) for record in found.values()), default=None)
        parent.finish({} if best is None else {"best_mean_absolute_error": best}, {},
                      is_success=len(found) == len(points))
    return table_text(Table(("mae", "r2", "artifact", "settings"), tuple(
        (f"{_error(record):.4f}", f"{record.metrics['r2']:.4f}", record.outputs[0].reference,
         point) for point, record in sorted(found.items(), key=lambda one: _error(one[1])))))


def _error(record: RunRecord) -> float:
    return record.metrics["mean_absolute_error"]
