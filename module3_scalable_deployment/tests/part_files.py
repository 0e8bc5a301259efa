"""Files to score, made of rows drawn from the schema, as CSV and as Parquet.

In: numbers. Out: a folder of files. The columns that no model sees are there too, because they
are in the public file.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from served_models import random_rows

from census.schema import COLUMNS, EDUCATION_LEVELS, INPUTS


def whole_rows(number: int, seed: int) -> pd.DataFrame:
    """Return rows of every column but the answer, in the order of the public file."""
    rows = random_rows(number, seed)
    rows["fnlgt"] = np.random.default_rng(seed).integers(1, 10**6, number)
    rows["education"] = np.array(EDUCATION_LEVELS, dtype=object)[rows["education-num"] - 1]
    assert set(INPUTS) == set(rows.columns) and len(COLUMNS) == len(INPUTS) + 1
    return rows[list(INPUTS)]


def write_part(path: Path, rows: pd.DataFrame) -> Path:
    """Write one file by its suffix."""
    path.parent.mkdir(exist_ok=True)
    if path.suffix == ".parquet":
        rows.to_parquet(path, index=False)
    else:
        rows.to_csv(path, index=False, lineterminator="\n")
    return path
