"""What each command of the command line does, once its words are understood.

In: parsed arguments and a workplace. Out: an exit code and a few plain lines.
It stands apart from the parser so that ``churn --help`` need not load the heavy libraries.
"""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from churn.assess import Assessment, auc_estimate
from churn.course import run_course_layout
from churn.data import load_customers
from churn.errors import InputError
from churn.fetch import fetch, read_source
from churn.files import write_bytes
from churn.pipeline import (Workplace, check_drift, evaluate_stored, explore_data, find_data,
                            run, train_and_release)
from churn.predict import score_file
from churn.schema import TARGET
from churn.settings import Settings
from churn.store import load_model
from churn.synthetic import write_customers

DONE, CHECK_SAID_NO = 0, 1
_SOURCES = Path(__file__).parents[2] / "config" / "data_sources.toml"


def make_data(arguments: argparse.Namespace, place: Workplace) -> int:
    """Generate a table, or check the user's own."""
    if arguments.data:
        customers, _ = find_data(place, arguments.data)
        print(f"{arguments.data}: {len(customers)} customers, every rule of the schema holds")
        return DONE
    path = place.out / "data" / "customers.csv"
    rows = place.settings.generated_rows if arguments.rows is None else arguments.rows
    with place.step("generate data"):
        manifest = write_customers(path, rows, place.settings.seed)
    print(f"{path}: {manifest.rows} generated customers, sha256 {manifest.sha256}")
    return DONE


def fetch_data(arguments: argparse.Namespace, place: Workplace) -> int:
    """Get the public file from an address, or say how to get it by hand."""
    source = read_source(arguments.sources or _SOURCES)
    if arguments.data:
        raise InputError("fetch gets a file; it takes --source ADDRESS, not --data")
    if arguments.source is None:
        print(source.how_to_get)
        return CHECK_SAID_NO
    target = place.out / "data" / "fetched_customers.csv"
    with place.step("fetch"):
        fetch(arguments.source, target, source)
    print(f"{target}: {source.rows} customers; {source.attribution}")
    return DONE


def explore(arguments: argparse.Namespace, place: Workplace) -> int:
    """Draw the exploration."""
    explore_data(place, *find_data(place, arguments.data))
    print(f"exploration: {place.out / 'eda' / 'index.html'}")
    return DONE


def train(arguments: argparse.Namespace, place: Workplace) -> int:
    """Train, choose and release a model."""
    training, assessment, release = train_and_release(place, *find_data(place, arguments.data))
    print(f"released {release.version}: {training.best.name}, {_in_words(assessment)}")
    return DONE


def evaluate(arguments: argparse.Namespace, place: Workplace) -> int:
    """Judge the released model on its hold-out, or on other labelled rows."""
    stored = load_model(arguments.model or place.out)
    found, page = evaluate_stored(place, stored, *find_data(place, arguments.data))
    print(f"{found.rows}, {found.row_count} customers: {_in_words(found)}\nreport: {page}")
    return DONE


def predict(arguments: argparse.Namespace, place: Workplace) -> int:
    """Score a file with the released model."""
    if arguments.data is None:
        raise InputError("predict needs --data FILE, the customers to score")
    stored = load_model(arguments.model or place.out)
    target = arguments.predictions or place.out / "predictions.csv"
    with place.step("predict"):
        found = score_file(stored.model, stored.facts.threshold, arguments.data, target,
                           place.settings.reading)
    print(f"{target}: {found.rows} customers, {found.offers} offers at threshold "
          f"{stored.facts.threshold:.3f}")
    return DONE


def drift(arguments: argparse.Namespace, place: Workplace) -> int:
    """Compare the user's table with a reference and decide; exit 1 unless all is well."""
    if arguments.data is None or arguments.reference is None:
        raise InputError("drift needs --reference FILE and --data FILE, both labelled or both "
                         "in the layout of the training data")
    reference, current = (load_customers(path, place.settings.reading)
                          for path in (arguments.reference, arguments.data))
    auc = None
    if arguments.model and current[TARGET].nunique() == 2:
        stored = load_model(arguments.model)
        found, _ = evaluate_stored(place, stored, *find_data(place, arguments.data))
        auc = (stored.facts.metrics["roc_auc"], auc_estimate(found))
    decision = check_drift(place, reference, current, auc).decision
    print(f"{decision.answer.replace('_', ' ')}: {decision.reason}\n"
          f"report: {place.out / 'drift' / 'index.html'}")
    return CHECK_SAID_NO if decision.answer in ("retrain", "ask_person") else DONE


def run_all(arguments: argparse.Namespace, place: Workplace) -> int:
    """Do everything, in our layout or in the course's too."""
    report = run(place, arguments.data)
    if arguments.course_layout:
        data = arguments.data or place.out / "data" / "customers.csv"
        with place.step("course layout"):
            run_course_layout(data, arguments.course_layout)
            log = arguments.course_layout / "logs" / "churn_library.log"
            write_bytes(log, (place.out / "logs" / "churn.log").read_bytes())
        print(f"course layout: {arguments.course_layout}")
    print(f"report: {report}")
    return DONE


COMMANDS: Mapping[str, Callable[[argparse.Namespace, Workplace], int]] = {
    "data": make_data, "fetch": fetch_data, "eda": explore, "train": train,
    "evaluate": evaluate, "predict": predict, "drift": drift, "run": run_all,
}


def count_steps(arguments: argparse.Namespace, settings: Settings) -> int:
    """Return how many steps a command will take, so that its bar ends full."""
    given, trained = vars(arguments), len(settings.training.candidates)
    return {"data": 1, "fetch": 1, "eda": 2, "train": 3 + trained, "evaluate": 2, "predict": 1,
            "drift": 3 if given.get("model") else 1,
            "run": 6 + trained + (1 if given.get("course_layout") else 0)}[arguments.command]


def _in_words(found: Assessment) -> str:
    auc, f1 = found.figure("roc_auc"), found.figure("f1")
    return (f"ROC AUC {auc.value:.4f} ({auc.low:.4f} to {auc.high:.4f}), "
            f"F1 {f1.value:.4f} ({f1.low:.4f} to {f1.high:.4f})")
