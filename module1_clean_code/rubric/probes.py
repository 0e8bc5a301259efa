"""What is tried with the submission's functions; runs inside of the sandbox.

In: the functions, files of data in the working folder. Out: plain facts, judged outside.
A fault of what is tried is told as {"fault": text}: the reference answers every one of these, so
a fault is the submission's.
"""

# pylint: disable=import-outside-toplevel  # heavy imports belong to the functions

import functools
import os
import time
from pathlib import Path

CATEGORIES = ["Gender", "Education_Level", "Marital_Status", "Income_Category", "Card_Category"]
AMOUNTS = ["Total_Trans_Amt", "Total_Trans_Ct", "Credit_Limit", "Customer_Age"]
LEAST_AGREEMENT = 1e-9


def told(part):
    """Let a probe return the fault that it ended with."""
    @functools.wraps(part)
    def wrapped(contract, **kwargs):
        try:
            return part(contract, **kwargs)
        except Exception as fault:  # pylint: disable=broad-exception-caught  # foreign code
            return {"fault": f"{type(fault).__name__}: {fault}"[:600]}
    return wrapped


def piece(name):
    """Return what another file of the rubric defines; it lies in the working folder."""
    space = {"__name__": name}
    path = Path(f"{name}.py")
    exec(compile(path.read_text("utf-8"), "<probes>", "exec"), space)  # pylint: disable=exec-used
    path.unlink()
    return space


@told
def importing(contract):
    """Tell what importing the library did: the functions were resolved just before."""
    import logging

    made = [str(path) for path in Path().rglob("*") if path.is_file() and
            "__pycache__" not in path.parts]
    handlers = [type(handler).__name__ for handler in logging.getLogger().handlers]
    for logger in list(logging.Logger.manager.loggerDict.values()):
        handlers += [type(handler).__name__ for handler in getattr(logger, "handlers", [])
                     if type(handler).__name__.endswith("FileHandler")]
    return {"functions": len(vars(contract)), "files": made,
            "handlers": [name for name in handlers if "Capture" not in name]}


@told
def read(contract, name):
    """Return what import_data makes of a file."""
    return {"table": contract.import_data(name)}


def read_missing(contract):
    """Tell how import_data answers for a file that is not there."""
    try:
        found = contract.import_data("there_is_no_such_file.csv")
    except Exception as fault:  # pylint: disable=broad-exception-caught
        return {"raised": type(fault).__name__}
    return {"raised": "", "returned": type(found).__name__}


def loaded(contract, name):
    """Return the customers of a file, with the answer even where import_data leaves it out."""
    customers = contract.import_data(name)
    if "Churn" in customers:
        return customers
    return customers.assign(Churn=(customers["Attrition_Flag"] != "Existing Customer").astype(int))


@told
def pictures(contract, name):
    """Draw the exploration of one file; tell each picture's spread of colours and its digest."""
    for folder in ("images/eda", "images/results", "logs", "models"):
        os.makedirs(folder, exist_ok=True)
    customers = loaded(contract, name)
    before = customers.copy()
    contract.perform_eda(customers)
    return {"pictures": shown(Path()), "untouched": before.equals(customers)}


def shown(folder):
    """Return for each PNG and JPEG below a folder: how much its colours differ, its digest."""
    import hashlib

    from matplotlib.image import imread

    found = {}
    for path in sorted(folder.rglob("*.*")):
        if path.suffix.lower() in {".png", ".jpg", ".jpeg"}:
            try:
                spread = float(imread(path).std())
            except (OSError, SyntaxError, ValueError):  # no picture at all
                spread = 0.0
            found[str(path)] = {"spread": spread,
                                "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    return found


@told
def encoding(contract, name, seed):
    """Encode lists of categories, and the same rows in another order."""
    customers = loaded(contract, name)
    before = customers.copy()
    found = []
    for names in (CATEGORIES, CATEGORIES[1:2], CATEGORIES[3:5]):
        table = customers.sample(frac=1, random_state=seed)
        for rows in (customers, table):
            encoded = contract.encoder_helper(rows.copy(), list(names), "Churn")
            found.append(_encoding_fault(rows, encoded, names))
    contract.encoder_helper(customers, list(CATEGORIES), "Churn")
    return {"faults": [text for text in found if text], "untouched": before.equals(customers)}


def _encoding_fault(rows, encoded, names):
    """Return what is wrong with an encoded table, or an empty text."""
    if list(encoded.index) != list(rows.index):
        return "the rows, or their order, are not those that were given"
    for name in CATEGORIES:
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


@told
def splitting(contract, name, seed):
    """Split, and split again after the test rows were changed and the random state moved."""
    import numpy as np

    customers = loaded(contract, name)
    before = customers.copy()
    parts = contract.perform_feature_engineering(customers, "Churn")
    x_train, x_test, y_train, y_test = parts
    found = {"untouched": before.equals(customers), "rows": len(customers), "misfit": "",
             "train": len(x_train), "test": len(x_test),
             "columns": [str(column) for column in x_train.columns],
             "suspects": _suspects(before, x_train, x_test, y_train, y_test)}
    known = set(before.index)
    if sorted([*x_train.index, *x_test.index]) != sorted(known):
        found["misfit"] = "the two indexes together are not the index of the customers"
    for rows, answers in ((x_train, y_train), (x_test, y_test)):
        if list(np.ravel(answers)) != list(before["Churn"].reindex(rows.index)):
            found["misfit"] = found["misfit"] or "answers do not belong to the rows beside them"
    np.random.seed(seed + 1)
    again = contract.perform_feature_engineering(before.copy(), "Churn")
    found["repeated"] = all(_equal(one, two) for one, two in zip(parts, again))
    changed = before.copy()
    test = before.index.isin(x_test.index)
    for column in CATEGORIES:
        kinds = sorted(before[column].unique())
        changed.loc[test, column] = kinds[0]
    for column in AMOUNTS:
        changed[column] = changed[column].astype(float)
        changed.loc[test, column] *= 3
    other = contract.perform_feature_engineering(changed, "Churn")[0]
    found["same_rows"] = list(other.index) == list(x_train.index)
    found["moved"] = [] if not found["same_rows"] else [
        str(column) for column in x_train.columns if column not in other
        or not np.allclose(x_train[column].astype(float), other[column].astype(float))]
    return found


def _equal(one, two):
    import numpy as np

    return np.array_equal(np.asarray(one, dtype=float), np.asarray(two, dtype=float))


def _suspects(customers, *parts):
    """Name the columns that are an answer, a number of a customer or of a row."""
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
    return found if len(customers) else []


@told
def training(contract, name, seed):
    """Train on one file; watch what is drawn, load what is saved, let it answer for test rows."""
    import warnings

    import numpy as np

    figures, models = piece("probe_figures"), piece("probe_models")
    for folder in ("images/eda", "images/results", "logs", "models"):
        os.makedirs(folder, exist_ok=True)
    parts = contract.perform_feature_engineering(loaded(contract, name), "Churn")
    before = [part.copy() for part in parts]
    np.random.seed(seed)
    with figures["Watch"]() as watch, models["limited_search"](), \
            warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        contract.train_models(*parts)
    sides = {side: [len(answers), *np.bincount(np.ravel(answers).astype(int)).tolist()]
             for side, answers in zip(("train", "test"), parts[2:])}
    return {"untouched": all(_equal(one, two) for one, two in zip(parts, before)),
            "reports": figures["reports"](watch.figures, sides), "pictures": shown(Path()),
            "unconverged": sum(w.category.__name__ == "ConvergenceWarning" for w in caught),
            "models": models["stored_models"](Path(), before[1], np.ravel(before[3]))}


@told
def importances(contract, decisive, seed):
    """Plot the importances of a forest for which one column decides everything."""
    import inspect

    import numpy as np
    import pandas as pd
    from sklearn.ensemble import RandomForestClassifier

    rng = np.random.default_rng(seed)
    names = ["Customer_Age", "Credit_Limit", "Total_Trans_Ct", "Months_on_book", "Gender_Churn"]
    features = pd.DataFrame({name: rng.random(240) for name in names})
    answers = (features[decisive] > 0.5).astype(int).rename("Churn")
    model = RandomForestClassifier(30, random_state=0).fit(features, answers)
    os.makedirs("images/results", exist_ok=True)
    path = Path("images/results/feature_importances.png")
    needed = [p for p in inspect.signature(contract.feature_importance_plot).parameters.values()
              if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    middle = [answers] if len(needed) == 4 else []
    figures = piece("probe_figures")
    with figures["Watch"]() as watch:
        contract.feature_importance_plot(model, features, *middle, path)
    return {"longest": figures["longest_bar"](watch.figures), "pictures": shown(Path())}


@told
def speed(contract, rows, seed):
    """Return how many times pandas' own time the encoder takes, least of three."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    table = pd.DataFrame({name: rng.choice(list("abcdef"), rows) for name in CATEGORIES})
    table["Churn"] = rng.integers(0, 2, rows)

    def whole():
        for name in CATEGORIES:
            table["Churn"].groupby(table[name]).transform("mean")

    def spent(what, *args):
        started = time.process_time()
        what(*args)
        return time.process_time() - started

    whole()
    theirs = min(spent(contract.encoder_helper, table.copy(), list(CATEGORIES), "Churn")
                 for _ in range(3))
    return {"ratio": theirs / min(spent(whole) for _ in range(3))}
