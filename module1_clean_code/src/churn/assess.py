"""Assess a model on rows it did not learn from: figures, pictures, importances.

In: a pipeline, a threshold and rows. Out: one frozen record that the reports are written from.
Gathering it in one place keeps figures, pictures and their headings together.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from churn.data import require_both_classes, split_target
from churn.evaluate import Measured, json_number, measure, total_cost
from churn.evaluate_figures import (Scored, calibration_figure, cost_figure, curves_figure,
                                    report_figure)
from churn.explain import (Importance, column_importances, dependence_figure, importance_figure)
from churn.policy import AucEstimate
from churn.predict import leaving_probability
from churn.settings import Settings
from churn.training import Training


@dataclass(frozen=True)
class Assessment:
    """Figures on the named rows, the cost of errors per customer, importances and pictures."""

    rows: str
    row_count: int
    figures: tuple[Measured, ...]
    cost_per_customer: float
    importances: tuple[Importance, ...]
    pictures: Mapping[str, Figure]

    def defined_figures(self) -> dict[str, float]:
        """Return the figures that are defined, six decimals, by name."""
        return {f.name: round(f.value, 6) for f in self.figures if not math.isnan(f.value)}

    def picture_groups(self) -> dict[str, dict[str, Figure]]:
        """Return the pictures by the part of the report they belong to."""
        parts = {"cost_by_threshold": "threshold", "importances": "explanation",
                 "partial_dependence": "explanation"}
        groups: dict[str, dict[str, Figure]] = {}
        for name, picture in self.pictures.items():
            groups.setdefault(parts.get(name, "evaluation"), {})[name] = picture
        return groups

    def figure(self, name: str) -> Measured:
        """Return one figure by its name."""
        return next(found for found in self.figures if found.name == name)


def assess_training(training: Training, settings: Settings) -> Assessment:
    """Assess the best candidate on the hold-out, beside the others.

    Parameters
    ----------
    training : Training
    settings : Settings

    Returns
    -------
    Assessment
    """
    best, cut = training.best, training.threshold.value
    hold_out = [_scored(c.name.replace("_", " "), c.pipeline, training.split.hold_out)
                for c in training.candidates]
    _, train_left = split_target(training.split.train)
    on_train = Scored("training rows", train_left.to_numpy(),
                      leaving_probability(best.pipeline, training.split.train))
    out_of_fold = Scored("training rows, out of fold", train_left.to_numpy(), best.out_of_fold)
    on_hold_out = Scored("hold-out", hold_out[0].has_left, hold_out[0].probability)
    title = best.name.replace("_", " ")
    pictures = {
        "roc_and_precision_recall": curves_figure(hold_out),
        "classification_report": report_figure(title, [on_train, on_hold_out], cut),
        "calibration": calibration_figure(on_hold_out),
        "cost_by_threshold": cost_figure(out_of_fold, training.threshold, settings.evaluation),
    }
    with threadpool_limits(1):  # many small predictions: threads would only wait
        return _assess(best.pipeline, cut, training.split.hold_out, settings,
                       (on_hold_out, pictures))


def assess_rows(pipeline: Pipeline, threshold: float, customers: pd.DataFrame, name: str,
                settings: Settings) -> Assessment:
    """Assess a stored model on labelled rows.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted.
    threshold : float
    customers : DataFrame, shape (n, 21)
        Labelled rows that the model did not learn from; both classes occur.
    name : str
        What the rows are, for the headings.
    settings : Settings

    Returns
    -------
    Assessment

    Raises
    ------
    InputError
        All customers left, or none.
    """
    require_both_classes(split_target(customers)[1])
    scored = _scored(name, pipeline, customers)
    pictures = {"roc_and_precision_recall": curves_figure([scored]),
                "classification_report": report_figure("stored model", [scored], threshold),
                "calibration": calibration_figure(scored)}
    with threadpool_limits(1):
        return _assess(pipeline, threshold, customers, settings, (scored, pictures))


def _assess(pipeline: Pipeline, threshold: float, customers: pd.DataFrame, settings: Settings,
            drawn: tuple[Scored, Mapping[str, Figure]]) -> Assessment:
    scored, pictures = drawn
    features, has_left = split_target(customers)
    figures = measure(scored.has_left, scored.probability, threshold,
                      resamples=settings.evaluation.bootstrap_resamples, seed=settings.seed)
    importances = column_importances(pipeline, features, has_left, seed=settings.seed,
                                     repeats=settings.evaluation.permutation_repeats)
    cost = total_cost(has_left, scored.probability >= threshold, settings.evaluation)
    return Assessment(scored.name, len(customers), figures, cost / len(customers), importances, {
        **pictures, "importances": importance_figure(importances),
        "partial_dependence": dependence_figure(pipeline, features, importances)})


def _scored(name: str, pipeline: Pipeline, customers: pd.DataFrame) -> Scored:
    _, has_left = split_target(customers)
    return Scored(name, has_left.to_numpy(), leaving_probability(pipeline, customers))


def auc_estimate(found: Assessment) -> AucEstimate:
    """Return the AUC of an assessment as the retraining policy takes it."""
    auc = found.figure("roc_auc")
    return AucEstimate(auc.value, auc.low, auc.high, found.row_count)


def figures_json(found: Assessment) -> dict[str, object]:
    """Return an assessment's figures ready for JSON, six decimals."""
    return {"rows": found.rows, "row_count": found.row_count,
            "cost_per_customer": round(found.cost_per_customer, 6),
            "figures": {f.name: {end: json_number(getattr(f, end))
                                 for end in ("value", "low", "high")} for f in found.figures},
            "importances": {i.column: round(i.mean, 6) for i in found.importances}}
