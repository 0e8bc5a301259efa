"""Set text in lines: how wide words are, where a line ends, how wide a column may be.

In: text, a font size, a width in points. Out: lines. Matplotlib draws text, but sets none.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from matplotlib.font_manager import FontProperties, findfont, get_font

_FAMILY = "DejaVu Sans"
_SUBPIXELS, _LARGE = 64, 200.0


@lru_cache(maxsize=8)
def _font(is_bold: bool) -> Any:
    return get_font(findfont(FontProperties(family=_FAMILY,
                                            weight="bold" if is_bold else "normal")))


def text_width(text: str, size: float, is_bold: bool = False) -> float:
    """Return how wide a text is, in points."""
    return _width_per_point(text, is_bold) * size


@lru_cache(maxsize=50_000)
def _width_per_point(text: str, is_bold: bool) -> float:
    font = _font(is_bold)
    font.set_size(_LARGE, 72)  # a small font's letters would be moved to whole pixels
    font.set_text(text)
    return float(font.get_width_height()[0]) / _SUBPIXELS / _LARGE


def known_to_font(text: str) -> str:
    """Return a text with what the font cannot draw written as a code."""
    letters = _font(False).get_charmap()
    return "".join(char if char.isprintable() and ord(char) in letters else ascii(char)[1:-1]
                   for char in text)


def wrapped(text: str, size: float, width: float, is_bold: bool = False) -> list[str]:
    """Return a text in lines that are not wider than ``width``; a longer word is cut.

    Parameters
    ----------
    text : str
    size : float
        Of the font, in points.
    width : float
        In points.
    is_bold : bool

    Returns
    -------
    list of str
        At least one line.
    """
    lines, line = list[str](), ""
    for word in known_to_font(text).split():
        longer = f"{line} {word}" if line else word
        if text_width(longer, size, is_bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        # The thinnest letter is a fifth of its height wide: no more of a word need be measured.
        most = int(5 * width / size) + 2
        while len(word) > 1 and text_width(word[:most], size, is_bold) > width:
            count = _fitting(word, size, width, is_bold)
            lines.append(word[:count])
            word = word[count:]
        line = word
    return [*lines, line] if line or not lines else lines


def column_widths(cells: Sequence[Sequence[str]], size: float, room: float) -> list[float]:
    """Return how wide each column of a table is.

    Parameters
    ----------
    cells : sequence of sequence of str
        Lines, the header among them.
    size : float
    room : float
        For all columns, in points.

    Returns
    -------
    list of float
        A column gets what its longest cell needs, and the widest share what is left.
    """
    needs = [max(text_width(known_to_font(cell), size, True) for cell in column)
             for column in zip(*cells)]
    widths = [0.0] * len(needs)
    left = room
    for done, place in enumerate(sorted(range(len(needs)), key=lambda place: needs[place])):
        widths[place] = min(needs[place], left / (len(needs) - done))
        left -= widths[place]
    return widths


def _fitting(word: str, size: float, width: float, is_bold: bool) -> int:
    low, high = 1, min(len(word), int(5 * width / size) + 2)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(word[:middle], size, is_bold) <= width:
            low = middle
        else:
            high = middle - 1
    return low
