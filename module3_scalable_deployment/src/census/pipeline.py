"""Link the stages: from a table to a released model, a service that answered, and a report.

In: parsed arguments and settings. Out: the files of every stage, and ``report/``. This file is
wiring: it says what follows what, and computes nothing itself.
"""

import argparse
import logging
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import pandas as pd

from census.commands import COMMANDS
from census.course import run_course_layout
from census.figures import png_bytes
from census.files import write_bytes, write_json, write_text
from census.page import render
from census.places import Places
from census.probe import probe
from census.report import RunRecord, build_page, build_summary
from census.settings import Settings
from census.training.card_facts import CardFacts, read_facts
from census.training.evaluate_figures import calibration_figure, cost_figure, roc_figure

LOGGER = logging.getLogger(__name__)
#: In this order, also in ``dvc.yaml``.
STAGES = ("generate", "prepare", "train", "evaluate", "slices", "bias", "card", "release")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Do everything: all stages, then the service started, asked once and stopped.

    Parameters
    ----------
    arguments : argparse.Namespace
        ``out``, and ``data`` and ``course_layout`` or None.
    settings : Settings

    Returns
    -------
    int
        0, or 1 when the service did not answer and stop well.
    """
    places, started, clock = Places(arguments.out), datetime.now(UTC), perf_counter()
    for name in STAGES:
        begun = perf_counter()
        COMMANDS[name].load()(_words_for(name, arguments), settings)
        LOGGER.info("%s: %.1f s", name, perf_counter() - begun)
    answer = probe(places.out)
    LOGGER.info("service: ready after %.1f s, status %d, exit %d", answer.seconds_to_ready,
                answer.status, answer.exit_code)
    facts = read_facts(places)
    record = RunRecord(started, perf_counter() - clock, facts, answer, _pictures(places, facts))
    write_json(places.report / "summary.json", build_summary(record))
    write_text(places.report / "index.html", render(build_page(record)))
    if arguments.course_layout:
        run_course_layout(places.out, arguments.course_layout)
        print(f"course layout: {arguments.course_layout}")
    print(f"report: {places.report / 'index.html'}")
    return 0 if (answer.status, answer.exit_code) == (200, 0) else 1


def _words_for(name: str, arguments: argparse.Namespace) -> argparse.Namespace:
    """Return what the stage's own command would be given: its defaults, and ours."""
    parser = argparse.ArgumentParser()
    COMMANDS[name].add_to(parser)
    return argparse.Namespace(**{**vars(parser.parse_args([])), **vars(arguments)})


def _pictures(places: Places, facts: CardFacts) -> dict[str, bytes]:
    curves = pd.read_csv(places.evaluation / "curves.csv")
    threshold, auc = facts.record.threshold, facts.metrics.figures["roc_auc"].value or 0.0
    drawn = {
        "roc": roc_figure(curves, threshold, auc), "cost": cost_figure(curves, threshold),
        "calibration": calibration_figure(pd.read_csv(places.evaluation / "calibration.csv"))}
    pictures = {name: png_bytes(figure) for name, figure in drawn.items()}
    for name, png in pictures.items():
        write_bytes(places.report / f"{name}.png", png)
    return pictures | {name: path.read_bytes() for name, path in _drawn_before(places).items()}


def _drawn_before(places: Places) -> dict[str, Path]:
    found = {"sex_and_race": places.slices / "sex_and_race.png",
             "bias": places.bias / "sex.png"}
    return {name: path for name, path in found.items() if path.is_file()}
