"""Measure what the faults of the "before" notebook cost: the figures of the walkthrough.

In: a customer CSV with the unnamed index column. Out: the figures as JSON.
A figure that anyone can print again is worth more than a claim.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from benchmarks.before import (INDEX_FEATURE, REPORT_FIGURES, NotebookRun, clean_less_leaky_auc,
                               flip_test_labels, rows_under_heading, run_notebook, score,
                               score_without_index, share_of_changed_rows)
from benchmarks.usual_script import CATEGORIES


def measure_models(run: NotebookRun) -> dict[str, object]:
    """Return what the index column and the missing scaling do to the scores."""
    x_train, x_test, y_train, y_test = run.split
    bare_train, bare_test = (part.drop(columns=INDEX_FEATURE) for part in (x_train, x_test))
    scaler = StandardScaler().fit(bare_train)
    scaled = LogisticRegression().fit(scaler.transform(bare_train), y_train)
    return {
        "top feature": str(x_train.columns[int(np.argmax(run.forest.feature_importances_))]),
        "forest": asdict(score(run.forest, x_test, y_test)),
        "forest without index": asdict(score_without_index(run.forest, run.split)),
        "logistic": asdict(score(run.logistic, x_test, y_test)),
        "logistic without index": asdict(score_without_index(run.logistic, run.split)),
        "logistic scaled, without index": asdict(
            score(scaled, scaler.transform(bare_test), y_test)),
        "iterations unscaled": int(run.logistic.n_iter_[0]),
        "iterations scaled": int(scaled.n_iter_[0]),
        "accuracy of the forest": round(float(run.forest.score(x_test, y_test)), 4),
        "accuracy of always answering stays": round(float((y_test == 0).mean()), 4),
    }


def measure_claims(run: NotebookRun) -> dict[str, object]:
    """Return what the notebook says of itself beside what is so."""
    titles = [figure.axes[0].get_title() for figure in run.figures]
    return {
        "titles of more than one picture": sorted(
            {title for title in titles if title and titles.count(title) > 1}),
        "training rows": len(run.split[0]), "test rows": len(run.split[1]),
        "rows of the report under each heading": {
            picture: {heading: rows_under_heading(run.figures[number], heading)
                      for heading in ("train", "test")}
            for picture, number in REPORT_FIGURES.items()},
        "Unknown after filling": {name: int((run.customers[name] == "Unknown").sum())
                                  for name in CATEGORIES},
    }


def measure_encoder(csv: Path, run: NotebookRun, folder: Path, seeds: int) -> dict[str, object]:
    """Return what fitting the encoder before the split changes, and what it is worth."""
    flipped = folder / "flipped.csv"
    flip_test_labels(csv, run.split[1].index, flipped)
    changed = share_of_changed_rows(run.split[0], run_notebook(flipped, folder).split[0])
    differences = [clean_less_leaky_auc(csv, seed) for seed in range(seeds)]
    return {"training rows changed by flipped test labels": changed,
            "AUC of clean less leaky encoder, each": [round(each, 4) for each in differences],
            "AUC of clean less leaky encoder, mean": round(float(np.mean(differences)), 5)}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure on one table and print the figures as JSON."""
    parser = argparse.ArgumentParser(description="Measure the faults of the before notebook.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=5, help="splits of the encoder comparison")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        run = run_notebook(given.data, Path(name))
        figures = {**measure_claims(run), **measure_models(run),
                   **measure_encoder(given.data, run, Path(name), given.seeds)}
    print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
