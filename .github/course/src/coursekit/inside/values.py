"""Values as JSON text and back: numbers, text, lists, frames, arrays; never a pickle.

In: a value, or what `encode` made of one. Out: the other. Used on both sides of the sandbox, so
that nothing but text crosses it. What has no form of its own becomes `Opaque`.
"""

import math
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MOST_TEXT, MOST_DEPTH = 20_000_000, 40
#: Types that a value may name; numpy reads others, as one number of many gigabytes.
ARRAY_DTYPES = re.compile(r"u?int(?:8|16|32|64)|float(?:16|32|64)|bool")
COLUMN_DTYPES = re.compile(ARRAY_DTYPES.pattern +
                           r"|str|string|category|boolean|U?Int(?:8|16|32|64)"
                           r"|Float(?:32|64)|datetime64\[(?:s|ms|us|ns)(?:, [\w/+:-]{1,40})?\]")


@dataclass(frozen=True)
class Opaque:
    """A value that stayed inside: its type and how it describes itself."""

    type: str
    text: str


def encode(value: Any, depth: int = 0) -> Any:  # pylint: disable=too-many-return-statements
    """Return the value as what JSON can hold.

    Parameters
    ----------
    value : object
        Anything; frames, series, arrays, numpy scalars, tuples and paths have a form of their own.
    depth : int
        How deep it lies.

    Returns
    -------
    object
        None, bool, int, float, str, list or dict.
    """
    if depth > MOST_DEPTH:
        return {"$opaque": ["depth", "nested too deep"]}
    if value is None or isinstance(value, (bool, str)):
        return value if value is None or type(value) in (bool, str) else str(value)[:MOST_TEXT]
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {"$float": repr(float(value))}
    if isinstance(value, (list, tuple)):
        return [encode(item, depth + 1) for item in value]
    if isinstance(value, (set, frozenset)):
        return [encode(item, depth + 1) for item in sorted(value, key=repr)]
    if isinstance(value, dict):
        return {"$items": [[encode(key, depth + 1), encode(item, depth + 1)]
                           for key, item in value.items()]}
    if isinstance(value, os.PathLike):
        return str(os.fspath(value))
    return _encode_table(value, depth)


def _encode_table(value: Any, depth: int) -> Any:
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if pandas is not None and isinstance(value, pandas.DataFrame):
        return {"$frame": {"columns": [encode(name, depth + 1) for name in value.columns],
                           "dtypes": [str(kind) for kind in value.dtypes],
                           "index": encode(value.index.tolist(), depth + 1),
                           "data": [_column(value.iloc[:, at]) for at in range(value.shape[1])]}}
    if pandas is not None and isinstance(value, pandas.Series):
        return {"$series": {"name": encode(value.name, depth + 1), "dtype": str(value.dtype),
                            "index": encode(value.index.tolist(), depth + 1),
                            "data": _column(value)}}
    if pandas is not None and isinstance(value, pandas.Index):
        return [encode(item, depth + 1) for item in value.tolist()]
    if numpy is not None and isinstance(value, numpy.generic):
        return encode(value.item(), depth + 1)
    if numpy is not None and isinstance(value, numpy.ndarray):
        return {"$array": {"dtype": str(value.dtype), "shape": list(value.shape),
                           "data": [encode(item, depth + 1) for item in value.ravel().tolist()]}}
    try:
        text = repr(value)[:500]
    except Exception as fault:  # pylint: disable=broad-exception-caught  # foreign code
        text = f"<{type(fault).__name__} in repr>"
    return {"$opaque": [f"{type(value).__module__}.{type(value).__qualname__}"[:200], text]}


def _column(series: Any) -> list[Any]:
    """Return a column's values; missing ones are None."""
    missing = series.isna().tolist()
    kind = str(series.dtype)
    values = series.astype(str).tolist() if kind.startswith("datetime") else series.tolist()
    return [None if lost else encode(item) for item, lost in zip(values, missing)]


def decode(value: Any) -> Any:
    """Return what `encode` was given, with frames and arrays; a malformed text is a ValueError."""
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) != 1:
        raise ValueError("a value has one form")
    (form, body), = value.items()
    try:
        return FORMS[form](body)
    except (KeyError, TypeError, AttributeError, IndexError, OverflowError) as fault:
        raise ValueError(f"malformed value of form {str(form)[:20]!r}") from fault


def _decode_items(body: Any) -> dict[Any, Any]:
    pairs = [(decode(key), decode(item)) for key, item in body]
    return {tuple(key) if isinstance(key, list) else key: item for key, item in pairs}


def _decode_frame(body: Any) -> Any:
    import pandas  # pylint: disable=import-outside-toplevel
    names = [_label(name) for name in body["columns"]]
    index = [_label(label) for label in body["index"]]
    kinds = body["dtypes"]
    columns = {at: _typed(pandas, [decode(item) for item in column], kind, index)
               for at, (column, kind) in enumerate(zip(body["data"], kinds, strict=True))}
    frame = pandas.DataFrame(columns, index=index)
    frame.columns = pandas.Index(names)
    return frame


def _label(name: Any) -> Any:
    found = decode(name)
    return tuple(found) if isinstance(found, list) else found


def _typed(pandas: Any, values: list[Any], kind: str, index: list[Any]) -> Any:
    series = pandas.Series(values, index=index, dtype=object)
    if not COLUMN_DTYPES.fullmatch(kind):
        return series
    try:
        return series.astype(kind)
    except (TypeError, ValueError, OverflowError):
        return series


def _decode_series(body: Any) -> Any:
    import pandas  # pylint: disable=import-outside-toplevel
    index = [_label(label) for label in body["index"]]
    series = _typed(pandas, [decode(item) for item in body["data"]], body["dtype"], index)
    return series.rename(_label(body["name"]))


def _decode_array(body: Any) -> Any:
    import numpy  # pylint: disable=import-outside-toplevel
    kind = body["dtype"] if ARRAY_DTYPES.fullmatch(body["dtype"]) else object
    return numpy.array([decode(item) for item in body["data"]], dtype=kind).reshape(body["shape"])


FORMS: dict[str, Callable[[Any], Any]] = {
    "$float": lambda body: {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[body],
    "$items": _decode_items, "$frame": _decode_frame, "$series": _decode_series,
    "$array": _decode_array, "$opaque": lambda body: Opaque(str(body[0]), str(body[1]))}
