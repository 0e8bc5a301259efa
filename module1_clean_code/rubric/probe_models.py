"""Load what train_models saved, and keep a grid search short; runs inside of the sandbox.

In: a folder, rows with their answers. Out: the AUC and the probabilities of each stored model.
Files of a submission are opened here and nowhere else: a pickle can do what it likes, in a box.
"""

from contextlib import contextmanager
from importlib import import_module

MOST_CELLS = 2
SUFFIXES = {".pkl", ".pickle", ".joblib", ".skops", ".sav"}


@contextmanager
def limited_search():
    """Let a grid search try two cells of its grid: what is judged does not hang on the best."""
    from sklearn.model_selection import (  # pylint: disable=import-outside-toplevel
        GridSearchCV, ParameterGrid)

    old = GridSearchCV._run_search  # pylint: disable=protected-access

    def run_search(search, evaluate_candidates):
        evaluate_candidates(list(ParameterGrid(search.param_grid))[:MOST_CELLS])

    GridSearchCV._run_search = run_search  # pylint: disable=protected-access
    try:
        yield
    finally:
        GridSearchCV._run_search = old  # pylint: disable=protected-access


@contextmanager
def counted_warnings(name):
    """Count the warnings of a category, also those that a filter silences.

    Parameters: name, of the category. Returns: a list that grows by one message for each.
    """
    import warnings  # pylint: disable=import-outside-toplevel

    found, old = [], warnings.warn

    def warn(message, category=None, stacklevel=1, source=None, **more):
        kind = type(message) if isinstance(message, Warning) else category or UserWarning
        if kind.__name__ == name:
            found.append(str(message))
        old(message, category, stacklevel + 1, source, **more)

    warnings.warn = warn
    try:
        yield found
    finally:
        warnings.warn = old


def in_other_order(answers):
    """Return a copy of answers of which each stands where another stood; the index stays."""
    import numpy as np  # pylint: disable=import-outside-toplevel

    other = answers.copy()
    other[:] = np.random.default_rng(0).permutation(np.ravel(answers)).reshape(np.shape(answers))
    return other


def stored_models(folder, sides):
    """Return for each model file below a folder what it answers, or the fault.

    Parameters: folder; sides, features and answers of the rows of "train" and of "test".
    Returns: {path: {"auc", "probabilities", "reports"} or {"fault"}}; the first two are of the
    test rows, the reports of both sides.
    """
    # pylint: disable-next=import-outside-toplevel
    from sklearn.metrics import classification_report, roc_auc_score

    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            continue
        try:
            model = _load(path)
            rows, answers = sides["test"]
            probabilities = [float(p) for p in model.predict_proba(rows)[:, 1]]
            found[str(path)] = {
                "auc": float(roc_auc_score(answers, probabilities)),
                "probabilities": probabilities,
                "reports": {side: classification_report(answers, model.predict(rows))
                            for side, (rows, answers) in sides.items()}}
        except Exception as fault:  # pylint: disable=broad-exception-caught  # foreign code
            found[str(path)] = {"fault": f"{type(fault).__name__}: {fault}"[:300]}
    return found


def decided_forest(decisive, seed):
    """Return a forest for which one column decides everything, its features and answers."""
    # pylint: disable=import-outside-toplevel  # heavy imports belong to the functions
    import numpy as np
    import pandas as pd
    from sklearn.ensemble import RandomForestClassifier

    rng = np.random.default_rng(seed)
    features = pd.DataFrame({name: rng.random(240) for name in (
        "Customer_Age", "Credit_Limit", "Total_Trans_Ct", "Months_on_book", "Gender_Churn")})
    answers = (features[decisive] > 0.5).astype(int).rename("Churn")
    return RandomForestClassifier(30, random_state=0).fit(features, answers), features, answers


def _load(path):
    if path.suffix == ".skops":
        skops = import_module("skops.io")
        return skops.load(path, trusted=skops.get_untrusted_types(file=path))
    return import_module("joblib").load(path)
