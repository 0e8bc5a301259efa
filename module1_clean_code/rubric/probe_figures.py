"""Watch what is drawn: texts with their places, bars with the names beside them, curves.

In: figures, at the moment when they are saved. Out: plain facts about them.
A picture file tells little; the figure itself knows which heading stands over which report.
"""

from os import PathLike
from pathlib import Path


class Watch:
    """Remember every figure that is saved while the context lasts."""

    def __init__(self):
        self.figures = []
        self._old = None

    def __enter__(self):
        from matplotlib.figure import Figure  # pylint: disable=import-outside-toplevel

        old, watch = Figure.savefig, self
        self._old = old

        def savefig(figure, *args, **kwargs):
            figure.draw_without_rendering()
            target = args[0] if args else kwargs.get("fname")
            watch.figures.append({
                "file": Path(target).stem if isinstance(target, (str, PathLike)) else "",
                "texts": _texts(figure), "bars": _bars(figure), "curves": _curves(figure)})
            return old(figure, *args, **kwargs)

        Figure.savefig = savefig
        return self

    def __exit__(self, *_):
        from matplotlib.figure import Figure  # pylint: disable=import-outside-toplevel

        Figure.savefig = self._old


def shown(folder):
    """Return for each PNG and JPEG below a folder: how much its colours differ, its digest."""
    # pylint: disable=import-outside-toplevel  # heavy imports belong to the functions
    import hashlib

    from matplotlib.image import imread

    found = {}
    for path in sorted(folder.rglob("*.*")):
        if path.suffix.lower() in {".png", ".jpg", ".jpeg"}:
            try:
                spread = float(imread(path).std())
            except (OSError, SyntaxError, ValueError):  # no picture at all
                spread = 0.0
            found[str(path)] = {"spread": spread,
                                "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    return found


def _texts(figure):
    """Return (text, number of its axes or -1, box) of every visible text of a figure."""
    from matplotlib.table import Cell  # pylint: disable=import-outside-toplevel
    from matplotlib.text import Text  # pylint: disable=import-outside-toplevel

    found, seen = [], set()
    for number, owner in [*enumerate(figure.axes), (-1, figure)]:
        for artist in owner.findobj(lambda a: isinstance(a, (Text, Cell))):
            text = artist.get_text() if isinstance(artist, Cell) is False else \
                artist.get_text().get_text()
            if id(artist) in seen or not text.strip() or not artist.get_visible():
                continue
            seen.add(id(artist))
            box = artist.get_window_extent()
            found.append((text, number, (box.x0, box.y0, box.x1, box.y1)))
    return found


def _bars(figure):
    """Return a list for each axes with bars: (name beside the bar, its length)."""
    found = []
    for axes in figure.axes:
        boxes = [(p.get_x(), p.get_y(), p.get_width(), p.get_height())
                 for p in axes.patches if hasattr(p, "get_width")]
        if len(boxes) < 3:
            continue
        is_upright = len({round(b[2], 9) for b in boxes}) <= len({round(b[3], 9) for b in boxes})
        ticks = axes.get_xticks() if is_upright else axes.get_yticks()
        labels = axes.get_xticklabels() if is_upright else axes.get_yticklabels()
        names = list(zip([float(tick) for tick in ticks], [t.get_text() for t in labels]))
        if not names:
            continue
        found.append([
            (min(names, key=lambda item, c=(b[0] + b[2] / 2 if is_upright else b[1] + b[3] / 2):
                 abs(item[0] - c))[1], b[3] if is_upright else b[2]) for b in boxes])
    return found


def _curves(figure):
    """Return how many lines of a figure go from 0, 0 to 1, 1 without being the diagonal."""
    count = 0
    for axes in figure.axes:
        for line in axes.lines:
            points = sorted(map(tuple, line.get_xydata().tolist()))
            count += (points[:1] + points[-1:] == [(0, 0), (1, 1)]
                      and any(abs(x - y) > 1e-9 for x, y in points))
    return count


def longest_bar(figures):
    """Return the name beside the longest bar of the last figure that has bars, or None."""
    for figure in reversed(figures):
        if figure["bars"]:
            return max(max(figure["bars"], key=len), key=lambda item: item[1])[0]
    return None
