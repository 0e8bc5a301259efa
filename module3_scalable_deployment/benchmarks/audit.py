"""Slices and bias beside Aequitas: CPU seconds on the same groups, equal numbers, peak memory.

In: numbers of rows. Out: figures. Run as a module with a number of rows it audits as many, in
parts, and prints nothing: its peak memory is the figure.
Aequitas gets its columns as text, because it takes nothing else; making them is not timed.
"""

import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from time import process_time
from typing import Any

import numpy as np
import pandas as pd
from aequitas.group import Group

from benchmarks.cost import cost_of
from census.schema import BY_NAME, CATEGORICAL, NUMERIC
from census.settings import BiasSettings, SliceSettings
from census.training.aequitas_tables import crosstab_from_counts, judge
from census.training.bias import audit, code_attributes, reference_groups
from census.training.codes import Coded, encode, encode_bins
from census.training.counts import count, outcomes
from census.training.slices import code_slices, count_slices, slice_table

_PART_ROWS = 500_000
_SLICES, _BIAS = SliceSettings(), BiasSettings()


def make_predictions(rows: int, seed: int) -> pd.DataFrame:
    """Return random predictions, the categories as codes."""
    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {
        name: pd.Categorical.from_codes(rng.integers(0, len(levels), rows, dtype=np.int8), levels)
        for name, levels in CATEGORICAL.items()}
    for name in NUMERIC:
        columns[name] = rng.integers(BY_NAME[name].minimum, BY_NAME[name].maximum, rows,
                                     dtype=np.int32)
    label = rng.integers(0, 2, rows, dtype=np.int8)
    predicted = np.where(rng.random(rows) < 0.8, label, 1 - label).astype(np.int8)
    return pd.DataFrame({**columns, "label": label, "predicted": predicted})


def make_parts(rows: int) -> Iterator[pd.DataFrame]:
    """Yield random predictions in parts, as a file is read."""
    for number, start in enumerate(range(0, rows, _PART_ROWS)):
        yield make_predictions(min(_PART_ROWS, rows - start), number)


def measure_audit(rows: int, rounds: int) -> dict[str, float]:
    """Compare CPU seconds of the same groups; every number must be equal.

    Parameters
    ----------
    rows : int
    rounds : int
        Interleaved; medians are returned.

    Returns
    -------
    dict of str to float
    """
    predictions = make_predictions(rows, seed=1)
    functions = _functions(predictions)
    seconds: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            started = process_time()
            function()
            seconds[name].append(process_time() - started)
    median = {name: statistics.median(found) for name, found in seconds.items()}
    return {"rows": rows, **{f"{name}_cpu_seconds": value for name, value in median.items()},
            "aequitas_over_ours_from_codes": median["aequitas_nine"] / median["codes_nine"],
            "aequitas_over_ours_from_text": median["aequitas_nine"] / median["text_nine"],
            "aequitas_over_ours_slices_and_bias": median["aequitas_all"] / median["ours_all"]}


def _functions(predictions: pd.DataFrame) -> dict[str, Callable[[], object]]:
    """Return what is timed; the numbers of both sides were found equal."""
    age = encode_bins("age", predictions["age"], _SLICES.bins["age"])
    audited = code_attributes(predictions, _BIAS)
    nine = _as_text([*(encode(name, predictions[name]) for name in CATEGORICAL), age], predictions)
    cut = _as_text(code_slices(predictions, _SLICES), predictions)
    compared = _as_text(audited, predictions)
    codes = predictions[list(CATEGORICAL)].assign(age=nine["age"].astype("category"))
    pd.testing.assert_frame_equal(_aequitas(nine), _ours(codes, predictions), check_exact=True)
    theirs = judge(_aequitas(compared), reference_groups(_BIAS), _BIAS.tolerance).groups
    pd.testing.assert_frame_equal(theirs, audit([predictions], _BIAS, 0).tables.groups,
                                  check_exact=True)
    return {
        "aequitas_nine": lambda: _aequitas(nine),
        "codes_nine": lambda: _ours(codes, predictions),
        "text_nine": lambda: _ours(nine[list(codes)], predictions),
        "aequitas_all": lambda: (_aequitas(cut), judge(
            _aequitas(compared), reference_groups(_BIAS), _BIAS.tolerance)),
        "ours_all": lambda: (
            slice_table(count_slices([predictions], _SLICES), _SLICES),
            audit([predictions], _BIAS, 0))}


def _as_text(coded: Sequence[Coded], predictions: pd.DataFrame) -> pd.DataFrame:
    """Return the groups as Aequitas takes them: text, beside its two columns."""
    return pd.DataFrame({
        **{each.attribute: np.array([group.name for group in each.groups],
                                    dtype=object)[each.codes] for each in coded},
        "label_value": predictions["label"], "score": predictions["predicted"]})


def _aequitas(table: pd.DataFrame) -> pd.DataFrame:
    attributes = [name for name in table if name not in ("label_value", "score")]
    found: pd.DataFrame = Group().get_crosstabs(table, attr_cols=attributes)[0]
    return found


def _ours(groups: pd.DataFrame, predictions: pd.DataFrame) -> pd.DataFrame:
    outcome = outcomes(predictions["label"], predictions["predicted"])
    return crosstab_from_counts([count(encode(str(name), groups[name]), outcome)
                                 for name in groups])


def measure_memory(rows: int) -> dict[str, float]:
    """Audit many rows in a process of their own and return its cost."""
    cost = cost_of(["-m", "benchmarks.audit", f"{rows}"])
    return {"rows": rows, "cpu_seconds": cost.cpu_seconds, "peak_megabytes": cost.peak_megabytes}


def main(argv: Sequence[str] | None = None) -> int:
    """Audit as many random predictions as the first word says."""
    rows = int((sys.argv[1:] if argv is None else argv)[0])
    slice_table(count_slices(make_parts(rows), _SLICES), _SLICES)
    audit(make_parts(rows), _BIAS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
