"""Link the rooms of a run: days played, a service that answered about them, and a report.

In: a workplace, a number of days, the user's folders if there are any. Out: the simulated
workplace, the timeline, ``report/``. This file is wiring: it says what follows what, and
computes nothing itself.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Literal

from riskwatch.files import write_bytes, write_json, write_text
from riskwatch.ledger import open_ledger
from riskwatch.page import render
from riskwatch.probe import probe
from riskwatch.simulate import simulate
from riskwatch.simulate_figure import Span, picture_bytes, timeline_figure
from riskwatch.simulate_story import read_story
from riskwatch.simulate_truth import Truth, era_spans, score_truth
from riskwatch.simulate_words import Told
from riskwatch.summary import RunRecord, build_page, build_summary
from riskwatch.workplace import Workplace

OnDay = Callable[[int, int], None]


def play(place: Workplace, days: int | None, folders: Sequence[Path], on_day: OnDay) -> Told:
    """Play the days, and tell them; see `riskwatch.simulate.simulate`.

    Parameters
    ----------
    place : Workplace
    days : int or None
    folders : sequence of Path
    on_day : callable

    Returns
    -------
    Told
    """
    played = simulate(place, days, folders, on_day=on_day)
    with closing(open_ledger(played.place)) as ledger:
        story = read_story(ledger, len(played.days))
    truth: Truth | None = None
    eras: tuple[Span, ...] = ()
    if played.manifest is not None:
        truth = score_truth(played.manifest, story)
        eras = era_spans(played.manifest, story.days)
    figure = timeline_figure(story, eras)
    kinds: tuple[Literal["png", "svg"], ...] = ("png", "svg")
    pictures: dict[str, Path] = {kind: played.place.out / f"timeline.{kind}" for kind in kinds}
    for kind in kinds:
        write_bytes(pictures[kind], picture_bytes(figure, kind))
    return Told(played, story, truth, pictures)


def run(place: Workplace, days: int | None, folders: Sequence[Path], on_day: OnDay) -> RunRecord:
    """Do everything: play the days, start the service on them, ask it, stop it, report.

    Parameters
    ----------
    place : Workplace
    days : int or None
    folders : sequence of Path
    on_day : callable

    Returns
    -------
    RunRecord
        As the report has it; the report stands in ``report/``.
    """
    started, clock = datetime.now(UTC), perf_counter()
    told = play(place, days, folders, on_day)
    seconds_to_play = perf_counter() - clock
    report = place.out / "report"
    answer = probe(told.played.place.out, place.out / "client", report / "dashboard.html")
    record = RunRecord(started, perf_counter() - clock, seconds_to_play, told, answer,
                       source_of(folders, told), report / "index.html")
    write_json(report / "summary.json", build_summary(record))
    write_text(record.page, render(build_page(record)))
    return record


def source_of(folders: Sequence[Path], told: Told) -> str:
    """Return in words where the drops come from."""
    if folders:
        return f"the files of {', '.join(folder.name or str(folder) for folder in folders)}"
    return f"generated drops, seed {told.played.place.settings.seed}"
