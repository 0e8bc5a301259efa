"""The parts that pages are made of: tables, the drift section, pictures with their captions.

In: what was found. Out: sections and the smaller pages.
The report of a run and the pages of single commands share them, so they read alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from churn.assess import Assessment
from churn.drift import DriftReport
from churn.evaluate import Measured
from churn.explain import Importance
from churn.page import Page, Picture, Section, Table
from churn.policy import Decision

TITLE = "Customer churn"
_CAPTIONS = {
    "churn_distribution": "How many customers stayed and left.",
    "customer_age_distribution": "Age hardly tells who leaves.",
    "marital_status_distribution": "Marital status; grey is Unknown, a category like the others.",
    "total_transaction_distribution": "Leavers make fewer transactions.",
    "heatmap": "Linear correlations; those of at least 0.2 are written out.",
    "amount_and_count": "Spending falls into clusters, and churn differs between them.",
    "income_category_distribution": "Income; grey is Unknown.",
    "unknown_values": "Customers with an unknown value leave about as often as all others.",
    "churn_by_decile": "Churn bends with the revolving balance: a straight line cannot follow.",
    "churn_by_category": "Intervals of small groups are wide: read them before the dots.",
    "roc_and_precision_recall": "On customers that the models did not learn from.",
    "classification_report": "Each table stands under the rows it was computed on.",
    "calibration": "Predicted against observed; the number of customers beside each point.",
    "cost_by_threshold": "The threshold is chosen here, on training rows out of fold.",
    "importances": "Columns of the input are shuffled, so each bar belongs to its name.",
    "partial_dependence": "Ticks on the axis are the tenths of the column.",
    "drift": "Effect of each test by column, with the two limits.",
}


@dataclass(frozen=True)
class DataFile:
    """The table a run used: ``source`` in words, digest of its bytes, rows, share that left."""

    source: str
    sha256: str
    rows: int
    share_left: float


def figures_table(figures: tuple[Measured, ...]) -> Table:
    """Return the figures with their intervals as a table."""
    return Table(("figure", "value", "95 % interval"), tuple(
        (f.name.replace("_", " "), f"{f.value:.4f}", f"{f.low:.4f} to {f.high:.4f}")
        for f in figures))


def importance_table(importances: tuple[Importance, ...]) -> Table:
    """Return the ten greatest importances as a table."""
    return Table(("column", "AUC lost", "standard deviation"), tuple(
        (i.column, f"{i.mean:.4f}", f"{i.deviation:.4f}") for i in importances[:10]))


def drift_section(report: DriftReport, decision: Decision, pictures: tuple[Picture, ...]
                  ) -> Section:
    """Return the part of a page that tells of drift."""
    rows = tuple((column.name, column.verdict.replace("_", " "), test.name.replace("_", " "),
                  f"{test.effect:.3f}", f"{test.adjusted_p:.3g}")
                 for column in report.columns for test in column.tests)
    return Section("Drift, and what to do about it", (
        f"Decision: {decision.answer.replace('_', ' ')}. {decision.reason[:1].upper()}"
        f"{decision.reason[1:]}.",
        f"{report.reference_rows:,} reference rows against {report.current_rows:,} current rows; "
        "p-values are corrected over all tests (Holm).", *report.cannot_see),
        (Table(("column", "verdict", "test", "effect", "corrected p"), rows),), pictures)


def eda_page(data: DataFile, pictures: Mapping[str, bytes]) -> Page:
    """Return the page of the exploration."""
    return Page(f"{TITLE}: exploration", f"{data.rows:,} customers; {data.source}.",
                (Section("Figures", (), (), captioned(pictures)),),
                footer=(f"Data sha256 {data.sha256}",))


def assessment_page(found: Assessment, data: DataFile, pictures: Mapping[str, bytes]) -> Page:
    """Return the page of an evaluation of a stored model."""
    return Page(f"{TITLE}: evaluation", f"{found.row_count:,} customers, {found.rows}; "
                f"{data.source}.",
                (Section("Figures", (), (figures_table(found.figures),
                                         importance_table(found.importances)),
                         captioned(pictures)),),
                footer=(f"Data sha256 {data.sha256}",))


def drift_page(report: DriftReport, decision: Decision, pictures: Mapping[str, bytes]) -> Page:
    """Return the page of a drift check."""
    return Page(f"{TITLE}: drift", "Current customers against the reference.",
                (drift_section(report, decision, captioned(pictures)),))


def captioned(pictures: Mapping[str, bytes]) -> tuple[Picture, ...]:
    """Return pictures with their captions."""
    return tuple(Picture(png, _CAPTIONS[name]) for name, png in pictures.items())
