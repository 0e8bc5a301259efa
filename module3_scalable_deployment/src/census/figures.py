"""How a picture looks: size, colours, and its bytes.

In: titles, or a finished figure. Out: a fresh ``matplotlib`` figure, or PNG bytes.
Figures are objects that are passed on; ``matplotlib.pyplot`` keeps global state and is not used.

References
----------
Colours: Okabe, M. and Ito, K. (2008). Color Universal Design, safe for colour-blind readers.
"""

from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.figure import Figure

STAYED_COLOUR, LEFT_COLOUR = "#0072B2", "#D55E00"
NEUTRAL_COLOUR, THIRD_COLOUR = "#56606B", "#009E73"
SERIES_COLOURS = (STAYED_COLOUR, LEFT_COLOUR, THIRD_COLOUR, "#CC79A7", "#E69F00", "#56B4E9")
_DOTS_PER_INCH = 100


def new_figure(title: str, *, width: float = 7.5, height: float = 4.5, panels: int = 1
               ) -> tuple[Figure, list[Axes]]:
    """Return an empty figure and its panels, side by side.

    Parameters
    ----------
    title : str
        Over the whole figure.
    width, height : float
        Inches.
    panels : int
        Number of axes.

    Returns
    -------
    figure : Figure
    axes : list of Axes
    """
    figure = Figure(figsize=(width, height), dpi=_DOTS_PER_INCH, layout="constrained")
    figure.suptitle(title, fontsize=13, fontweight="bold", x=0.01, ha="left")
    axes = [figure.add_subplot(1, panels, number + 1) for number in range(panels)]
    for panel in axes:
        panel.spines[["top", "right"]].set_visible(False)
        panel.grid(axis="y", alpha=0.25)
        panel.set_axisbelow(True)
    return figure, axes


def plain_label(text: str) -> str:
    """Return text to be drawn as it stands: between two dollar signs would be a formula."""
    return text.replace("$", r"\$")


def png_bytes(figure: Figure) -> bytes:
    """Return the figure as PNG; equal figures give equal bytes.

    Parameters
    ----------
    figure : Figure

    Returns
    -------
    bytes
    """
    buffer = BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()
