"""The stages of the audit at the rim: slices, bias, and the model card that tells of them.

In: parsed arguments and settings. Out: files below ``--out``, and an exit code.
The JSON files are what the service shows; the CSV files are the same figures for people.
"""

import argparse
import csv
import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from census.figures import png_bytes
from census.files import sha256_of_file, write_bytes, write_json, write_text
from census.page import Picture, render
from census.places import Places
from census.settings import Settings
from census.training.bias import CONFIDENCE, audit, reference_groups
from census.training.bias_figures import fairness_figure
from census.training.bias_report import findings_table, report_text
from census.training.card import lay_out
from census.training.card_facts import read_facts
from census.training.card_file import compare, markdown
from census.training.card_prose import read_prose
from census.training.predictions import read_predictions
from census.training.slice_figures import slice_figure
from census.training.slices import ALL, count_slices, course_text, slice_table

LOGGER = logging.getLogger(__name__)
_DECIMALS = 6
_PROSE = Path(__file__).parents[2] / "config" / "model_card_prose.md"


def slices(arguments: argparse.Namespace, settings: Settings) -> int:
    """Measure every slice of the test rows."""
    places = Places(arguments.out)
    folder = places.slices
    counts = count_slices(read_predictions(places.evaluation / "predictions.csv"),
                          settings.slices)
    table = slice_table(counts, settings.slices)
    write_text(folder / "slices.csv", _csv(table))
    write_text(folder / "slice_output.txt", course_text(counts))
    write_json(folder / "slices.json", {
        "confidence": settings.slices.confidence, "least_rows": settings.slices.least_rows,
        "slices": _records(table)})
    for feature in table["feature"].unique():
        if feature != ALL:
            write_bytes(folder / picture_name(feature), png_bytes(slice_figure(table, feature)))
    LOGGER.info("%d slices, %d of them small, %d with something undefined", len(table) - 1,
                (table["small"] == "yes").sum(), (table["undefined"] != "").sum())
    return 0


def bias(arguments: argparse.Namespace, settings: Settings) -> int:
    """Audit the test rows for bias."""
    places = Places(arguments.out)
    folder = places.bias
    found = audit(read_predictions(places.evaluation / "predictions.csv"), settings.bias)
    findings = findings_table(found)
    for name, table in (("groups", found.tables.groups),
                        ("attributes", found.tables.attributes), ("findings", findings)):
        write_text(folder / f"{name}.csv", _csv(table.round(_DECIMALS)))
    write_text(folder / "report.md", report_text(found))
    write_json(folder / "fairness.json", {
        "rows": found.rows, "tolerance": settings.bias.tolerance, "confidence": CONFIDENCE,
        "least_rows": settings.bias.least_rows, "reference": reference_groups(settings.bias),
        "overall": {name: value if isinstance(value, bool) else None
                    for name, value in found.tables.overall.items()},
        "findings": _records(findings)})
    for counts in found.counts:
        write_bytes(folder / picture_name(counts.attribute),
                    png_bytes(fairness_figure(found, counts.attribute)))
    verdicts = findings["verdict"].value_counts()
    LOGGER.info("%d comparisons: %d unequal, %d undefined", len(findings),
                verdicts.get("unequal", 0), verdicts.get("undefined", 0))
    return 0


def card(arguments: argparse.Namespace, settings: Settings) -> int:
    """Make the model card of this run, or tell whether a card on disk is of this run."""
    places, prose = Places(arguments.out), arguments.prose or _PROSE
    facts = read_facts(places)
    digests = {**facts.digests, f"config/{_PROSE.name}": sha256_of_file(prose)}
    page = lay_out(replace(facts, digests=digests), read_prose(prose), _pictures(places, settings))
    text = markdown(page)
    if arguments.check:
        verdict = compare(arguments.check, text)
        print(verdict.words)
        return 0 if verdict.is_fresh else 1
    write_text(places.card / "model_card.md", text)
    write_text(places.card / "model_card.html", render(page))
    if arguments.to:
        write_text(arguments.to, text)
    LOGGER.info("card of %s: %s", facts.record.model_name, places.card / "model_card.html")
    return 0


def picture_name(feature: str) -> str:
    """Return the file name of a feature's or pair's picture, such as ``sex_and_race.png``."""
    return f"{feature.replace(' & ', '_and_')}.png"


def _pictures(places: Places, settings: Settings) -> dict[str, tuple[Picture, ...]]:
    """Return the pictures of the groups that are compared, by section of the card."""
    attributes = reference_groups(settings.bias)
    return {section: tuple(
        Picture((folder / picture_name(name)).read_bytes(), f"{caption} by {name}")
        for name in attributes if (folder / picture_name(name)).is_file())
        for section, folder, caption in (
            ("Slices", places.slices, "Slices with intervals"),
            ("Fairness", places.bias, "Rates as Aequitas judges them"))}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows for JSON: undefined is null, yes and no are true and false."""
    answers = {name: table[name] == "yes" for name in ("small", "sure") if name in table}
    text = table.assign(**answers).to_json(orient="records", double_precision=15)
    rows: list[dict[str, Any]] = json.loads(text)
    return rows


def _csv(table: pd.DataFrame) -> str:
    text: str = table.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    return text
