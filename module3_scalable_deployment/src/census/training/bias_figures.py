"""Draw the audit: Aequitas' own plots, in colours that everybody can tell apart.

In: an audit. Out: figures.
Aequitas paints what is undefined in the colour of the fair, so such groups are left out of its
plots and named in the report.
"""

from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from census.figures import LEFT_COLOUR, NEUTRAL_COLOUR, STAYED_COLOUR, new_figure
from census.training.bias import Audit

#: Aequitas' names of what is drawn, and ours.
_DRAWN = {"pprev": "selection rate", "fpr": "false positive rate", "tpr": "recall",
          "precision": "precision"}
#: Of a panel, in units of the rate: beside a full bar there must be room for a name.
_WIDTH = 1.4
_RECOLOURED = {"#1b7837": STAYED_COLOUR, "#a50026": LEFT_COLOUR}


def fairness_figure(audit: Audit, attribute: str) -> Figure:
    """Draw the rates of an attribute's groups, coloured by Aequitas' verdict.

    Parameters
    ----------
    audit : Audit
    attribute : str

    Returns
    -------
    Figure
        A panel for each metric.
    """
    from aequitas.plotting import Plot  # pylint: disable=import-outside-toplevel  # it is heavy

    table = audit.tables.groups
    table = table[table["attribute_name"] == attribute]
    figure, _ = new_figure(f"Rates by {attribute}, judged by Aequitas", width=13,
                           height=2.4 + 0.5 * len(table), panels=0)
    panels = figure.subplots(2, 2).flat
    for axis, (metric, name) in zip(panels, _DRAWN.items(), strict=True):
        known = table[table[metric].notna() & table[f"{metric}_disparity"].notna()]
        axis.set_title(name, fontsize=11, loc="left")
        axis.spines[["top", "right"]].set_visible(False)
        if known.empty:
            axis.text(0.5, 0.5, "undefined", ha="center", color=NEUTRAL_COLOUR)
            continue
        Plot().plot_fairness_group(known, metric, ax=axis, ax_lim=_WIDTH)
        _make_plain(axis)
    figure.supxlabel("blue: fair; orange: unequal; undefined groups are left out", fontsize=9,
                     color=NEUTRAL_COLOUR)
    return figure


def _make_plain(axis: Axes) -> None:
    """Give Aequitas' drawing this project's colours and sizes."""
    for patch in axis.patches:
        colour = to_hex(patch.get_facecolor())
        patch.set_facecolor(_RECOLOURED.get(colour, colour))
    for text in axis.texts:
        text.set(fontsize=8, color="black")
    axis.set_yticks([])
    axis.set_xticks((0, 0.5, 1), ("0", ".5", "1"))
    axis.set_xlabel("")
