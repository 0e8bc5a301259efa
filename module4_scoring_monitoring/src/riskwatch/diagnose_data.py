"""Is a drop whole, possible, and like those before it? And what is in it, in figures?

In: the rows of a drop, and figures of earlier ones. Out: a `Diagnostic` per check and column.
Only what is beyond a set limit, or far outside of its own history, says no.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from riskwatch.records import Diagnostic
from riskwatch.schema import BY_NAME, CORPORATION, FEATURES, LAST_MONTH, LAST_YEAR, TARGET
from riskwatch.watch_settings import DiagnosisSettings

#: Fewer figures before have no spread that anything could lie outside of.
LEAST_HISTORY = 8
#: So many interquartile ranges outside of the quartiles is far out (Tukey).
_FAR_OUT = 3.0
#: The median of fewer rows lies anywhere.
_LEAST_ROWS = 50
STATISTICS = ("mean", "median", "mode", "sd")


def integrity(rows: pd.DataFrame, settings: DiagnosisSettings) -> Iterator[Diagnostic]:
    """Yield shares of missing, repeated, out of range and impossible values.

    Parameters
    ----------
    rows : DataFrame
        With the schema's columns.
    settings : DiagnosisSettings

    Yields
    ------
    Diagnostic
        Labels may be missing: they come late.
    """
    for name in (CORPORATION, *FEATURES):
        if name not in rows.columns:
            yield Diagnostic(check="missing_column", subject=name, status="failed",
                             detail="the drop has no such column")
            continue
        yield _share("missing_share", name, rows[name].isna(), settings.most_missing_share)
    if TARGET in rows.columns:
        yield _share("missing_share", TARGET, rows[TARGET].isna(), 1.0)
    known = [name for name in (CORPORATION, *FEATURES, TARGET) if name in rows.columns]
    repeated = rows[known].duplicated()
    if "is_repeated" in rows.columns:
        repeated |= rows["is_repeated"]
    yield _share("repeated_share", "rows", repeated, settings.most_repeated_share)
    for name in (*FEATURES, TARGET):
        if name in rows.columns:
            low, high = BY_NAME[name].minimum, BY_NAME[name].maximum
            outside = (rows[name] < low) | (rows[name] > high)
            yield _share("out_of_range_share", name, outside, 0.0)
    if {LAST_MONTH, LAST_YEAR} <= set(rows.columns):
        yield _share("impossible_share", f"{LAST_MONTH} > {LAST_YEAR}",
                     rows[LAST_MONTH] > rows[LAST_YEAR], settings.most_impossible_share)


def summary_statistics(rows: pd.DataFrame) -> Iterator[Diagnostic]:
    """Yield mean, median, mode and standard deviation of each column of numbers.

    Parameters
    ----------
    rows : DataFrame

    Yields
    ------
    Diagnostic
        ``subject`` is ``column.statistic``; the smallest of several modes; unknown where the
        column is empty.
    """
    for name in (*FEATURES, TARGET):
        present = rows[name].dropna() if name in rows.columns else pd.Series(dtype=float)
        figures = dict.fromkeys(STATISTICS, np.nan)
        if len(present):
            figures = {"mean": present.mean(), "median": present.median(),
                       "mode": present.mode().min(), "sd": present.std(ddof=1)}
        for statistic, value in figures.items():
            is_known = bool(np.isfinite(value))
            yield Diagnostic(check="summary_statistics", subject=f"{name}.{statistic}",
                             status="ok" if is_known else "unknown",
                             value=float(f"{value:.6g}") if is_known else None)


def has_history(figure: Diagnostic) -> bool:
    """Return whether a figure is compared with those before: shares and medians of features."""
    if figure.subject.startswith(TARGET):
        return False
    return figure.subject.endswith(".median") or figure.check in (
        "missing_share", "repeated_share", "impossible_share")


def stability(figures: Sequence[Diagnostic], history: Mapping[tuple[str, str], Sequence[float]],
              rows: int) -> Iterator[Diagnostic]:
    """Yield whether shares and medians lie where they lay in earlier drops.

    Parameters
    ----------
    figures : sequence of Diagnostic
        Of this drop, as the functions above make them.
    history : mapping of (check, subject) to sequence of float
        The same figures of earlier drops.
    rows : int
        Of which the figures speak; medians of fewer than 50 are not compared.

    Yields
    ------
    Diagnostic
        ``failed`` is far outside of the history; ``unknown`` where that is too short.
    """
    for figure in figures:
        is_median = figure.subject.endswith(".median")
        if figure.value is None or not has_history(figure) or (is_median and rows < _LEAST_ROWS):
            continue
        past = np.asarray(history.get((figure.check, figure.subject), ()), dtype=float)
        subject = figure.subject if is_median else f"{figure.subject}.{figure.check}"
        if len(past) < LEAST_HISTORY:
            yield Diagnostic(check="stability", subject=subject, status="unknown",
                             value=figure.value, detail=f"{len(past)} earlier drops, "
                             f"{LEAST_HISTORY} are needed")
            continue
        yield _beside_history(subject, figure.value, past, not is_median)


def _beside_history(subject: str, value: float, past: np.ndarray, is_share: bool) -> Diagnostic:
    low, high = np.quantile(past, (0.25, 0.75))
    # A history without any spread would call the smallest change far out.
    reach = _FAR_OUT * max(high - low, 0.05 if is_share else 0.2 * abs(float(np.median(past))))
    is_far = value > high + reach or (not is_share and value < low - reach)
    return Diagnostic(check="stability", subject=subject, status="failed" if is_far else "ok",
                      value=value, detail=f"{len(past)} earlier drops lie at {low:.6g} to "
                      f"{high:.6g} (quartiles)")


def _share(check: str, subject: str, is_hit: pd.Series, most: float) -> Diagnostic:
    share = float(is_hit.mean()) if len(is_hit) else 0.0
    return Diagnostic(check=check, subject=subject, status="failed" if share > most else "ok",
                      value=round(share, 6), unit="share",
                      detail=f"{int(is_hit.sum())} of {len(is_hit)} rows, at most {most:g}")
