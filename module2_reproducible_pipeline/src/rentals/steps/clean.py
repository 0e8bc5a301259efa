"""Clean: keep the listings that the model is for, and say of each other one why not.

In: the raw sample. Out: the clean sample, and a table of dropped rows with their reasons.
Nothing is imputed here: what is learned from data belongs into the model's pipeline.
"""

from rentals.cleaning import OUTSIDE, TOO_CHEAP, TOO_DEAR, find_reasons
from rentals.data import load_listings, write_listings
from rentals.errors import InputError
from rentals.files import write_text
from rentals.plan import CLEAN, StepResult, Task
from rentals.schema import ID, PRICE


def run(task: Task) -> StepResult:
    """Write the clean sample and the dropped rows.

    Parameters
    ----------
    task : Task
        Input ``sample``.

    Returns
    -------
    StepResult

    Raises
    ------
    InputError
        No row is left.
    """
    settings = task.settings.clean
    if settings.min_price > settings.max_price:
        raise InputError("clean.min_price is above clean.max_price: no row could be kept")
    listings = load_listings(task.inputs["sample"], task.settings.reading)
    reasons = find_reasons(listings, settings)
    kept = listings[reasons == ""]
    if kept.empty:
        raise InputError(f"none of {len(listings)} rows is kept; look at the settings of clean")
    write_listings(kept, task.out / CLEAN)
    dropped = listings.loc[reasons != "", [ID, PRICE, "latitude", "longitude"]]
    text = dropped.assign(reason=reasons).to_csv(index=False, lineterminator="\n")
    write_text(task.out / "dropped_rows.csv", text)
    counts = {reason: int((reasons == reason).sum()) for reason in (TOO_CHEAP, TOO_DEAR, OUTSIDE)}
    return StepResult(
        {"rows_kept": len(kept), "rows_dropped": len(dropped),
         **{f"dropped_{reason.replace(' ', '_')}": count for reason, count in counts.items()}},
        (f"kept {len(kept):,} of {len(listings):,} rows; dropped " + ", ".join(
            f"{count:,} {reason}" for reason, count in counts.items()),))
