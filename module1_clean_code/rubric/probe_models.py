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


def stored_models(folder, rows, answers):
    """Return for each model file below a folder its AUC and probabilities, or the fault.

    Parameters: folder; rows, the features of the test rows; answers, 0 or 1.
    Returns: {path: {"auc", "probabilities"} or {"fault"}}.
    """
    from sklearn.metrics import roc_auc_score  # pylint: disable=import-outside-toplevel

    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            continue
        try:
            model = _load(path)
            probabilities = [float(p) for p in model.predict_proba(rows)[:, 1]]
            found[str(path)] = {"auc": float(roc_auc_score(answers, probabilities)),
                                "probabilities": probabilities}
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
