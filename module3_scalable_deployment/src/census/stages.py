"""The first stages at the rim: each reads the files of the one before and writes its own.

In: parsed arguments and settings. Out: files below ``--out``, and an exit code. DVC runs each
stage by itself, ``census run`` one after the other; both leave the same files.
"""

import argparse
import csv
import logging
from pathlib import Path

import pandas as pd

from census import fetch as fetching
from census.data import load_rows
from census.files import sha256_of_file, write_bytes, write_json, write_text
from census.places import Places
from census.schema import POSITIVE, TARGET
from census.settings import Settings
from census.synthetic import write_rows
from census.training import prepare as preparing
from census.training import train as training
from census.training.evaluate import evaluate as evaluate_rows
from census.training.measures import json_number
from census.training.record import load_training, save_training

LOGGER = logging.getLogger(__name__)
_SOURCES = Path(__file__).parents[2] / "config" / "data_sources.toml"


def check(arguments: argparse.Namespace, settings: Settings) -> int:
    """Check a table against every rule of the schema, and say what it holds."""
    path = arguments.data or Places(arguments.out).data
    rows = load_rows(path, settings.prepare)
    print(f"{path}: {len(rows)} rows, {rows.duplicated().sum()} repeated, "
          f"{_share_positive(rows):.2%} above 50K; every rule of the schema holds")
    return 0


def fetch(arguments: argparse.Namespace, _: Settings) -> int:
    """Get the public file, or say how to get it by hand."""
    source = fetching.read_source(arguments.sources or _SOURCES)
    target = arguments.out / "fetched" / "census.csv"
    fetching.fetch(arguments.source or source.address, target, source)
    print(f"{target}: {source.rows} rows; {source.attribution}")
    return 0


def generate(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the seeded table, or put the user's own in its place."""
    places = Places(arguments.out)
    if arguments.data:
        rows = load_rows(arguments.data, settings.prepare)
        write_bytes(places.data, Path(arguments.data).read_bytes())
        write_json(places.data_manifest, {
            "file": places.data.name, "source": arguments.data.name, "rows": len(rows),
            "sha256": sha256_of_file(places.data)})
        LOGGER.info("took %d rows of %s", len(rows), arguments.data)
        return 0
    manifest = write_rows(places.data, settings.generate.rows, settings.seed,
                          settings.generate.bias)
    LOGGER.info("generated %d rows, seed %d, planted bias %g, sha256 %s", manifest.rows,
                manifest.seed, manifest.planted.bias, manifest.sha256)
    return 0


def prepare(arguments: argparse.Namespace, settings: Settings) -> int:
    """Read strictly, remove repeated rows, split."""
    places = Places(arguments.out)
    prepared = preparing.prepare(load_rows(places.data, settings.prepare), settings)
    for name, rows in (("train", prepared.train), ("test", prepared.test)):
        write_text(places.prepared / f"{name}.csv", _csv(rows))
    write_json(places.prepared / "summary.json", {
        "source_sha256": sha256_of_file(places.data), "repeated_rows": prepared.repeated,
        "train_rows": len(prepared.train), "test_rows": len(prepared.test),
        "train_share_positive": _share_positive(prepared.train),
        "test_share_positive": _share_positive(prepared.test)})
    LOGGER.info("%d repeated rows removed; %d training rows, %d test rows", prepared.repeated,
                len(prepared.train), len(prepared.test))
    return 0


def train(arguments: argparse.Namespace, settings: Settings) -> int:
    """Cross-validate the candidates, fit the best, store it."""
    places = Places(arguments.out)
    path = places.prepared / "train.csv"
    rows = load_rows(path, settings.prepare)
    found = training.train(rows, settings)
    record = save_training(places.model, found, sha256_of_file(path), len(rows), settings)
    write_json(places.model / "cross_validation.json", {
        each.name: {"roc_auc": each.roc_auc, "f1": each.f1, "threshold": each.threshold,
                    "cost_per_row": each.cost_per_row} for each in record.candidates})
    LOGGER.info("fitted %s, threshold %.6f", record.model_name, record.threshold)
    return 0


def evaluate(arguments: argparse.Namespace, settings: Settings) -> int:
    """Measure the stored model on the test rows."""
    places = Places(arguments.out)
    pipeline, record = load_training(places.model)
    rows = load_rows(places.prepared / "test.csv", settings.prepare)
    found = evaluate_rows(pipeline, record.threshold, rows, settings)
    folder = places.evaluation
    figures = {each.name: {"value": json_number(each.value), "low": json_number(each.low),
                           "high": json_number(each.high)} for each in found.figures}
    write_json(folder / "metrics.json", {
        "model": record.model_name, "threshold": record.threshold, "rows": len(rows),
        "share_positive": _share_positive(rows), "figures": figures})
    for name, table in (("predictions", found.predictions), ("curves", found.curves),
                        ("calibration", found.calibration)):
        write_text(folder / f"{name}.csv", _csv(table))
    LOGGER.info("test rows: ROC AUC %.4f, F1 %.4f", *(
        figures[name]["value"] for name in ("roc_auc", "f1")))
    return 0


def _share_positive(rows: pd.DataFrame) -> float:
    return round(float((rows[TARGET] == POSITIVE).mean()), 6)


def _csv(table: pd.DataFrame) -> str:
    text: str = table.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    return text
