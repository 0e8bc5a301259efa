"""What is judged of tables of features; runs inside of the sandbox.

In: what was given and what came back. Out: names and sentences.
"""

# pylint: disable=import-outside-toplevel  # heavy imports belong to the functions

AMOUNTS = ["Total_Trans_Amt", "Total_Trans_Ct", "Credit_Limit", "Customer_Age"]
LEAST_AGREEMENT = 1e-9
#: A correlation of so many standard errors is no chance.
MOST_CHANCE = 5


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


def touched(before, after):
    """Name what a function changed in a table, or in answers, that it was given.

    Parameters: before, a copy; after, what was given. Returns: a list of names.
    """
    import numpy as np

    if not hasattr(after, "index"):
        return [] if np.array_equal(np.asarray(before), after) else ["the answers"]
    if not before.index.equals(after.index):
        return ["the rows, or their order"]
    if not hasattr(after, "columns"):
        return [] if before.equals(after) else ["the answers"]
    added = [name for name in after.columns if name not in before]
    return [str(name) for name in added + [name for name in before.columns if name not in after
                                           or not before[name].equals(after[name])]]


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


def with_drawn_answers(customers, seed):
    """Return the customers with the answers of others: no feature can tell them any more."""
    import numpy as np

    drawn = np.random.default_rng(seed).permutation(len(customers))
    answers = [name for name in ("Attrition_Flag", "Churn") if name in customers]
    return customers.assign(**{name: customers[name].to_numpy()[drawn] for name in answers})


def answering(features, answers):
    """Name the features of test rows that tell answers which were drawn by lot.

    Parameters: features and answers of the test rows. Returns: a list of names.
    """
    import numpy as np

    answers = np.ravel(answers).astype(float)
    most = MOST_CHANCE / np.sqrt(len(answers))
    return [str(name) for name in features.columns
            if features[name].astype(float).std() > 0
            and abs(np.corrcoef(features[name].astype(float), answers)[0, 1]) > most]


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


def tried_split(split, customers, categories, seed):
    """Split; again after the random state moved, with drawn answers, and with other test rows.

    Parameters: split, a function of a table and the name of the answer; customers; categories,
    names of columns; seed. Returns: a dict of facts.
    """
    import numpy as np

    before = customers.copy()
    parts = split(customers, "Churn")
    found = split_facts(before, *parts) | {"touched": touched(before, customers)}
    np.random.seed(seed + 1)
    again = split(before.copy(), "Churn")
    found["repeated"] = all(_equal(one, two) for one, two in zip(parts, again))
    _, features, _, answers = split(with_drawn_answers(before, seed), "Churn")
    found["answering"] = answering(features, answers)
    changed = with_other_rows(before, parts[1].index[::2], categories)
    other = split(changed, "Churn")
    found["same_rows"] = list(other[0].index) == list(parts[0].index)
    unchanged = (parts[0].index, parts[1].index[1::2])
    found["moved"] = [] if not found["same_rows"] else [
        moved(*tables) for tables in zip(parts, other, unchanged)]
    return found


def _equal(one, two):
    import numpy as np
    return np.array_equal(np.asarray(one, dtype=float), np.asarray(two, dtype=float))
