"""Hold the release that serves, and take another one when it is deployed.

In: the folder of releases. Out: one object that answers a whole request. A request takes that
object once, so no answer mixes two models; a release that cannot be read changes nothing.
"""

import logging
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from riskwatch.errors import ModelFileError
from riskwatch.store import CURRENT, StoredModel, load_release
from riskwatch.web.plain_models import OneRow, plain_form, probes
from riskwatch.web.problems import Problem
from riskwatch.workplace import Workplace

LOGGER = logging.getLogger(__name__)
Rows = Sequence[Sequence[float | None]]
#: From so many rows on, arrays are worth their preparation.
ROWS_WORTH_ARRAYS = 64
_MOST_DIFFERENCE = 1e-9


@dataclass(frozen=True)
class Served:
    """A loaded release, ready to answer."""

    version: str
    model_name: str
    threshold: float
    one_row: OneRow | None
    model: Any

    def probabilities(self, rows: Rows) -> list[float]:
        """Return the probability of leaving, per row of the schema's features.

        Parameters
        ----------
        rows : sequence of sequence of float or None

        Returns
        -------
        list of float
            Equal to scikit-learn's within 1e-9.
        """
        if self.one_row is None or len(rows) >= ROWS_WORTH_ARRAYS:
            return by_arrays(self.model, rows)
        return [self.one_row(row) for row in rows]


class Holder:
    """The release that serves; it follows the link, and loads a release at most once.

    Parameters
    ----------
    place : Workplace
    on_change : callable
        Told ``taken`` or ``refused``, and the version.
    """

    def __init__(self, place: Workplace, on_change: Callable[[str, str], None]) -> None:
        self._place, self._on_change = place, on_change
        self._link = os.fspath(place.releases / CURRENT)
        self._served: Served | None = None
        self._refused: str | None = None
        self._loading = threading.Lock()

    @property
    def refused(self) -> str | None:
        """The version that should serve but cannot be read, else None."""
        return self._refused

    def served(self) -> Served:
        """Return the release that serves; `Problem` 503 if there is none."""
        self.refresh()
        if self._served is None:
            raise Problem(503, "No model serves yet; `riskwatch cycle` trains and deploys one.",
                          headers={"Retry-After": "5"})
        return self._served

    def refresh(self) -> None:
        """Take the release that the link names, if it is another one."""
        try:
            version = os.readlink(self._link)
        except OSError:
            return
        held = self._served
        if (held is not None and version == held.version) or version == self._refused:
            return
        # One request loads; the others go on with what there is, or wait when there is nothing.
        # pylint: disable-next=consider-using-with  # it may not be had
        if not self._loading.acquire(blocking=held is None):
            return
        try:
            if self._served is held:
                self._take(version)
        finally:
            self._loading.release()

    def _take(self, version: str) -> None:
        try:
            self._served = serve(load_release(self._place, version))
        except ModelFileError as err:
            LOGGER.error("kept the model that served: %s", err)
            self._refused = version
            self._on_change("refused", version)
            return
        self._refused = None
        self._on_change("taken", version)
        LOGGER.info("model %s serves", version)


def serve(stored: StoredModel) -> Served:
    """Return a stored model, ready to answer.

    Parameters
    ----------
    stored : StoredModel

    Returns
    -------
    Served
        It computes in plain Python where that was seen to agree with scikit-learn.
    """
    one_row = plain_form(stored.model)
    if one_row is not None:
        rows = probes()
        theirs = by_arrays(stored.model, rows)
        if any(abs(one_row(row) - value) > _MOST_DIFFERENCE for row, value in zip(rows, theirs)):
            LOGGER.warning("model %s: plain arithmetic disagrees, scikit-learn answers",
                           stored.release.version)
            one_row = None
    return Served(stored.release.version, stored.facts.model_name, stored.facts.threshold, one_row,
                  stored.model)


def by_arrays(model: Any, rows: Rows) -> list[float]:
    """Return the probabilities that scikit-learn computes of rows.

    Parameters
    ----------
    model : estimator
    rows : sequence of sequence of float or None

    Returns
    -------
    list of float
    """
    import numpy as np  # pylint: disable=import-outside-toplevel

    found: list[float] = model.predict_proba(np.array(rows, dtype=np.float64))[:, 1].tolist()
    return found
