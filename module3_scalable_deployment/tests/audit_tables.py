"""Tables of predictions made by hand, for the tests of slices and bias."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from census.schema import BY_NAME, INPUTS

#: One valid value of each column.
ROW = {"age": 40, "workclass": "Private", "fnlgt": 1000, "education": "HS-grad",
       "education-num": 9, "marital-status": "Divorced", "occupation": "Sales",
       "relationship": "Unmarried", "race": "White", "sex": "Male", "capital-gain": 0,
       "capital-loss": 0, "hours-per-week": 40, "native-country": "Peru"}

#: Counts of outcomes of a group: tn, fp, fn, tp.
Cells = tuple[int, int, int, int]


def predictions(groups: Mapping[tuple[tuple[str, str], ...], Cells]) -> pd.DataFrame:
    """Return rows of the outcomes asked for, each group with the values that it names."""
    rows = []
    for values, cells in groups.items():
        for (label, predicted), number in zip(((0, 0), (0, 1), (1, 0), (1, 1)), cells):
            rows += [{**ROW, **dict(values), "label": label, "score": 0.9 if predicted else 0.1,
                      "predicted": predicted}] * number
    return pd.DataFrame(rows)


def by(attribute: str, groups: Mapping[str, Cells]) -> pd.DataFrame:
    """Return rows whose groups differ in one attribute."""
    return predictions({((attribute, name),): cells for name, cells in groups.items()})


def random_predictions(rows: int, seed: int) -> pd.DataFrame:
    """Return rows with values drawn at random from the schema."""
    rng = np.random.default_rng(seed)
    found: dict[str, object] = {}
    for name in INPUTS:
        column = BY_NAME[name]
        found[name] = (rng.choice(column.levels, rows) if column.kind == "category" else
                       rng.integers(column.minimum, min(column.maximum, 20_000), rows))
    score = rng.random(rows).round(4)
    return pd.DataFrame({**found, "label": rng.integers(0, 2, rows), "score": score,
                         "predicted": (score >= 0.5).astype(int)})


def write(path: Path, table: pd.DataFrame) -> Path:
    """Write a table as CSV and return its path."""
    table.to_csv(path, index=False)
    return path
