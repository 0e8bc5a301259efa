"""The pictures of a report: confusion matrix, scores, seconds, missing shares.

In: facts. Out: marks in axes, or a figure of its own; nothing is saved here.

References
----------
Colours: Okabe, M. and Ito, K. (2008). Color Universal Design, safe for colour-blind readers.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from riskwatch.report_confusion import Confusion
from riskwatch.report_history import CycleSeconds, MissingShare, ScoredDrop
from riskwatch.report_parts import Picture

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#56606B")
MARKS = ("o", "s", "^", "D", "v", "P", "X")
_INK, _DOTS_PER_INCH, _MOST_STAGES, _TICKS = "#1c2430", 130, 6, 6
_NAMES = {"f1": "F1", "roc_auc": "ROC AUC"}


def figure_of(picture: Picture) -> Figure:
    """Return a picture as a figure.

    Parameters
    ----------
    picture : Picture

    Returns
    -------
    Figure
    """
    figure = Figure(figsize=(picture.width, picture.height), dpi=_DOTS_PER_INCH,
                    layout="constrained")
    picture.draw(figure.add_subplot())
    return figure


def png_bytes(figure: Figure) -> bytes:
    """Return a figure as PNG; equal figures give equal bytes."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def draw_confusion(axes: Axes, confusion: Confusion) -> None:
    """Draw the matrix: a line for what happened, a column for what the model said.

    Parameters
    ----------
    axes : Axes
    confusion : Confusion
    """
    lines = confusion.lines()
    shares = np.array(lines, dtype=float)
    totals = shares.sum(axis=1, keepdims=True)
    shares = np.divide(shares, totals, out=np.zeros_like(shares), where=totals > 0)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    notes = (("rightly", "false alarms"), ("missed", "rightly"))
    for happened in (0, 1):
        for said in (0, 1):
            colour = "white" if shares[happened, said] > 0.7 else _INK
            axes.text(said, happened - 0.08, f"{lines[happened][said]:,}", ha="center",
                      va="center", fontsize=17, fontweight="bold", color=colour)
            axes.text(said, happened + 0.24, f"{notes[happened][said]}, "
                      f"{shares[happened, said]:.0%} of the line", ha="center", va="center",
                      fontsize=8.5, color=colour)
    axes.set_xticks((0, 1), ("would stay", "would leave"))
    axes.set_yticks((0, 1), ("stayed", "left"))
    axes.set_xlabel("The model said: the corporation …", fontsize=9)
    axes.set_ylabel("What happened", fontsize=9)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=9)


def draw_scores(axes: Axes, drops: Sequence[ScoredDrop], metric: Literal["f1", "roc_auc"]
                ) -> None:
    """Draw a figure of each drop with its interval; upright lines where the model changed.

    Parameters
    ----------
    axes : Axes
    drops : sequence of ScoredDrop
        Oldest first; a drop without labels leaves a gap.
    metric : str
    """
    records = [drop.entry.record for drop in drops]
    places = [place for place, record in enumerate(records)
              if getattr(record, metric) is not None]
    values = [getattr(records[place], metric) for place in places]
    low = [getattr(records[place], f"{metric}_low") for place in places]
    high = [getattr(records[place], f"{metric}_high") for place in places]
    axes.vlines(places, low, high, color=COLOURS[0], alpha=0.45, lw=1.6,
                label="95 % interval")
    axes.plot(places, values, marker="o", ms=3.2, lw=0.9, color=COLOURS[0],
              label=_NAMES[metric])
    changes = [place for place in range(1, len(records))
               if records[place].model_version != records[place - 1].model_version]
    for number, place in enumerate(changes):
        axes.axvline(place - 0.5, color=COLOURS[1], ls="--", lw=1,
                     label="another release" if number == 0 else None)
    _finish(axes, [drop.label for drop in drops], _NAMES[metric])
    axes.set_ylim(0, 1.03)
    if places or changes:
        _legend(axes)


def draw_seconds(axes: Axes, cycles: Sequence[CycleSeconds]) -> None:
    """Draw the seconds of each cycle as bars, stage upon stage; small stages together.

    Parameters
    ----------
    axes : Axes
    cycles : sequence of CycleSeconds
        Oldest first.
    """
    totals: dict[str, float] = {}
    for cycle in cycles:
        for stage, seconds in cycle.seconds:
            totals[stage] = totals.get(stage, 0.0) + seconds
    named = sorted(totals, key=lambda stage: (-totals[stage], stage))[:_MOST_STAGES]
    foot = np.zeros(len(cycles))
    for number, name in enumerate((*named, "others")):
        part = np.array([sum(seconds for stage, seconds in cycle.seconds
                             if stage == name or (name == "others" and stage not in named))
                         for cycle in cycles])
        if part.any():
            axes.bar(range(len(cycles)), part, bottom=foot, label=name, width=0.85,
                     color=COLOURS[number])
            foot = foot + part
    _finish(axes, [cycle.made_utc[:10] for cycle in cycles], "seconds")
    if foot.any():
        _legend(axes)


def draw_missing(axes: Axes, series: Sequence[MissingShare], limit: float) -> None:
    """Draw the missing share of each column over the drops, and the share that fails.

    Parameters
    ----------
    axes : Axes
    series : sequence of MissingShare
        Oldest first.
    limit : float
    """
    for number, line in enumerate(series):
        axes.plot([100 * share for share in line.shares], marker=MARKS[number], ms=3, lw=0.9,
                  color=COLOURS[number], label=line.column)
    axes.axhline(100 * limit, color=_INK, ls="--", lw=1, label="limit")
    longest = max((line.made_utc for line in series), key=len, default=())
    _finish(axes, [made[:10] for made in longest], "missing, % of the drop")
    axes.set_ylim(bottom=0)
    _legend(axes)


def _finish(axes: Axes, labels: Sequence[str], quantity: str) -> None:
    places = sorted({round(place) for place in np.linspace(0, max(len(labels) - 1, 0), _TICKS)}
                    ) if labels else []
    axes.set_xticks(places, [_shortened(labels[place]) for place in places], fontsize=8,
                    parse_math=False)
    axes.tick_params(axis="y", labelsize=8)
    axes.set_ylabel(quantity, fontsize=9)
    axes.set_xlim(-0.7, max(len(labels), 1) - 0.3)
    axes.grid(axis="y", alpha=0.25)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _shortened(label: str) -> str:
    # The fonts of pictures know Latin, Greek and Cyrillic letters; a file can have any name.
    plain = "".join(char if char.isprintable() and ord(char) < 0x500 else "?" for char in label)
    return plain if len(plain) <= 14 else f"{plain[:13]}…"


def _legend(axes: Axes) -> None:
    axes.legend(fontsize=7.5, frameon=False, ncols=8, loc="lower left", borderaxespad=0,
                bbox_to_anchor=(0, 1.01), handlelength=1.4, columnspacing=1.2)
