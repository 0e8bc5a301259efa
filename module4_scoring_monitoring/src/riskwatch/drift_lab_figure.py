"""What the drift laboratory measured, as a table and as a figure that shows who cries wolf.

In: rates. Out: CSV text and a figure, and both as files.
"""

import io
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from riskwatch.drift_lab import Rate, totals
from riskwatch.files import make_folder, write_bytes, write_text

#: Colours of Okabe and Ito, told apart by colour-blind readers.
_FALSE, _TRUE = "#D55E00", "#0072B2"


def rates_table(rates: tuple[Rate, ...]) -> str:
    """Return the rates as CSV text, one line a rule and kind."""
    lines = ["rule,kind,should_alarm,alarms,pairs,rate,low,high"]
    for rate in rates:
        low, high = rate.interval()
        lines.append(f'"{rate.rule}","{rate.kind}",{"no" if rate.is_null else "yes"},'
                     f"{rate.alarms},{rate.pairs},{rate.alarms / rate.pairs:.4f},"
                     f"{low:.4f},{high:.4f}")
    return "\n".join(lines) + "\n"


def rates_figure(rates: tuple[Rate, ...]) -> Figure:
    """Return the figure: false alarms on the left, drift that was seen on the right.

    Parameters
    ----------
    rates : tuple of Rate

    Returns
    -------
    Figure
        The caller saves it.
    """
    both = totals(rates)
    rules = list(dict.fromkeys(rate.rule for rate in both))[::-1]
    figure = Figure(figsize=(12, 1.8 + 0.5 * len(rules)), layout="constrained")
    panels = figure.subplots(1, 2, sharey=True)
    for axes, is_null, colour, title in (
            (panels[0], True, _FALSE, "Cries wolf: alarms where nothing changed"),
            (panels[1], False, _TRUE, "Sees the wolf: alarms where something changed")):
        for rate in (rate for rate in both if rate.is_null == is_null):
            place, share = rules.index(rate.rule), rate.alarms / rate.pairs
            low, high = rate.interval()
            axes.barh(place, share, color=colour, height=0.6)
            axes.plot([low, high], [place, place], color="black", lw=1.2)
            axes.text(min(high, 0.99) + 0.015, place, f"{share:.1%} of {rate.pairs}",
                      va="center", fontsize=8)
        axes.set(xlim=(0, 1.3), xlabel="share of pairs, with 95 % interval")
        axes.set_title(title, fontsize=11)
        axes.set_xticks(np.linspace(0, 1, 6))
        axes.grid(axis="x", alpha=0.3)
    panels[0].axvline(0.05, color="#666666", ls="--", lw=1)
    panels[0].text(0.055, len(rules) - 0.45, "5 %", color="#666666", fontsize=8)
    panels[0].set_yticks(range(len(rules)), rules)
    panels[0].set_ylim(-0.6, len(rules) - 0.2)
    return figure


def save_rates(rates: tuple[Rate, ...], folder: Path) -> None:
    """Write ``rates.csv`` and ``rates.png`` into a folder.

    Parameters
    ----------
    rates : tuple of Rate
    folder : Path

    Raises
    ------
    OutputError
        It cannot be written.
    """
    picture = io.BytesIO()
    make_folder(folder)
    write_text(folder / "rates.csv", rates_table(rates))
    rates_figure(rates).savefig(picture, format="png", dpi=110, metadata={"Software": None})
    write_bytes(folder / "rates.png", picture.getvalue())
