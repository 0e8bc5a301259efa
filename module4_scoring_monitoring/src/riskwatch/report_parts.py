"""The parts of a report: text, tables and pictures, the same for paper and for a browser.

In: nothing. Out: frozen types. The words of a report are put together once, so that the PDF and
the page cannot tell two stories.
"""

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.axes import Axes

from riskwatch.page import Table


@dataclass(frozen=True)
class Card:
    """A figure shown large, with what it is; ``look`` is good, warn, bad or plain."""

    value: str
    label: str
    look: str = "plain"


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
