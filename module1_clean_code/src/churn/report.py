"""Write what a run found: one page for people, one summary for the monorepo.

In: the record of a run. Out: a ``Page`` and a JSON-ready summary by the root's contract.
Words and numbers come from the same record, so the page cannot tell another story.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from churn.assess import Assessment
from churn.drift import DriftReport
from churn.evaluate import json_number
from churn.page import Card, Page, Picture, Section, Table
from churn.page_parts import (TITLE, DataFile, captioned, drift_section, figures_table,
                              importance_table)
from churn.policy import Decision
from churn.training import Training

MODULE = "module1_clean_code"


@dataclass(frozen=True)
class Moment:
    """When a run started (UTC), how long it took, and which version it made."""

    started: datetime
    seconds: float
    version: str


@dataclass(frozen=True)
class RunRecord:
    """All that a run found; ``pictures`` holds PNG bytes by group and name."""

    moment: Moment
    data: DataFile
    training: Training
    assessment: Assessment
    drift: DriftReport
    decision: Decision
    pictures: Mapping[str, Mapping[str, bytes]]


def build_page(record: RunRecord) -> Page:
    """Return the report of a run.

    Parameters
    ----------
    record : RunRecord

    Returns
    -------
    Page
    """
    found, training, threshold = record.assessment, record.training, record.training.threshold
    best = training.best.name.replace("_", " ")
    auc, f1 = found.figure("roc_auc"), found.figure("f1")
    return Page(
        f"{TITLE}: who will leave?",
        f"A {best} model, trained on {len(training.split.train):,} customers and judged on "
        f"{found.row_count:,} that it never saw. Data: {record.data.source}.",
        (_candidates_section(record), _evaluation_section(record), _threshold_section(record),
         Section("Why it answers so", (
             "Permutation importance: how much the ROC AUC on the hold-out falls when a column "
             "is shuffled. Two columns that tell the same hide one another.",),
             (importance_table(found.importances),), _pictures(record, "explanation")),
         drift_section(record.drift, record.decision, _pictures(record, "drift")),
         Section("What the data look like", (), (), _pictures(record, "eda"))),
        (Card(f"{auc.value:.3f}", f"ROC AUC, 95 % interval {auc.low:.3f} to {auc.high:.3f}"),
         Card(f"{f1.value:.3f}", f"F1 at threshold {threshold.value:.3f}"),
         Card(f"{record.data.share_left:.1%}", f"of {record.data.rows:,} customers left"),
         Card(f"{found.cost_per_customer:.3f}", "cost of errors per customer, hold-out"),
         Card(record.decision.answer.replace("_", " "), "retraining policy, hold-out")),
        (f"Model {record.moment.version}. Started {record.moment.started:%Y-%m-%d %H:%M:%S} "
         f"UTC, {record.moment.seconds:.1f} seconds.", f"Data sha256 {record.data.sha256}"))


def build_summary(record: RunRecord) -> dict[str, Any]:
    """Return the summary by the contract between a module and the monorepo.

    Parameters
    ----------
    record : RunRecord

    Returns
    -------
    dict
        JSON-ready; its schema stands at the root.
    """
    figures: list[dict[str, Any]] = [
        {"name": f.name, "unit": "", "value": json_number(f.value), "low": json_number(f.low),
         "high": json_number(f.high)} for f in record.assessment.figures]
    for figure in figures:
        if figure["value"] is None:
            figure["value"] = "undefined"
    figures.append({"name": "cost_per_customer", "unit": "cost", "low": None, "high": None,
                    "value": json_number(record.assessment.cost_per_customer)})
    return {
        "module": MODULE, "title": TITLE,
        "started_utc": f"{record.moment.started:%Y-%m-%dT%H:%M:%SZ}",
        "seconds": round(record.moment.seconds, 3),
        "data": {"source": record.data.source, "sha256": record.data.sha256},
        "figures": figures,
        "images": ["../evaluation/roc_and_precision_recall.png", "../explanation/importances.png",
                   "../eda/churn_by_decile.png"],
        "links": [{"title": "Report", "path": "index.html"},
                  {"title": "Exploration", "path": "../eda/index.html"},
                  {"title": "Log", "path": "../logs/churn.log"}],
    }


def _pictures(record: RunRecord, group: str) -> tuple[Picture, ...]:
    return captioned(record.pictures[group])


def _candidates_section(record: RunRecord) -> Section:
    rows = tuple((c.name.replace("_", " "), f"{c.auc:.4f}", f"{min(c.fold_aucs):.4f}",
                  ", ".join(f"{k}={v}" for k, v in c.parameters.items()) or "defaults",
                  f"{c.seconds:.1f}") for c in record.training.candidates)
    return Section("The candidates", (
        "Each was searched and cross-validated on the training rows only; the first is "
        "released.",),
        (Table(("model", "AUC", "worst fold", "settings found", "seconds"), rows),))


def _evaluation_section(record: RunRecord) -> Section:
    return Section("On customers it never saw", (
        "95 % intervals by bootstrap, drawn within each class. Scores on generated rows "
        "describe the generator; for your customers run it on your file with --data.",),
        (figures_table(record.assessment.figures),), _pictures(record, "evaluation"))


def _threshold_section(record: RunRecord) -> Section:
    threshold = record.training.threshold
    return Section("Whom to offer something", (
        f"A customer gets an offer from a probability of {threshold.value:.3f} on. On training "
        f"rows out of fold that costs {threshold.cost_per_customer:.3f} per customer; the usual "
        f"0.5 would cost {threshold.cost_per_customer_at_half:.3f}. The two costs are settings.",
    ), (), _pictures(record, "threshold"))
