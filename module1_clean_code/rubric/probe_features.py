"""What is judged of tables of features; runs inside of the sandbox.

In: what was given and what came back. Out: names and sentences.
"""

# pylint: disable=import-outside-toplevel  # heavy imports belong to the functions

AMOUNTS = ["Total_Trans_Amt", "Total_Trans_Ct", "Credit_Limit", "Customer_Age"]
LEAST_AGREEMENT = 1e-9


def encoding_fault(rows, encoded, names, categories):
    """Return what is wrong with an encoded table, or an empty text.

    Parameters: rows, what was given; encoded, what came back; names, the list of categories;
    categories, all there are. One column a category value is as good as one of means.
    """
    if list(encoded.index) != list(rows.index):
        return "the rows, or their order, are not those that were given"
    for name in categories:
        column = f"{name}_Churn"
        dummies = [c for c in encoded.columns if c not in rows.columns and c != column
                   and str(c).startswith(f"{name}_")]
        if name not in names:
            if column in encoded or dummies:
                return f"{name} was encoded and is not in the list {list(names)}"
        elif column in encoded:
            expected = rows["Churn"].groupby(rows[name]).transform("mean")
            if not (encoded[column].astype(float) - expected).abs().max() < LEAST_AGREEMENT:
                return f"{column} is not the mean of Churn in the row's category"
        elif len(dummies) < rows[name].nunique() - 1:
            return f"there is no column {column} for {name} of the list {list(names)}"
    return ""


def with_other_rows(customers, index, categories):
    """Return the customers with other categories and amounts in the rows of an index.

    Answers stay as they are, so that a stratified split draws the same rows; means of answers
    move nevertheless, because the answers are now those of other categories.
    """
    changed, rows = customers.copy(), customers.index.isin(index)
    for column in categories:
        changed.loc[rows, column] = sorted(customers[column].unique())[0]
    for column in AMOUNTS:
        changed[column] = changed[column].astype(float)
        changed.loc[rows, column] *= 3
    return changed


def moved(one, other, index):
    """Name the features that differ between two tables in the rows of an index."""
    import numpy as np

    return [str(column) for column in one.columns if column not in other or not np.allclose(
        one.loc[index, column].astype(float), other[column].reindex(index).astype(float),
        equal_nan=True)]


def suspects(*parts):
    """Name the columns that are an answer, a number of a customer or of a row.

    Parameters: X_train, X_test, y_train, y_test. Returns: a list of names.
    """
    import numpy as np
    import pandas as pd

    features, answers = pd.concat(parts[:2]), np.concatenate([np.ravel(p) for p in parts[2:]])
    found = []
    for column in features.columns:
        values = features[column].astype(float).to_numpy()
        is_alike = values.std() > 0 and abs(np.corrcoef(values, answers)[0, 1]) > 0.95
        is_numbering = len(set(values)) == len(values) and np.allclose(values, np.round(values))
        if is_alike or is_numbering or column in {"Churn", "Attrition_Flag", "CLIENTNUM"}:
            found.append(str(column))
    return found


def split_facts(customers, x_train, x_test, y_train, y_test):
    """Tell what the parts of a split are, and what does not fit together.

    Parameters: customers, what was given; the four parts. Returns: a dict of facts.
    """
    import numpy as np

    misfit = ""
    if sorted([*x_train.index, *x_test.index]) != sorted(set(customers.index)):
        misfit = "the two indexes together are not the index of the customers"
    for rows, answers in ((x_train, y_train), (x_test, y_test)):
        if list(np.ravel(answers)) != list(customers["Churn"].reindex(rows.index)):
            misfit = misfit or "answers do not belong to the rows beside them"
    return {"rows": len(customers), "train": len(x_train), "test": len(x_test), "misfit": misfit,
            "columns": [str(column) for column in x_train.columns],
            "suspects": suspects(x_train, x_test, y_train, y_test)}
