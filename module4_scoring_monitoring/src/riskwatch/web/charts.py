"""Small charts as inline SVG: no script, no library, readable in print and in the dark.

In: rows. Out: markup whose colours are the page's own, and whose marks differ in shape too, so
that nobody has to tell colours apart. Texts are escaped.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 1100, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 14, 26
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_CELL, _LABEL, _MOST_CELL_WIDTH = 20, 160, 60
_BAR_HEIGHT = 90


@dataclass(frozen=True)
class Point:
    """A figure with its interval, None where it is undefined, and what it is of."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    is_first_of_release: bool = False


@dataclass(frozen=True)
class Cell:
    """A square of the heatmap: its state, and what stands in its tooltip."""

    state: str
    title: str


@dataclass(frozen=True)
class Bar:
    """A run: how long it took, how it ended, and what stands in its tooltip."""

    seconds: float
    state: str
    title: str


_SIGNS = {"drift": "●", "no_drift": "·", "not_enough_data": "–", "unknown": ""}
_LOOK_SIGNS = {"warn": "!", "bad": "×"}


def score_chart(points: Sequence[Point]) -> Markup:
    """Draw figures between 0 and 1 with their intervals, oldest first.

    Parameters
    ----------
    points : sequence of Point

    Returns
    -------
    Markup
    """
    step = (WIDTH - _LEFT - _RIGHT) / max(len(points), 1)
    body = [_grid()]
    line: list[str] = []
    for number, point in enumerate(points):
        x = _LEFT + step * (number + 0.5)
        if point.is_first_of_release:
            body.append(Markup('<line class="release" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" '
                               'y2="{2}"/>').format(x - step / 2, _TOP, HEIGHT - _BOTTOM))
        if point.value is None:
            continue
        line.append(f"{x:.1f},{_y(point.value):.1f}")
        body.append(_mark(point, x))
    path = Markup('<polyline class="line" points="{}"/>').format(" ".join(line))
    ends = _ends([point.label for point in points], HEIGHT - 6, _LEFT, WIDTH - _RIGHT)
    return _svg(WIDTH, HEIGHT, "F1 of each drop, oldest left, with 95 % intervals; upright lines: "
                "another release began to serve", Markup("").join([*body[:1], path, *body[1:],
                                                                   ends]))


def heatmap(names: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Cell]]
            ) -> Markup:
    """Draw what drift tests said: a row for each column of the data, a square for each drop.

    Parameters
    ----------
    names : sequence of str
        Of the rows.
    columns : sequence of str
        Of the drops, oldest first.
    cells : sequence of sequence of Cell
        A sequence for each name, a cell for each drop.

    Returns
    -------
    Markup
    """
    body = []
    step = min((WIDTH - _LABEL) / max(len(columns), 1), _MOST_CELL_WIDTH)
    for row, name in enumerate(names):
        y = row * _CELL
        body.append(Markup('<text class="axis" x="{}" y="{}" text-anchor="end">{}</text>').format(
            _LABEL - 6, y + 14, name))
        for place, cell in enumerate(cells[row]):
            x = _LABEL + place * step
            body.append(Markup(
                '<g><title>{}</title><rect class="cell {}" x="{:.1f}" y="{}" width="{:.1f}" '
                'height="{}"/><text class="sign {}" x="{:.1f}" y="{}" text-anchor="middle">{}'
                '</text></g>').format(
                    cell.title, cell.state, x + 1, y + 1, step - 2, _CELL - 2, cell.state,
                    x + step / 2, y + 14, _SIGNS.get(cell.state, "?")))
    height = len(names) * _CELL + 18
    ends = _ends(columns, height - 4, _LABEL, _LABEL + step * len(columns))
    return _svg(WIDTH, height, "Drift by column and drop, oldest left",
                Markup("").join([*body, ends]))


def bars(runs: Sequence[Bar]) -> Markup:
    """Draw how long runs took, oldest first; the foot of a bar says how it ended.

    Parameters
    ----------
    runs : sequence of Bar

    Returns
    -------
    Markup
    """
    most = max((run.seconds for run in runs), default=0) or 1.0
    step = (WIDTH - _LEFT - _RIGHT) / max(len(runs), 1)
    body = [Markup('<text class="axis" x="{}" y="12" text-anchor="end">{:.3g} s</text>').format(
        _LEFT - 4, most)]
    for number, run in enumerate(runs):
        height = (_BAR_HEIGHT - 28) * run.seconds / most
        x, width = _LEFT + step * number, max(min(step - 2, 24), 1)
        body.append(Markup(
            '<g><title>{}</title><rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" '
            'height="{:.1f}"/><rect class="end {}" x="{:.1f}" y="{}" width="{:.1f}" height="12"/>'
            '<text class="sign drift" x="{:.1f}" y="{}" text-anchor="middle">{}</text></g>'
        ).format(
            run.title, x, _BAR_HEIGHT - 18 - height, width, height, run.state, x,
            _BAR_HEIGHT - 14, width, x + width / 2, _BAR_HEIGHT - 4,
            _LOOK_SIGNS.get(run.state, "")))
    return _svg(WIDTH, _BAR_HEIGHT, "Seconds of each run, oldest left", Markup("").join(body))


def _svg(width: float, height: float, title: str, body: Markup) -> Markup:
    return Markup('<svg viewBox="0 0 {:g} {:g}" width="{:g}" role="img" aria-label="{}">{}</svg>'
                  ).format(width, height, width, title, body)


def _y(value: float) -> float:
    return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - min(max(value, 0.0), 1.0))


def _grid() -> Markup:
    return Markup("").join(
        Markup('<line class="grid" x1="{}" x2="{}" y1="{y:.1f}" y2="{y:.1f}"/><text class="axis" '
               'x="{}" y="{:.1f}" text-anchor="end">{:g}</text>').format(
                   _LEFT, WIDTH - _RIGHT, _LEFT - 6, _y(tick) + 4, tick, y=_y(tick))
        for tick in _TICKS)


def _mark(point: Point, x: float) -> Markup:
    assert point.value is not None
    low = point.value if point.low is None else point.low
    high = point.value if point.high is None else point.high
    title = f"{point.label}: {point.value:.3f} ({low:.3f} to {high:.3f})"
    return Markup('<g><title>{}</title><line class="interval" x1="{x:.1f}" x2="{x:.1f}" '
                  'y1="{:.1f}" y2="{:.1f}"/><circle class="dot" cx="{x:.1f}" cy="{:.1f}" r="3"/>'
                  '</g>').format(title, _y(high), _y(low), _y(point.value), x=x)


def _ends(labels: Sequence[str], y: float, left: float, right: float) -> Markup:
    """Write the first and the last label beneath a chart."""
    if not labels:
        return Markup("")
    first = Markup('<text class="axis" x="{:g}" y="{:g}">{}</text>').format(left, y, labels[0])
    if len(labels) == 1:
        return first
    return first + Markup('<text class="axis" x="{:g}" y="{:g}" text-anchor="end">{}</text>'
                          ).format(right, y, labels[-1])
