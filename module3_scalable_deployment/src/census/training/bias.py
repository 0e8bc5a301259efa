"""Audit the model for bias: groups beside their reference group, by Aequitas and exactly.

In: predictions. Out: Aequitas' tables, and each disparity with its interval.
Up to 100,000 rows Aequitas counts; above, our counts take its place in its own tables, because
they are ten times cheaper and equal. A ratio says how unequal; its interval says whether chance
alone could have made it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from census.errors import InputError
from census.settings import BiasSettings
from census.training.aequitas_tables import (AequitasTables, crosstab_by_aequitas,
                                             crosstab_from_counts, judge)
from census.training.codes import AND, Coded, combine, encode
from census.training.counts import Counts, count, merge, outcomes
from census.training.disparities import Band, Disparity, find_disparities
from census.training.predictions import LABEL, PREDICTED

#: Up to so many rows Aequitas itself counts.
AEQUITAS_ROWS = 100_000
#: Of the intervals of ratios.
CONFIDENCE = 0.95


@dataclass(frozen=True, eq=False)
class Audit:
    """What was found: Aequitas' tables, the counts, and the disparities with intervals."""

    rows: int
    settings: BiasSettings
    tables: AequitasTables
    counts: tuple[Counts, ...]
    disparities: tuple[Disparity, ...]


def audit(parts: Iterable[pd.DataFrame], settings: BiasSettings,
          aequitas_rows: int = AEQUITAS_ROWS) -> Audit:
    """Audit predictions that come in parts.

    Parameters
    ----------
    parts : iterable of pandas.DataFrame
        As `read_predictions` yields them.
    settings : BiasSettings
        Reference groups, pairs, the tolerance.
    aequitas_rows : int
        With more rows the counts take the place of Aequitas' Group.

    Returns
    -------
    Audit

    Raises
    ------
    InputError
        There is no row, or the settings name a column or group that does not occur.
    """
    wanted = reference_groups(settings)
    found: list[Sequence[Counts]] = []
    kept: list[pd.DataFrame] = []
    rows = 0
    for part in parts:
        outcome = outcomes(part[LABEL], part[PREDICTED])
        found.append([count(coded, outcome) for coded in code_attributes(part, settings)])
        rows += len(part)
        kept.append(part[[*settings.reference, LABEL, PREDICTED]])
        if rows > aequitas_rows:
            kept = []  # Aequitas is not asked
    if not rows:
        raise InputError("there is no prediction to audit")
    counts = tuple(merge(same) for same in zip(*found, strict=True))
    disparities = [one for attribute in counts for one in find_disparities(
        attribute, wanted[attribute.attribute], Band.of(settings.tolerance),
        settings.least_rows, CONFIDENCE)]
    crosstab = (_by_aequitas(kept, settings) if rows <= aequitas_rows else
                crosstab_from_counts(counts))
    return Audit(rows, settings, judge(crosstab, wanted, settings.tolerance), counts,
                 tuple(disparities))


def reference_groups(settings: BiasSettings) -> Mapping[str, str]:
    """Return each attribute's reference group, those of the pairs too.

    Parameters
    ----------
    settings : BiasSettings

    Returns
    -------
    mapping
        Such as ``sex`` -> ``Male`` and ``sex & race`` -> ``Male & White``.

    Raises
    ------
    InputError
        There is none, or a pair names an attribute without one.
    """
    if not settings.reference:
        raise InputError("setting bias.reference: name at least one attribute and its group")
    pairs = {}
    for pair in settings.pairs:
        if not settings.reference.keys() >= set(pair):
            raise InputError(f"setting bias.pairs: {' and '.join(pair)} need a reference group "
                             "each")
        pairs[AND.join(pair)] = AND.join(settings.reference[name] for name in pair)
    return {**settings.reference, **pairs}


def code_attributes(predictions: pd.DataFrame, settings: BiasSettings) -> list[Coded]:
    """Return the groups that each row belongs to.

    Parameters
    ----------
    predictions : pandas.DataFrame
    settings : BiasSettings

    Returns
    -------
    list of Coded
        Single attributes, then pairs.

    Raises
    ------
    InputError
        The settings name a column that is not there, or that holds numbers.
    """
    for name in settings.reference:
        if name not in predictions.columns or \
                pd.api.types.is_numeric_dtype(predictions[name].dtype):
            raise InputError(f"setting bias.reference: {name} is no categorical column")
    single = {name: encode(name, predictions[name]) for name in settings.reference}
    return [*single.values(), *(combine(single[one], single[other])
                                for one, other in settings.pairs)]


def _by_aequitas(parts: Sequence[pd.DataFrame], settings: BiasSettings) -> pd.DataFrame:
    together = pd.DataFrame({
        name: np.concatenate([part[name].to_numpy() for part in parts]) for name in parts[0]})
    return crosstab_by_aequitas(code_attributes(together, settings), together[LABEL],
                                together[PREDICTED])
