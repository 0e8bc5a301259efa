"""The parts of a report: text, tables and pictures, the same for paper and for a browser.

In: nothing. Out: frozen types. The words of a report are put together once, so that the PDF and
the page cannot tell two stories.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.axes import Axes

#: A number, or the dash that stands for none.
_NUMBER = re.compile(r"<?[+−-]?[0-9.][0-9.,e+-]*$|–$")


@dataclass(frozen=True)
class Card:
    """A figure shown large, with what it is; ``look`` is good, warn, bad or plain."""

    value: str
    label: str
    look: str = "plain"


@dataclass(frozen=True)
class Table:
    """Rows of text; columns of words stand left, columns of numbers right."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def classes(self) -> tuple[str, ...]:
        """The class of each column's cells: ``number`` where each is one."""
        columns = list(zip(*self.rows)) or [()] * len(self.header)
        return tuple("number" if column and all(_NUMBER.match(cell) for cell in column)
                     else "words" for column in columns)


@dataclass(frozen=True)
class Picture:
    """What is drawn into axes, how large (inches), and what it shows."""

    name: str
    draw: Callable[[Axes], None]
    caption: str
    width: float = 7.0
    height: float = 2.6


@dataclass(frozen=True)
class Section:
    """A part of a report: paragraphs, then pictures, then tables, then notes in small."""

    title: str
    paragraphs: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """A whole report."""

    title: str
    lead: str
    cards: tuple[Card, ...]
    sections: tuple[Section, ...]
    footer: str
