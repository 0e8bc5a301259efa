"""The serving form: a boosted model as plain numbers that the service can read without a library.

In: a form, or the bytes of one. Out: its canonical bytes, or the form, checked piece by piece.
The trainer writes it and the scorer reads it. It holds no code and no type names, so reading it
runs nothing; and whatever does not describe proper trees over the schema is refused.

A tree is a list of nodes, the root first, each after its parent. A leaf is ``[value]``, the
learning rate already in it. Another node is ``[feature, test, left, right]``: with a number as
the test a row goes left when its value is at most that number, with a list of level codes (their
places in the schema) when its level is among them.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from census.errors import ModelFileError
from census.schema import BY_NAME, FEATURES, schema_digest

FORMAT = 1
#: A leaf is one bit of a machine word; see `census.serving.scorer`.
MOST_LEAVES = 64
MOST_TREES, MOST_BYTES, LARGEST_VALUE = 5000, 64 * 2**20, 1e6

Level = int | str
Node = tuple[float] | tuple[int, float | tuple[int, ...], int, int]
Tree = tuple[Node, ...]


@dataclass(frozen=True)
class ServingForm:
    """A boosted model in plain numbers.

    Attributes
    ----------
    baseline : float
        Log-odds before the first tree.
    threshold : float
        Probability from which the answer is the positive label.
    reference : mapping of str to int or str
        An ordinary row, one value for each feature; explanations compare with it.
    trees : tuple of Tree
        Their leaves' values are added to the baseline.
    """

    baseline: float
    threshold: float
    reference: Mapping[str, Level]
    trees: tuple[Tree, ...]


def form_to_bytes(form: ServingForm) -> bytes:
    """Return the canonical JSON of a form, after reading it back.

    Parameters
    ----------
    form : ServingForm

    Returns
    -------
    bytes
        Equal for equal forms; floats are written so that they are read back exactly.

    Raises
    ------
    ModelFileError
        The form could not be read back, or not as it was.
    """
    values = {"format": FORMAT, "schema_sha256": schema_digest(), "features": list(FEATURES),
              **asdict(form)}
    try:
        content = (json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)
                   + "\n").encode()
    except ValueError as err:
        raise ModelFileError("a number of the serving form is not finite") from err
    if form_from_bytes(content) != form:
        raise ModelFileError("what is read back is not the serving form that was stored")
    return content


def form_from_bytes(content: bytes) -> ServingForm:
    """Return the form that ``content`` describes.

    Parameters
    ----------
    content : bytes
        At most 64 MiB.

    Returns
    -------
    ServingForm

    Raises
    ------
    ModelFileError
        It is no form, is for another schema or format, or a tree is not proper.
    """
    if len(content) > MOST_BYTES:
        raise ModelFileError(f"larger than {MOST_BYTES} bytes")
    try:
        values = json.loads(content)
        _want(isinstance(values, dict) and set(values) == {
            "baseline", "features", "format", "reference", "schema_sha256", "threshold",
            "trees"}, "this is no serving form")
        _want(values["format"] == FORMAT, f"this program reads serving forms of format {FORMAT}")
        _want(values["schema_sha256"] == schema_digest()
              and values["features"] == list(FEATURES), "it was made for another schema")
        return ServingForm(
            _number(values["baseline"], LARGEST_VALUE), _threshold(values["threshold"]),
            _reference(values["reference"]), _trees(values["trees"]))
    except (ValueError, RecursionError) as err:
        raise ModelFileError("this is no serving form") from err


def digest_of(content: bytes) -> str:
    """Return the sha256 of ``content`` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _want(is_right: bool, rule: str) -> None:
    if not is_right:
        raise ModelFileError(rule)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: Any, largest: float) -> float:
    """Return a finite float within bounds; a form writes no integer where it means a number."""
    _want(isinstance(value, float) and math.isfinite(value) and abs(value) <= largest,
          "a number of the serving form is of the wrong kind or out of range")
    return float(value)


def _threshold(value: Any) -> float:
    _want(0 <= _number(value, 1) <= 1, "the threshold is no probability")
    return float(value)


def _reference(values: Any) -> dict[str, Level]:
    _want(isinstance(values, dict) and set(values) == set(FEATURES),
          "the reference row is not one value for each feature")
    for name, value in values.items():
        column = BY_NAME[name]
        is_level = isinstance(value, str) and value in column.levels
        is_number = _is_whole(value) and column.minimum <= value <= column.maximum
        _want(is_level if column.levels else is_number,
              f"the reference value of {name} breaks the schema")
    return dict(values)


def _trees(values: Any) -> tuple[Tree, ...]:
    _want(isinstance(values, list) and 1 <= len(values) <= MOST_TREES,
          f"it has no list of 1 to {MOST_TREES} trees")
    return tuple(map(_tree, values))


def _tree(values: Any) -> Tree:
    """Return one tree, each node but the root being the child of exactly one node before it."""
    _want(isinstance(values, list) and 1 <= len(values) <= 2 * MOST_LEAVES - 1,
          f"a tree has no list of 1 to {2 * MOST_LEAVES - 1} nodes")
    nodes = tuple(map(_node, values))
    links = [(place, child) for place, node in enumerate(nodes) if len(node) == 4
             for child in node[2:]]
    is_tree = sorted(child for _, child in links) == list(range(1, len(nodes))) and all(
        parent < child for parent, child in links)
    _want(is_tree, "the nodes of a tree do not form a tree")
    return nodes


def _node(values: Any) -> Node:
    _want(isinstance(values, list) and len(values) in (1, 4), "a node is no leaf and no split")
    if len(values) == 1:
        return (_number(values[0], LARGEST_VALUE),)
    feature, test, left, right = values
    _want(all(map(_is_whole, (feature, left, right)))
          and 0 <= feature < len(FEATURES), "a split names no feature or no child")
    levels = BY_NAME[FEATURES[feature]].levels
    if not levels:
        return feature, _number(test, 1e12), left, right
    return feature, _level_codes(test, len(levels)), left, right


def _level_codes(values: Any, level_count: int) -> tuple[int, ...]:
    _want(isinstance(values, list) and all(map(_is_whole, values))
          and values == sorted(set(values)) and set(values) <= set(range(level_count)),
          "the levels of a split are not codes of the schema in order")
    return tuple(values)


def leaf_count(tree: Sequence[Node]) -> int:
    """Return how many leaves a tree has."""
    return sum(len(node) == 1 for node in tree)
