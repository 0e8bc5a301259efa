"""Show where things come from: artifact, run, artifact, as text and as a picture.

In: records of runs. Out: lines of text, or a figure.
"""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rentals.figures import NEUTRAL_COLOUR, SERIES_COLOURS, new_figure
from rentals.lineage import RunRecord

_MOST_DRAWN = 60


def lineage_text(records: Sequence[RunRecord]) -> str:
    """Return one paragraph a run: what it read, what it made.

    Parameters
    ----------
    records : sequence of RunRecord

    Returns
    -------
    str
    """
    lines = []
    for record in records:
        lines.append(f"{record.step}  run {record.run[:8]}  {record.state}  "
                     f"{record.started_utc:%Y-%m-%d %H:%M:%S} UTC  {record.seconds:.1f} s")
        lines += [f"    <- {use.reference:<28} {use.digest[:12]}" for use in record.inputs]
        lines += [f"    -> {use.reference:<28} {use.digest[:12]}" for use in record.outputs]
    return "\n".join(lines) + "\n"


def upstream(records: Sequence[RunRecord], reference: str) -> tuple[RunRecord, ...]:
    """Return the runs on which an artifact depends, oldest first.

    Parameters
    ----------
    records : sequence of RunRecord
        All runs, oldest first.
    reference : str
        Name with version, such as ``release:v1``.

    Returns
    -------
    tuple of RunRecord
    """
    wanted, found = {reference}, []
    for record in reversed(records):
        if record.state == "done" and wanted & {use.reference for use in record.outputs}:
            found.append(record)
            wanted -= {use.reference for use in record.outputs}
            wanted |= {use.reference for use in record.inputs}
    return tuple(reversed(found))


def draw_lineage(records: Sequence[RunRecord]) -> Figure:
    """Draw runs as blue boxes and artifacts as grey ones, each below what it depends on.

    Parameters
    ----------
    records : sequence of RunRecord
        Oldest first; of more than 60, the newest are drawn.

    Returns
    -------
    Figure
    """
    drawn = list(records)[-_MOST_DRAWN:]
    edges = [(use.reference, record.run) for record in drawn for use in record.inputs]
    edges += [(record.run, use.reference) for record in drawn for use in record.outputs]
    labels = {record.run: record.step for record in drawn}
    places = _places(list(dict.fromkeys(node for edge in edges for node in edge)), edges)
    columns = 1 + max((x for x, _ in places.values()), default=0)
    rows = 1 + max((y for _, y in places.values()), default=0)
    figure, (axis,) = new_figure("From data to release", width=max(9.0, 1.75 * columns),
                                 height=max(3.0, 1.0 + 0.52 * rows))
    for start, end in edges:
        _draw_arrow(axis, places[start], places[end])
    for node, place in places.items():
        _draw_box(axis, place, labels.get(node, node), is_run=node in labels)
    axis.set_xlim(-0.55, columns - 0.45)
    axis.set_ylim(rows - 0.5, -0.5)
    axis.set_axis_off()
    return figure


def _draw_arrow(axis: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axis.annotate("", (end[0], end[1] - 0.28), (start[0], start[1] + 0.28), arrowprops={
        "arrowstyle": "->", "color": NEUTRAL_COLOUR, "linewidth": 0.8,
        # A long arrow goes around what stands between.
        "connectionstyle": "arc3,rad=0.3" if end[1] - start[1] > 1 else "arc3",
        "linestyle": "dotted" if end[1] - start[1] > 1 else "solid"})


def _draw_box(axis: Axes, place: tuple[float, float], label: str, *, is_run: bool) -> None:
    axis.text(*place, label, ha="center", va="center", fontsize=7,
              color="white" if is_run else "black",
              bbox={"boxstyle": "round,pad=0.35" if is_run else "square,pad=0.3",
                    "facecolor": SERIES_COLOURS[0] if is_run else "#eef1f4", "edgecolor": "none"})


def _places(nodes: list[str], edges: list[tuple[str, str]]) -> dict[str, tuple[float, float]]:
    """Return column and row of each node: the row is the longest way to it."""
    depth = dict.fromkeys(nodes, 0)
    for _ in nodes:
        moved = False
        for start, end in edges:
            if depth[end] <= depth[start] < len(nodes):
                depth[end], moved = depth[start] + 1, True
        if not moved:
            break
    rows: dict[int, list[str]] = {}
    for node in nodes:
        rows.setdefault(depth[node], []).append(node)
    widest = max(map(len, rows.values()), default=1)
    return {node: (column + (widest - len(row)) / 2, float(depth[node]))
            for row in rows.values() for column, node in enumerate(row)}
