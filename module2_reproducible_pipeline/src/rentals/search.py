"""Search the settings of one candidate by cross-validation, here or on a cluster.

In: settings, some with several values. Out: a table of the combinations, the best first.
Only rows to learn from are used; the test rows stay unseen, as in a sweep.
"""

import csv
import io
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from rentals.artifacts import Store
from rentals.closing import table_text
from rentals.configuration import expand_sweep, load_settings
from rentals.data import load_listings
from rentals.errors import InputError, SettingsError
from rentals.files import write_text
from rentals.page import Table
from rentals.plan import CANDIDATE_READS
from rentals.search_backend import spread
from rentals.search_folds import FoldErrors, Piece
from rentals.setting_parts import is_within, leaves
from rentals.settings import Settings
from rentals.tracking import TrackedRun
from rentals.tracking_address import usable_uri
from rentals.tracking_mlflow import MlflowTracker

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """A combination of settings, as words, with its errors on every fold."""

    words: str
    errors: tuple[FoldErrors, ...]

    @property
    def mean_absolute_error(self) -> float:
        """Mean over the folds, in dollars."""
        return float(np.mean([error.mean_absolute_error for error in self.errors]))

    @property
    def r2(self) -> float:
        """Mean over the folds."""
        return float(np.mean([error.r2 for error in self.errors]))


def find_points(words: Sequence[str]) -> dict[str, Settings]:
    """Return the combinations that are compared, with their settings.

    Parameters
    ----------
    words : sequence of str
        Hydra's overrides; if none has several values, ``search.space`` says what varies.

    Returns
    -------
    dict of str to Settings
        At most ``search.most_points``, drawn by the seed; the keys are the words that vary.

    Raises
    ------
    SettingsError
        A word is wrong, or varies something that the candidate does not depend on.
    """
    points = expand_sweep(words)
    if len(points) == 1:
        points = expand_sweep([*words, *load_settings(words).search.space])
    common = set.intersection(*map(set, points))
    first = load_settings(points[0])
    drawn = np.random.default_rng(first.seed).permutation(len(points))[:first.search.most_points]
    settings = {" ".join(word for word in points[place] if word not in common):
                load_settings(points[place]) for place in sorted(drawn.tolist())}
    usual, reads = leaves(first), CANDIDATE_READS[first.search.candidate]
    for other in settings.values():
        for key, value in leaves(other).items():
            if value != usual[key] and not is_within(key, reads):
                raise SettingsError(f"search: {first.search.candidate} does not depend on "
                                    f"{key}; set search.candidate?")
    return settings


def run_search(out: Path, words: Sequence[str], reference: str,
               clock: Callable[[], datetime]) -> str:
    """Compare combinations; return the table, which is also written as CSV.

    Parameters
    ----------
    out : Path
        Of results.
    words : sequence of str
        As in `find_points`.
    reference : str
        The artifact with the rows to learn from.
    clock : callable
        Gives the time in UTC.

    Returns
    -------
    str

    Raises
    ------
    RentalsError
        As in `find_points` and `spread`; the artifact is unknown; nothing can be recorded.
    """
    points = find_points(words)
    chosen = next(iter(points.values()))
    source = Store(out / "artifacts").get(reference)
    listings = load_listings(source.path, chosen.reading)
    if len(listings) < 2 * chosen.search.folds:
        raise InputError(f"{reference}: {len(listings)} rows are too few for "
                         f"{chosen.search.folds} folds")
    tracker = MlflowTracker(usable_uri(chosen.tracking, out), chosen.tracking.experiment, out)
    tracker.start(f"search {chosen.search.candidate}", {"words": " ".join(words)},
                  {"input.trainval": f"{source.reference} {source.digest}"})
    try:
        found = _compare(listings, points, tracker, clock)
    except BaseException:
        tracker.finish({}, {}, is_success=False)
        raise
    best = min(one.mean_absolute_error for one in found)
    tracker.finish({"best_mean_absolute_error": best}, {}, is_success=True)
    table = _table(found)
    write_text(out / "search" / f"{chosen.search.candidate}.csv", _csv_text(table))
    return table_text(table)


def _compare(listings: pd.DataFrame, points: Mapping[str, Settings], tracker: MlflowTracker,
             clock: Callable[[], datetime]) -> list[Found]:
    """Measure and record each combination."""
    search = next(iter(points.values())).search
    pieces = [Piece(search.candidate, one.model, one.seed, fold, search.folds)
              for one in points.values() for fold in range(search.folds)]
    found = []
    with spread(listings, pieces, search) as errors:
        for words in points:
            started = clock()
            one = Found(words, tuple(islice(errors, search.folds)))
            tracker.record(TrackedRun(
                words or "as it stands", started, (clock() - started).total_seconds(), True,
                {"words": words}, {"mean_absolute_error": one.mean_absolute_error, "r2": one.r2}))
            found.append(one)
            LOGGER.info("search: %d of %d, mean absolute error %.4f: %s", len(found),
                        len(points), one.mean_absolute_error, words)
    return found


def _table(found: Sequence[Found]) -> Table:
    """Return the combinations, the best first; of equals, in the order of their words."""
    ordered = sorted(found, key=lambda one: (round(one.mean_absolute_error, 6), one.words))
    return Table(("mae", "worst fold", "r2", "settings"), tuple(
        (f"{one.mean_absolute_error:.4f}",
         f"{max(error.mean_absolute_error for error in one.errors):.4f}", f"{one.r2:.4f}",
         one.words) for one in ordered))


def _csv_text(table: Table) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([table.header, *table.rows])
    return text.getvalue()
