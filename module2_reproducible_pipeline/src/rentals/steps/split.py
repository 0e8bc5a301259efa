"""Split: set the test rows aside before anything is learned.

In: the clean sample, and the two sides of an earlier drop if asked for. Out: rows for training
and validation, rows for the test; no listing is in both, nor changes sides between drops.
"""

from typing import TYPE_CHECKING

from rentals.data import load_listings, write_listings
from rentals.plan import TEST, TRAINVAL, StepResult, Task
from rentals.schema import ID
from rentals.split import set_aside

if TYPE_CHECKING:
    import pandas as pd


def run(task: Task) -> StepResult:
    """Write both sides.

    Parameters
    ----------
    task : Task
        Input ``listings``, perhaps ``earlier_trainval`` and ``earlier_test``.

    Returns
    -------
    StepResult

    Raises
    ------
    InputError
        An id repeats, or there are too few rows.
    """
    listings = load_listings(task.inputs["listings"], task.settings.reading)
    earlier_kept, earlier_aside = (_ids(task, role) for role in ("earlier_trainval",
                                                                 "earlier_test"))
    trainval, test = set_aside(listings, task.settings.split.test_fraction, task.settings.seed,
                               earlier_aside=earlier_aside, earlier_kept=earlier_kept)
    write_listings(trainval, task.out / TRAINVAL)
    write_listings(test, task.out / TEST)
    pinned = sum(int(listings[ID].isin(ids).sum()) for ids in (earlier_kept, earlier_aside)
                 if ids is not None)
    return StepResult(
        {"rows_trainval": len(trainval), "rows_test": len(test), "rows_pinned": pinned},
        (f"{len(trainval):,} rows to learn from, {len(test):,} for the test; {pinned:,} kept the "
         "side of an earlier drop",))


def _ids(task: Task, role: str) -> "pd.Series[int] | None":
    if role not in task.inputs:
        return None
    return load_listings(task.inputs[role], task.settings.reading)[ID]
