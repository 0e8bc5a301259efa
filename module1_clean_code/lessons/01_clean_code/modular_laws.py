"""What must hold of the two functions that came out of the cell.

In: the learner's functions and their text. Out: nothing, or an assertion with a sentence.
"""

import ast
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from churn.schema import CATEGORICAL_FEATURES, LEFT, TARGET
from churn.synthetic import generate_customers

MOST_LINES = 40


def customers_with_answer(rows: int = 600, seed: int = 11) -> pd.DataFrame:
    """Return generated customers with the column Churn and an unnamed index."""
    table = generate_customers(rows, seed=seed)
    churn = (table[TARGET] == LEFT).astype(int)
    return table.assign(Churn=churn, **{"Unnamed: 0": np.arange(rows)})


def require_no_code_outside_functions(text: str) -> None:
    """Importing the file must do nothing."""
    allowed = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign,
               ast.AnnAssign)
    for node in ast.parse(text).body:
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        assert isinstance(node, allowed) or is_docstring, (
            f"exercise.py, line {node.lineno}: this runs on import; put it into a function")


def require_short_documented(text: str, asked_for: tuple[Callable[..., Any], ...]) -> None:
    """No function is long, and all have a docstring."""
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    for node in functions:
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        assert lines <= MOST_LINES, (f"exercise.py, line {node.lineno}: {node.name} has {lines} "
                                     f"lines; part it until none has more than {MOST_LINES}")
        assert node.name.startswith("_") or len(ast.get_docstring(node) or "") >= 20, (
            f"exercise.py, line {node.lineno}: {node.name} has no docstring that says what goes "
            "in and what comes out")
    for each in asked_for:
        assert len(inspect.getdoc(each) or "") >= 20, (
            f"{each.__name__} has no docstring that says what goes in and what comes out")


def require_encoding(encode: Callable[..., pd.DataFrame]) -> None:
    """Each category gets its mean, for any list of columns, and the table stays as it was."""
    table = customers_with_answer().sample(frac=1, random_state=1)
    for categories in (["Gender"], list(CATEGORICAL_FEATURES), []):
        before = table.copy()
        encoded = encode(table, categories, "Churn")
        assert table.equals(before), (
            f"encoder_helper(df, {categories}, 'Churn') changed df; return a new table")
        assert isinstance(encoded, pd.DataFrame), (
            f"encoder_helper must return a DataFrame, got {type(encoded).__name__}")
        new = [name for name in encoded.columns if name not in table.columns]
        wanted = [f"{name}_Churn" for name in categories]
        assert new == wanted, (f"encoder_helper(df, {categories}, 'Churn'): new columns {new}, "
                               f"expected {wanted}")
        for name in categories:
            means = table.groupby(name)["Churn"].mean()
            expected = table[name].map(means)
            assert np.allclose(encoded[f"{name}_Churn"], expected), (
                f"{name}_Churn: got {encoded[f'{name}_Churn'].iloc[0]} for "
                f"{table[name].iloc[0]!r}, expected {expected.iloc[0]}")
    other = encode(table.rename(columns={"Churn": "Left"}), ["Gender"], "Left")
    assert "Gender_Left" in other.columns, "the response is called Left, but Gender_Left is missing"


def require_split(split: Callable[..., Any]) -> None:
    """70/30, the same every time, the share of leavers kept, no number of a row as a feature."""
    table = customers_with_answer()
    before = table.copy()
    parts = split(table, "Churn")
    assert isinstance(parts, (tuple, list)) and len(parts) == 4, (
        "perform_feature_engineering must return X_train, X_test, y_train, y_test; "
        f"got {type(parts).__name__}")
    assert table.equals(before), "perform_feature_engineering changed df"
    x_train, x_test, y_train, y_test = parts
    sizes = [len(part) for part in parts]
    assert sizes == [420, 180, 420,
                     180], f"of 600 rows: got parts of {sizes}, expected 420 and 180"
    assert list(x_train.index) == list(y_train.index), "features and answers are of other rows"
    again = split(table.copy(), "Churn")
    assert x_train.equals(again[0]) and y_test.equals(again[3]), (
        "two calls gave two splits; fix the seed")
    shares = (float(y_train.mean()), float(y_test.mean()))
    assert abs(shares[0] - shares[1]) < 0.01, (
        f"leavers: {shares[0]:.3f} of the training rows, {shares[1]:.3f} of the test rows; "
        "stratify the split")
    foreign = {"Unnamed: 0", "CLIENTNUM", TARGET, "Churn"} & set(x_train.columns)
    assert not foreign, f"{sorted(foreign)} must not be a feature"
    for name in CATEGORICAL_FEATURES:
        column = f"{name}_Churn"
        assert column in x_train.columns and column in x_test.columns, (
            f"the encoded column {column} is missing")
        rates = table.loc[x_train.index].groupby(name)["Churn"].agg(["mean", "size"])
        for category, row in rates[rates["size"] >= 60].iterrows():
            got = x_test.loc[table.loc[x_test.index, name] == category, column].mean()
            assert abs(got - row["mean"]) < 0.1, (
                f"{column} of test rows with {category!r}: got {got:.3f}, expected about "
                f"{row['mean']:.3f}, the rate among the training rows")


def require_nothing_learned_from_test_rows(split: Callable[..., Any]) -> None:
    """With a category for each row, an encoder that saw the test rows knows their answers."""
    table = customers_with_answer()
    alone = table.assign(Education_Level=[f"school {number}" for number in range(len(table))])
    _, x_test, _, y_test = split(alone, "Churn")
    values = x_test["Education_Level_Churn"]
    assert values.nunique(dropna=False) == 1, (
        "Every customer was given an education of his own. The encoded column of the test rows "
        f"then takes {values.nunique()} values and agrees with their answers in "
        f"{float((values.round() == y_test).mean()):.0%} of the rows: it was learned from them. "
        "Split first, learn the rates from the training rows, and give a category that they do "
        "not have their overall rate.")
    assert values.notna().all(), (
        "Every customer was given an education of his own, and the encoded column of the test rows "
        "is empty (NaN): give a category that the training rows do not have their overall rate")
