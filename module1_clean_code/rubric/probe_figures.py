"""Watch what is drawn: texts with their places, and bars with the names beside them.

In: figures, at the moment when they are saved. Out: plain facts about them.
A picture file tells little; the figure itself knows which heading stands over which report.
"""

import re

COUNT = re.compile(r"(?<![\d.])\d+(?![\d.])")
SIDE = re.compile(r"\b(train|test|hold.?out)", re.I)


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
            watch.figures.append((_texts(figure), _bars(figure)))
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


def longest_bar(figures):
    """Return the name beside the longest bar of the last figure that has bars, or None."""
    for _, bars in reversed(figures):
        if bars:
            return max(max(bars, key=len), key=lambda item: item[1])[0]
    return None


def _blocks(texts):
    """Return the reports of a figure: (numbers in it, its axes, its box, its own text)."""
    whole = [entry for entry in texts if "precision" in entry[0] and "\n" in entry[0]]
    if whole:
        return [(COUNT.findall(text), axes, box, text) for text, axes, box in whole]
    found = []
    for number in {axes for text, axes, _ in texts if text.strip() == "precision"}:
        cells = [(text, box) for text, axes, box in texts
                 if axes == number and not SIDE.search(text)]
        box = tuple(pick(b[i] for _, b in cells) for i, pick in enumerate((min, min, max, max)))
        found.append((COUNT.findall(" ".join(text for text, _ in cells)), number, box, ""))
    return found


def reports(figures, counts):
    """Tell which rows each saved report shows, and which heading stands over it.

    Parameters: figures, of a `Watch`; counts, which has for "train" and for "test" the numbers
    that only those rows have: of all, of class 0, of class 1.
    Returns: a list of {"figure", "rows", "heading"}; unknown is an empty text.
    """
    found = []
    for number, (texts, _) in enumerate(figures):
        for numbers, axes, box, own in _blocks(texts):
            hits = {side: sum(str(n) in numbers for n in counts[side]) for side in counts}
            rows = max(hits, key=hits.get) if len(set(hits.values())) > 1 else ""
            found.append({"figure": number, "rows": rows,
                          "heading": _side(own) or _heading(texts, axes, box)})
    return found


def _side(text):
    match = SIDE.search(text)
    return "" if match is None else ("train" if match[1].lower() == "train" else "test")


def _heading(texts, axes, box):
    """Return the side that the nearest heading over a box names."""
    named = [(text, number, b) for text, number, b in texts
             if _side(text) and "precision" not in text]
    near = [item for item in named if 0 <= axes == item[1]] or named
    above = [(b[1] - box[3], text) for text, _, b in near
             if b[1] + b[3] >= box[1] + box[3] and b[0] < box[2] and b[2] > box[0]]
    return _side(min(above, key=lambda item: abs(item[0]))[1]) if above else ""
