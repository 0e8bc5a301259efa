"""Load customers: three file layouts in, one clean frame out.

In: the path of a customer table. Out: a frame with exactly the columns of the schema.
The schema decides what is kept, so no index, number of a customer, or column computed from
the target can become a feature.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from churn.errors import InputError, TableError
from churn.reader import Layout, read_blocks
from churn.schema import (COLUMNS, CUSTOMER_ID, FEATURES, INDEX_HEADER, LEAKING_COLUMNS, LEFT,
                          OPEN_TO_BUY_TOLERANCE, TARGET, UTILIZATION_TOLERANCE)
from churn.settings import ReadingSettings


def load_customers(path: Path, limits: ReadingSettings | None = None) -> pd.DataFrame:
    """Return the labelled customers of a file.

    Parameters
    ----------
    path : Path
        The table in one of three layouts: with an unnamed index column first, plain, or the
        publisher's original, which ends in two ``Naive_Bayes_Classifier_…`` columns.
    limits : ReadingSettings, optional
        Sizes that are accepted.

    Returns
    -------
    DataFrame
        One row a customer, the columns of ``churn.schema.COLUMNS`` in their order,
        index 0 to n - 1.

    Raises
    ------
    InputError
        The path is no readable file.
    TableError
        The content breaks a rule; the text names file, line and column.
    """
    blocks = customer_blocks(path, limits or ReadingSettings(), with_target=True)
    customers = pd.concat(list(blocks))
    repeated = customers[CUSTOMER_ID].duplicated()
    if repeated.any():
        raise TableError(path, "the customer stands in an earlier line too",
                         row=_first(repeated), column=CUSTOMER_ID)
    return customers.reset_index(drop=True)


def customer_blocks(path: Path, limits: ReadingSettings, *, with_target: bool
                    ) -> Iterator[pd.DataFrame]:
    """Yield customers block by block, each row checked by itself.

    Parameters
    ----------
    path : Path
        As for `load_customers`.
    limits : ReadingSettings
        Sizes that are accepted; ``block_bytes`` bounds a block.
    with_target : bool
        Must the target be there? If not, it is left out where it stands.

    Yields
    ------
    DataFrame
        The columns of the schema, with or without the target; indexed by the line number.

    Raises
    ------
    InputError, TableError
        As for `load_customers`; that ids are unique is not checked here.
    """
    def choose(header: Sequence[str]) -> Layout:
        return find_layout(header, with_target=with_target)

    for block in read_blocks(path, choose, limits):
        _check_identities(path, block)
        yield block


def find_layout(header: Sequence[str], *, with_target: bool) -> Layout:
    """Recognise the layout of a customer table by its header.

    Parameters
    ----------
    header : sequence of str
        The fields of the first line.
    with_target : bool
        Must the target be there?

    Returns
    -------
    Layout
        Positions of the schema's columns; of the others nothing is ever read.

    Raises
    ------
    ValueError
        The header is of no known layout; the message names the first difference.
    """
    names = list(header)
    start = 1 if names and names[0] == INDEX_HEADER else 0
    end = len(names) - 2 if tuple(names[-2:]) == LEAKING_COLUMNS else len(names)
    found = names[start:end]
    expected = [column for column in COLUMNS
                if column.name != TARGET or with_target or TARGET in found]
    if found != [column.name for column in expected]:
        raise ValueError(_difference(found, [column.name for column in expected]))
    return Layout(len(names), tuple(
        (position, column) for position, column in enumerate(expected, start)
        if column.name != TARGET or with_target))


def split_target(customers: pd.DataFrame) -> tuple[pd.DataFrame, "pd.Series[int]"]:
    """Part the features from the answer.

    Parameters
    ----------
    customers : DataFrame, shape (n, >= 20)
        Labelled customers.

    Returns
    -------
    features : DataFrame, shape (n, 19)
        The schema's features and nothing else.
    has_left : Series of int, shape (n,)
        1 where the customer left, 0 where not.
    """
    return customers[list(FEATURES)], (customers[TARGET] == LEFT).astype(int).rename("has_left")


def require_both_classes(has_left: ArrayLike) -> None:
    """Raise `InputError` unless some customers left and some stayed."""
    if len(np.unique(np.asarray(has_left))) < 2:
        raise InputError("all customers left, or none: nothing can be measured")


def _difference(found: list[str], expected: list[str]) -> str:
    missing = [name for name in expected if name not in found]
    foreign = [name for name in found if name not in expected]
    if missing:
        return f"the header lacks {missing[0]}; {len(expected)} columns are needed"
    if foreign:
        return f"the header has an unknown column {ascii(foreign[0][:40])}"
    if len(found) > len(expected):
        return "the header names a column twice"
    return f"the header's columns are in another order; it must begin {', '.join(expected[:3])}"


def _check_identities(path: Path, block: pd.DataFrame) -> None:
    """Refuse rows whose derived columns do not follow from the others."""
    limit, revolving = block["Credit_Limit"], block["Total_Revolving_Bal"]
    open_to_buy_gap = (limit - revolving - block["Avg_Open_To_Buy"]).abs()
    share = np.divide(revolving, limit, out=np.zeros(len(block)), where=limit.to_numpy() > 0)
    share_gap = (share - block["Avg_Utilization_Ratio"]).abs()
    for gap, tolerance, column, rule in (
            (open_to_buy_gap, OPEN_TO_BUY_TOLERANCE, "Avg_Open_To_Buy",
             "is not Credit_Limit less Total_Revolving_Bal"),
            (share_gap, UTILIZATION_TOLERANCE, "Avg_Utilization_Ratio",
             "is not Total_Revolving_Bal over Credit_Limit")):
        broken = gap > tolerance
        if broken.any():
            raise TableError(path, rule, row=_first(broken), column=column)


def _first(is_marked: "pd.Series[bool]") -> int:
    """Return the line number of the first marked row."""
    return int(is_marked.index.to_numpy()[np.flatnonzero(is_marked)[0]])
