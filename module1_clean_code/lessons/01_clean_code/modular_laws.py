"""What must hold of the two functions that came out of the cell.

In: the learner's functions and their text. Out: nothing, or an assertion with a sentence.
"""

import ast
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from churn.schema import CATEGORICAL_FEATURES, LEFT, NUMERIC_FEATURES, TARGET
from churn.synthetic import generate_customers

MOST_LINES = 40


def customers_with_answer(rows: int = 600, seed: int = 11) -> pd.DataFrame:
    """Return generated customers with the column Churn and an unnamed index."""
    table = generate_customers(rows, seed=seed)
    churn = (table[TARGET] == LEFT).astype(int)
    return table.assign(Churn=churn, **{"Unnamed: 0": np.arange(rows)})


def require_no_code_outside_functions(tree: ast.Module) -> None:
    """Importing the file must do nothing."""
    allowed = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign,
               ast.AnnAssign)
    for node in tree.body:
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        assert isinstance(node, allowed) or is_docstring, (
            f"exercise.py, line {node.lineno}: this runs on import; put it into a function")


def require_short_documented(tree: ast.Module, asked_for: tuple[Callable[..., Any], ...]) -> None:
    """No function is long, and all have a docstring."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
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
    called = "encoder_helper(df, ['Gender'], 'Left'), where df has the answers in Left"
    try:
        other = encode(table.rename(columns={"Churn": "Left"}), ["Gender"], "Left")
    except KeyError as err:
        raise AssertionError(f"{called}: KeyError: {err}. The name is in response; do not write "
                             "Churn") from err
    assert "Gender_Left" in other.columns, f"{called}: the column Gender_Left is missing"


def require_split(split: Callable[..., Any]) -> None:
    """70/30, the same every time, the share of leavers kept, no number of a row as a feature."""
    table = customers_with_answer()
    before = table.copy()
    parts = split(table, "Churn")
    found = f" of {len(parts)}" if isinstance(parts, (tuple, list)) else ""
    assert isinstance(parts, (tuple, list)) and len(parts) == 4, (
        "perform_feature_engineering must return X_train, X_test, y_train, y_test; "
        f"got a {type(parts).__name__}{found}")
    assert table.equals(before), "perform_feature_engineering changed df"
    x_train, _, y_train, y_test = parts
    kinds = [type(part).__name__ for part in parts]
    assert kinds == ["DataFrame", "DataFrame", "Series", "Series"], (
        f"X_train and X_test must be tables, y_train and y_test columns; got {kinds}")
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


def require_features(split: Callable[..., Any]) -> None:
    """The 14 numbers as they are, and five rates that are those of the training rows."""
    wanted = {*NUMERIC_FEATURES, *(f"{name}_Churn" for name in CATEGORICAL_FEATURES)}
    for name in CATEGORICAL_FEATURES:
        table = _customers_who_leave_by(name)
        x_train, x_test, y_train, _ = split(table, "Churn")
        missing, more = sorted(wanted - {*x_train.columns}), sorted({*x_train.columns} - wanted)
        assert not missing, f"the features lack {missing}"
        assert not more, f"the features have {more}, which the task does not ask for"
        assert list(x_train.columns) == list(x_test.columns), (
            f"X_train has the columns {list(x_train.columns)}, X_test {list(x_test.columns)}")
        for number in NUMERIC_FEATURES:
            assert np.allclose(x_test[number], table.loc[x_test.index, number]), (
                f"{number} of the test rows is not what it was in df")
        rates = y_train.groupby(table.loc[x_train.index, name]).agg(["mean", "size"])
        means = rates.loc[rates["size"] >= 60, "mean"]
        for rows, where in ((x_train, "training"), (x_test, "test")):
            got = rows[f"{name}_Churn"].groupby(table.loc[rows.index, name]).mean()
            for category, rate in means.items():
                assert abs(got[category] - rate) < 0.05, (
                    f"{name}_Churn of {where} rows with {category!r}: got {got[category]:.3f}, "
                    f"expected about {rate:.3f}, the rate among the training rows")


def _customers_who_leave_by(name: str, rows: int = 1500) -> pd.DataFrame:
    """Return customers of whom the most frequent category nearly always leaves.

    A constant, or the rates of another table, are then far from the right ones.
    """
    table = customers_with_answer(rows)
    chance = np.where(table[name] == table[name].mode()[0], 0.9, 0.1)
    return table.assign(Churn=(np.random.default_rng(5).random(rows) < chance).astype(int))


def require_nothing_learned_from_test_rows(split: Callable[..., Any]) -> None:
    """With a category for each row, an encoder that saw the test rows knows their answers."""
    table = customers_with_answer()
    alone = table.assign(Education_Level=[f"school {number}" for number in range(len(table))])
    _, x_test, y_train, y_test = split(alone, "Churn")
    values = x_test["Education_Level_Churn"]
    assert values.nunique(dropna=False) == 1, (
        "Every customer was given an education of his own. The encoded column of the test rows "
        f"then takes {values.nunique()} values and agrees with their answers in "
        f"{float((values.round() == y_test).mean()):.0%} of the rows: it was learned from them. "
        "Split first, learn the rates from the training rows, and give a category that they do "
        "not have their overall rate.")
    assert values.notna().all(), (
        "Every customer was given an education of his own, and the encoded column of the test "
        "rows is empty (NaN): give a category that the training rows do not have their overall "
        "rate")
    assert abs(values.iloc[0] - y_train.mean()) < 0.02, (
        "Every customer was given an education of his own, and the encoded column of the test "
        f"rows is {values.iloc[0]:.3f}; a category that the training rows do not have gets their "
        f"overall rate, {y_train.mean():.3f}")
