"""Make one self-contained HTML page: text, tables and pictures, nothing fetched.

In: a page as frozen objects. Out: HTML text. Every text is escaped by the template engine, so a
file name or a category cannot become markup.
"""

import re
from base64 import b64encode
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

_ONE = r"[-+]?[0-9,]*\.?[0-9]+(e[-+]?[0-9]+)? ?%?"
_NUMBER = re.compile(rf"({_ONE}( to {_ONE})?)?")


@dataclass(frozen=True)
class Card:
    """A figure shown large, with what it is."""

    value: str
    label: str


@dataclass(frozen=True)
class Table:
    """Rows of text; columns of numbers are aligned to the right."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def are_numbers(self) -> tuple[bool, ...]:
        """For each column, whether all of its cells are numbers, or intervals of them."""
        return tuple(bool(self.rows) and all(_NUMBER.fullmatch(row[place]) for row in self.rows)
                     for place in range(len(self.header)))


@dataclass(frozen=True)
class Picture:
    """A PNG with what it shows."""

    png: bytes
    caption: str

    @property
    def base64(self) -> str:
        """The bytes as they stand inside a page."""
        return b64encode(self.png).decode("ascii")


@dataclass(frozen=True)
class Section:
    """A part of a page: paragraphs, then tables, then pictures."""

    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Page:
    """A whole page."""

    title: str
    lead: str
    sections: tuple[Section, ...]
    cards: tuple[Card, ...] = ()
    footer: tuple[str, ...] = ()


def render(page: Page) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    page : Page

    Returns
    -------
    str
    """
    engine = Environment(loader=PackageLoader("rentals"), autoescape=True,
                         undefined=StrictUndefined, keep_trailing_newline=True)
    text = engine.get_template("page.html.j2").render(page=page)
    # A file name that is not UTF-8 reaches us as characters that no file can hold.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
