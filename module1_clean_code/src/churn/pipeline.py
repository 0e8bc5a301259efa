"""Link the rooms: from a table to a released model and its report.

In: where the data are, where results go, settings, a clock. Out: files, and what was found.
This file is wiring: it says what follows what, and computes nothing itself.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from churn import __version__
from churn.assess import (Assessment, assess_rows, assess_training, auc_estimate, figures_json)
from churn.data import load_customers
from churn.drift import DriftReport, compare_tables
from churn.eda import explore
from churn.figures import png_bytes
from churn.errors import table_named
from churn.files import sha256_of_file, write_bytes, write_json, write_text
from churn.manifest import ModelFacts
from churn.page import Page, render
from churn.page_parts import DataFile, assessment_page, drift_page, eda_page
from churn.policy import AucEstimate, Decision, RetrainingPolicy, drift_figure, drift_json
from churn.report import Moment, RunRecord, build_page, build_summary
from churn.schema import FEATURES, LEFT, TARGET
from churn.settings import Settings
from churn.store import Release, StoredModel, save_model
from churn.synthetic import write_customers
from churn.training import Step, Training, split_customers, train

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class Workplace:
    """Where a command writes, by which settings and clock; ``step`` draws its progress."""

    out: Path
    settings: Settings
    clock: Callable[[], datetime]
    step: Step

    def save(self, folder: str, figures: Mapping[str, Figure]) -> Mapping[str, bytes]:
        """Write figures as PNG files into a folder of the results; return their bytes."""
        pictures = {name: png_bytes(figure) for name, figure in figures.items()}
        for name, png in pictures.items():
            write_bytes(self.out / folder / f"{name}.png", png)
        return pictures

    def save_page(self, name: str, page: Page) -> Path:
        """Write a page into the results; return its path."""
        write_text(self.out / name, render(page))
        return self.out / name


@dataclass(frozen=True)
class Drift:
    """A drift report, the policy's decision, and the picture as PNG bytes by name."""

    report: DriftReport
    decision: Decision
    pictures: Mapping[str, bytes]


def find_data(place: Workplace, data: Path | None) -> tuple[pd.DataFrame, DataFile]:
    """Load the user's table, or generate one.

    Parameters
    ----------
    place : Workplace
    data : Path or None
        The user's table; without one ``data/customers.csv`` is generated in the results.

    Returns
    -------
    customers : DataFrame, shape (n, 21)
    file : DataFile

    Raises
    ------
    InputError, TableError, OutputError
    """
    with place.step("load data" if data else "generate data"):
        path, source = data, data.name if data else ""
        if path is None:
            path = place.out / "data" / "customers.csv"
            source = f"generated rows, seed {place.settings.seed}"
            write_customers(path, place.settings.generated_rows, place.settings.seed)
        customers = load_customers(path, place.settings.reading)
        found = DataFile(source, sha256_of_file(path), len(customers),
                         float((customers[TARGET] == LEFT).mean()))
        LOGGER.info("data: %s, %d rows, %.2f %% left, sha256 %s", path, found.rows,
                    100 * found.share_left, found.sha256)
        return customers, found


def explore_data(place: Workplace, customers: pd.DataFrame, data: DataFile
                 ) -> Mapping[str, bytes]:
    """Write every figure of the exploration and its page; return the pictures."""
    with place.step("explore"):
        pictures = place.save("eda", explore(customers))
        place.save_page("eda/index.html", eda_page(data, pictures))
        return pictures


def train_and_release(place: Workplace, customers: pd.DataFrame, data: DataFile
                      ) -> tuple[Training, Assessment, Release]:
    """Train the candidates, assess the best on the hold-out, store it as a release."""
    with table_named(data.source):
        training = train(customers, place.settings, place.step)
    with place.step("evaluate"):
        assessment = assess_training(training, place.settings)
    with place.step("release"):
        best = training.best
        release = save_model(best.pipeline, place.out, ModelFacts(
            best.name, dict(best.parameters), training.threshold.value,
            assessment.defined_figures(), data.sha256,
            place.settings.seed), place.clock())
        LOGGER.info("released %s, %s", release.version, best.name)
    return training, assessment, release


def evaluate_stored(place: Workplace, stored: StoredModel, customers: pd.DataFrame,
                    data: DataFile) -> tuple[Assessment, Path]:
    """Assess a stored model on the hold-out of its own data, or on all rows of other data."""
    is_own_data = stored.facts.data_sha256 == data.sha256
    with place.step("evaluate"), table_named(data.source):
        rows = split_customers(customers, place.settings).hold_out if is_own_data else customers
        found = assess_rows(stored.model, stored.facts.threshold, rows,
                            "hold-out of the training data" if is_own_data else "new rows",
                            place.settings)
        pictures = place.save("evaluation", found.pictures)
        write_json(place.out / "evaluation" / "figures.json", figures_json(found))
        return found, place.save_page("evaluation/index.html",
                                      assessment_page(found, data, pictures))


def check_drift(place: Workplace, reference: pd.DataFrame, current: pd.DataFrame,
                auc: tuple[float, AucEstimate] | None) -> Drift:
    """Compare features of two tables, decide by the policy, write report and figure."""
    with place.step("check drift"):
        settings = place.settings.drift
        report = compare_tables(reference[list(FEATURES)], current[list(FEATURES)], settings)
        before, now = auc if auc else (None, None)
        decision = RetrainingPolicy(settings).decide(report, before, now)
        LOGGER.info("drift: %s: %s", decision.answer, decision.reason)
        write_text(place.out / "drift" / "drift.json", drift_json(report))
        write_json(place.out / "drift" / "decision.json",
                   {"answer": decision.answer, "reason": decision.reason})
        pictures = place.save("drift", {"drift": drift_figure(report)})
        place.save_page("drift/index.html", drift_page(report, decision, pictures))
        return Drift(report, decision, pictures)


def run(place: Workplace, data: Path | None) -> Path:
    """Do everything; return the path of the report.

    Parameters
    ----------
    place : Workplace
    data : Path or None
        The user's table; without one it is generated.

    Returns
    -------
    Path

    Raises
    ------
    ChurnError
        Any foreseen fault; results of earlier steps stay, each file whole.
    """
    started = place.clock()
    customers, file = find_data(place, data)
    eda = explore_data(place, customers, file)
    training, assessment, release = train_and_release(place, customers, file)
    drift = check_drift(place, training.split.train, training.split.hold_out,
                        (training.best.auc, auc_estimate(assessment)))
    with place.step("report"):
        pictures = {"eda": eda, "drift": drift.pictures,
                    **{group: place.save(group, figures)
                       for group, figures in assessment.picture_groups().items()}}
        write_json(place.out / "evaluation" / "figures.json", figures_json(assessment))
        moment = Moment(started, (place.clock() - started).total_seconds(),
                        f"{release.version} (churn {__version__})")
        record = RunRecord(moment, file, training, assessment, drift.report, drift.decision,
                           pictures)
        write_json(place.out / "report" / "summary.json", build_summary(record))
        return place.save_page("report/index.html", build_page(record))
