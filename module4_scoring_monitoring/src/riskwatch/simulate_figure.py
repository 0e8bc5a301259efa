"""The timeline of a simulation: score, drift, decisions and releases under each other, by day.

In: a story, and the eras where they are known. Out: a figure, and its bytes as PNG or SVG, which
depend on nothing but the story.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from riskwatch.drift_records import JOINT
from riskwatch.drift_watch import ERROR, PROBABILITY, SCORE
from riskwatch.evaluate import Measured
from riskwatch.schema import FEATURES
from riskwatch.simulate_story import Story

Span = tuple[str, int, int]
#: Colours of Okabe and Ito, told apart by colour-blind readers; shapes differ as well.
_BLUE, _ORANGE, _RED, _GREEN, _GREY = "#0072B2", "#E69F00", "#D55E00", "#009E73", "#9A9A9A"
_ERA_TINTS = ("#FFFFFF", "#E8EEF5", "#F6ECE2", "#E9F3EE")
_STRIPS = {**{name: name.replace("_", " ") for name in FEATURES},
           PROBABILITY: "predicted probability", JOINT: "all columns together",
           SCORE: "rules of F1", ERROR: "rules of the error rate"}
_ACTIONS: tuple[tuple[str, str, str, str, str], ...] = (
    ("drift", "keep", "keep", _GREY, "."),
    ("drift", "insufficient_evidence", "more evidence needed", _BLUE, "s"),
    ("drift", "ask_person", "ask a person", _ORANGE, "D"),
    ("drift", "retrain", "retrain", _RED, "^"),
    ("gate", "refuse", "challenger refused", "black", "x"),
    ("gate", "deploy", "challenger deployed", _GREEN, "*"))
_INSIDE_PNG: Mapping[str, Any] = {"Software": None}
_INSIDE_SVG: Mapping[str, Any] = {"Date": None, "Creator": None}


def timeline_figure(story: Story, eras: Sequence[Span] = ()) -> Figure:
    """Return the timeline.

    Parameters
    ----------
    story : Story
    eras : sequence of (str, int, int)
        Name, first and last day; they tint the background.

    Returns
    -------
    Figure
        The caller saves it; see `picture_bytes`.
    """
    figure = Figure(figsize=(13, 10), layout="constrained")
    scores, strips, actions = figure.subplots(
        3, 1, sharex=True, height_ratios=(4.2, 2.6, 2.2))
    for number, (name, first, last) in enumerate(eras):
        for axes in (scores, actions):
            axes.axvspan(first - 0.5, last + 0.5, lw=0, zorder=0,
                         color=_ERA_TINTS[number % len(_ERA_TINTS)])
        for axes in (scores, strips, actions):
            if number:
                axes.axvline(first - 0.5, color="#555555", lw=0.8, ls=":")
        scores.annotate(name.replace("_", " "), ((first + last) / 2, 1), (0, 4), ha="center",
                        xycoords=("data", "axes fraction"), textcoords="offset points",
                        fontsize=10, color="#333333")
    _draw_scores(scores, story)
    _draw_strips(strips, story)
    _draw_actions(actions, story)
    actions.set_xlabel("simulated day on which the drop arrived")
    actions.set_xlim(-0.8, story.days - 0.2)
    actions.xaxis.set_major_locator(MaxNLocator(nbins=19, integer=True, min_n_ticks=1))
    figure.suptitle(f"{story.days} simulated days: how the model did, what was seen, and what "
                    "followed", fontsize=13)
    return figure


def picture_bytes(figure: Figure, kind: Literal["png", "svg"]) -> bytes:
    """Return a figure as a file that is the same whenever the figure is.

    Parameters
    ----------
    figure : Figure
    kind : str
        ``png`` or ``svg``.

    Returns
    -------
    bytes
    """
    content = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "riskwatch"}):
        figure.savefig(content, format=kind, dpi=100,
                       metadata=dict(_INSIDE_PNG if kind == "png" else _INSIDE_SVG))
    return content.getvalue()


def _draw_scores(axes: Axes, story: Story) -> None:
    drops = [score for score in story.scores if score.file_id is not None]
    for shift, colour, marker, label, figures in (
            (-0.12, _BLUE, "o", "ROC AUC (decides)", [one.roc_auc for one in drops]),
            (0.12, _ORANGE, "s", "F1", [one.f1 for one in drops])):
        days = np.array([one.day for one, figure in zip(drops, figures) if _is_known(figure)])
        values = np.array([(figure.value, figure.low, figure.high) for figure in figures
                           if _is_known(figure)], dtype=float).reshape(-1, 3)
        axes.vlines(days + shift, values[:, 1], values[:, 2], color=colour, alpha=0.35, lw=1.4)
        axes.plot(days + shift, values[:, 0], marker, color=colour, ms=3.6, ls="-", lw=0.7,
                  label=f"{label}, with 95 % interval")
    for number, (day, _) in enumerate(story.deployments):
        axes.axvline(day + 0.5, color=_GREEN, lw=1.3, ls="--",
                     label=None if number else "a new release serves from here on")
    axes.set(ylim=(0, 1.02), ylabel="score of the serving model on the drop")
    axes.grid(axis="y", alpha=0.3)
    axes.legend(loc="lower left", fontsize=9, framealpha=0.9)


def _is_known(figure: Measured) -> bool:
    return None not in (figure.value, figure.low, figure.high)


def _draw_strips(axes: Axes, story: Story) -> None:
    """Draw a cell for each column and day: drift, none, or not judged."""
    names = list(_STRIPS)
    cells = np.full((len(names), story.days), np.nan)
    for (file_id, column), verdict in story.verdicts.items():
        place = names.index(column), story.day_of(file_id)
        value = ("not_enough_data", "no_drift", "drift").index(verdict)
        cells[place] = np.nanmax([cells[place], value])
    colours = ("#C9C9C9", "#DCE9F3", _RED)
    axes.pcolormesh(np.arange(story.days + 1) - 0.5, np.arange(len(names) + 1) - 0.5,
                    np.ma.masked_invalid(cells), cmap=ListedColormap(colours), vmin=0, vmax=2,
                    edgecolors="white", linewidth=0.6)
    axes.set_yticks(range(len(names)), list(_STRIPS.values()), fontsize=9)
    axes.invert_yaxis()
    axes.axhline(len(FEATURES) + 1.5, color="black", lw=0.8)  # below: the course's rules
    axes.legend([Patch(color=colour) for colour in colours[::-1]],
                ["drift", "no drift", "not enough data"], ncols=3, fontsize=9,
                loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0.1, frameon=False)
    axes.set_title("drift verdicts by column (white: no new drop)", fontsize=10, loc="left")


def _draw_actions(axes: Axes, story: Story) -> None:
    for place, (kind, action, _, colour, marker) in enumerate(_ACTIONS):
        days = [one.day for one in story.decisions if (one.kind, one.action) == (kind, action)]
        axes.plot(days, [place] * len(days), marker, color=colour,
                  ms={".": 6, "*": 11}.get(marker, 7), ls="")
    axes.set_yticks(range(len(_ACTIONS)), [words for _, _, words, _, _ in _ACTIONS], fontsize=9)
    axes.set_ylim(-0.6, len(_ACTIONS) - 0.4)
    axes.grid(axis="y", alpha=0.3)
    axes.set_title("decisions and trials", fontsize=10, loc="left")
