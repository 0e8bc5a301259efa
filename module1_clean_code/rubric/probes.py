"""What is tried with the submission's functions; runs inside of the sandbox.

In: the functions, files of data in the working folder. Out: plain facts, judged outside.
A fault is told as {"fault": text}; the reference has none, so it is the submission's.
"""

# pylint: disable=import-outside-toplevel  # heavy imports belong to the functions

import functools
import os
from pathlib import Path
from time import process_time
from timeit import repeat

CATEGORIES = ["Gender", "Education_Level", "Marital_Status", "Income_Category", "Card_Category"]


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
    space, path = {"__name__": name}, Path(f"{name}.py")
    exec(compile(path.read_text("utf-8"), "<probes>", "exec"), space)  # pylint: disable=exec-used
    path.unlink()
    return space


def make_folders():
    """Make the folders that the usual course has."""
    for folder in ("images/eda", "images/results", "logs", "models"):
        os.makedirs(folder, exist_ok=True)


@told
def importing(contract):
    """Tell what importing the library did: the functions were resolved just before."""
    import logging

    made = [str(path) for path in Path().rglob("*") if path.suffix != ".pyc" and path.is_file()]
    handlers = [type(handler).__name__ for handler in logging.getLogger().handlers]
    for logger in list(logging.Logger.manager.loggerDict.values()):
        names = [type(handler).__name__ for handler in getattr(logger, "handlers", [])]
        handlers += [name for name in names if name.endswith("FileHandler")]
    return {"functions": len(vars(contract)), "files": made, "handlers": handlers}


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
    make_folders()
    customers = loaded(contract, name)
    before = customers.copy()
    contract.perform_eda(customers)
    return {"pictures": piece("probe_figures")["shown"](Path()),
            "touched": piece("probe_features")["touched"](before, customers)}


@told
def encoding(contract, name, seed):
    """Encode lists of categories, and the same rows in another order."""
    features = piece("probe_features")
    customers = loaded(contract, name)
    found, before = [], customers.copy()
    for names in (CATEGORIES, CATEGORIES[1:2], CATEGORIES[3:5]):
        table = customers.sample(frac=1, random_state=seed)
        for rows in (customers, table):
            encoded = contract.encoder_helper(rows.copy(), list(names), "Churn")
            found.append(features["encoding_fault"](rows, encoded, names, CATEGORIES))
    contract.encoder_helper(customers, list(CATEGORIES), "Churn")
    return {"faults": [text for text in found if text],
            "touched": features["touched"](before, customers)}


@told
def splitting(contract, name, seed):
    """Split, and again with other random numbers, with drawn answers, and with other test rows."""
    return piece("probe_features")["tried_split"](
        contract.perform_feature_engineering, loaded(contract, name), CATEGORIES, seed)


@told
def training(contract, name, seed, drawn=False):
    """Train on one file; watch what is drawn, load what is saved, let it answer for test rows.

    With ``drawn`` the answers of the test rows are drawn by lot: no model should know them.
    """
    import numpy as np

    figures, models = piece("probe_figures"), piece("probe_models")
    make_folders()
    parts = contract.perform_feature_engineering(loaded(contract, name), "Churn")
    before = [part.copy() for part in parts]
    np.random.seed(seed)
    if drawn:
        parts = (*parts[:3], models["in_other_order"](parts[3]))
    with figures["Watch"]() as watch, models["limited_search"](), \
            models["counted_warnings"]("ConvergenceWarning") as unconverged:
        contract.train_models(*parts)
    sides = {side: [len(answers), *np.bincount(np.ravel(answers).astype(int)).tolist()]
             for side, answers in zip(("train", "test"), parts[2:])}
    reports, features = piece("probe_reports"), piece("probe_features")
    stored = models["stored_models"](Path(), {"train": before[::2], "test": before[1::2]})
    return {"touched": [name for one, two in zip(before, parts)
                        for name in features["touched"](one, two)],
            "reports": reports["reports"](watch.figures, sides),
            "exchanged": reports["exchanged"](watch.figures, stored),
            "pictures": figures["shown"](Path()), "models": stored,
            "curves": sum(figure["curves"] for figure in watch.figures),
            "unconverged": len(unconverged)}


def retraining(contract, name, seed):
    """Train with drawn answers of the test rows; tell no models where that was refused."""
    return {"models": training(contract, name=name, seed=seed, drawn=True).get("models")}


@told
def naming(contract):
    """Draw the reports of a model that is always right and of one that is always wrong."""
    make_folders()
    return {"strangers": piece("probe_reports")["strangers"](
        contract.classification_report_image, piece("probe_figures")["Watch"])}


@told
def importances(contract, decisive, seed):
    """Plot the importances of a forest for which one column decides everything."""
    import inspect

    model, features, answers = piece("probe_models")["decided_forest"](decisive, seed)
    make_folders()
    needed = [p for p in inspect.signature(contract.feature_importance_plot).parameters.values()
              if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    middle = [answers] if len(needed) == 4 else []
    figures = piece("probe_figures")
    with figures["Watch"]() as watch:
        contract.feature_importance_plot(model, features, *middle,
                                         Path("images/results/feature_importances.png"))
    return {"longest": figures["longest_bar"](watch.figures), "pictures": figures["shown"](Path())}


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

    theirs, plain = (min(repeat(what, timer=process_time, number=1, repeat=3)) for what in (
        lambda: contract.encoder_helper(table.copy(), list(CATEGORIES), "Churn"), whole))
    return {"ratio": theirs / plain}
