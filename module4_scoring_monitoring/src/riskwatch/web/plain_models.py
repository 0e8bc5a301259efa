"""The candidates' arithmetic in plain Python: a row costs microseconds, not milliseconds.

In: a fitted pipeline. Out: a function from rows to probabilities, or None for a pipeline that
this file does not know. scikit-learn prepares arrays and checks them for each call, which costs
a hundred times what three numbers are worth; the numbers used here are those that it learned.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

from riskwatch.schema import FEATURES

Row = Sequence[float | None]
OneRow = Callable[[Row], float]


def plain_form(model: Any) -> OneRow | None:
    """Return a function that says of one row what ``model.predict_proba`` says.

    Parameters
    ----------
    model : Pipeline
        Fitted.

    Returns
    -------
    callable or None
        From the features in the schema's order, None where missing, to a probability.
    """
    steps = [(type(step).__name__, step) for _, step in getattr(model, "steps", ())]
    names = [name for name, _ in steps]
    if names == ["HistGradientBoostingClassifier"]:
        return _boosted(steps[0][1])
    parts = dict(steps)
    if names and names[-1] == "LogisticRegression" and names[:-1] in (
            ["SimpleImputer"], ["LogCounts", "SimpleImputer", "StandardScaler"]):
        return _logistic(parts)
    return None


def _logistic(parts: dict[str, Any]) -> OneRow:
    weights = parts["LogisticRegression"].coef_[0].tolist()
    base = float(parts["LogisticRegression"].intercept_[0])
    scaler = parts.get("StandardScaler")
    if scaler is not None:
        means, scales = scaler.mean_.tolist(), scaler.scale_.tolist()
        weights = [weight / scale for weight, scale in zip(weights, scales)]
        base -= math.fsum(weight * mean for weight, mean in zip(weights, means))
    # A column that was never there is filled with nothing, as scikit-learn does.
    fillers = [0.0 if math.isnan(value) else value
               for value in parts["SimpleImputer"].statistics_.tolist()]
    is_log = "LogCounts" in parts
    terms = tuple(zip(weights, [weight * filler for weight, filler in zip(weights, fillers)],
                      strict=True))

    def probability(row: Row) -> float:
        total = base
        for value, (weight, missing) in zip(row, terms):
            if value is None:
                total += missing
            else:
                total += weight * (math.log1p(value) if is_log else value)
        return expit(total)

    return probability


def _boosted(model: Any) -> OneRow | None:
    trees = []
    # pylint: disable=protected-access  # scikit-learn offers no other way to its trees
    for iteration in model._predictors:
        nodes = iteration[0].nodes
        if len(iteration) != 1 or nodes["is_categorical"].any():
            return None
        trees.append(_tree(nodes.tolist(), nodes.dtype.names, 0))
    base = float(model._baseline_prediction.ravel()[0])

    def probability(row: Row) -> float:
        total = base
        for node in trees:
            while len(node) == 5:
                value = row[node[0]]
                if value is None:
                    node = node[2]
                else:
                    node = node[3] if value <= node[1] else node[4]
            total += node[0]
        return expit(total)

    return probability


def _tree(nodes: list[Any], names: tuple[str, ...], number: int) -> tuple[Any, ...]:
    """Return a leaf as (value,), else (feature, threshold, where missing goes, left, right)."""
    node = dict(zip(names, nodes[number]))
    if node["is_leaf"]:
        return (node["value"],)
    left, right = _tree(nodes, names, node["left"]), _tree(nodes, names, node["right"])
    missing = left if node["missing_go_to_left"] else right
    return node["feature_idx"], node["num_threshold"], missing, left, right


def expit(total: float) -> float:
    """Return 1 / (1 + exp(-x)), for any x."""
    if total >= 0:
        return 1.0 / (1.0 + math.exp(-total))
    power = math.exp(total)
    return power / (1.0 + power)


def probes() -> list[tuple[float | None, ...]]:
    """Return rows on which the two arithmetics are compared before one takes the other's place."""
    values = (0, None, 1, 7, 63, 512, 4_095, 70_000, 999_999_999)
    return [tuple(values[(start + step * place) % len(values)] for place in range(len(FEATURES)))
            for start in range(len(values)) for step in range(len(values))]
