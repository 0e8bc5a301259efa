"""Make one self-contained HTML page: text, tables, pictures and links; nothing is fetched.

In: a page as frozen objects. Out: HTML text. Every text is escaped by the template engine, so a
file name or a category cannot become markup.
"""

import re
from base64 import b64encode
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

_NUMBER = re.compile(r"<?[+−-]?[0-9.][0-9.,e+-]*|–")


@dataclass(frozen=True)
class Card:
    """A figure shown large, with what it is."""

    value: str
    label: str


@dataclass(frozen=True)
class Table:
    """Rows of text; columns of words stand left, columns of numbers right."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def classes(self) -> tuple[str, ...]:
        """The class of each column's cells: ``number`` where each is one, else ``words``."""
        columns = list(zip(*self.rows)) or [()] * len(self.header)
        return tuple("number" if column and all(_NUMBER.fullmatch(cell) for cell in column)
                     else "words" for column in columns)


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
class Link:
    """A file beside the page, and what it is."""

    title: str
    path: str


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
    links: tuple[Link, ...] = ()


def render(page: Page) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    page : Page

    Returns
    -------
    str
    """
    engine = Environment(loader=PackageLoader("riskwatch"), autoescape=True,
                         undefined=StrictUndefined, keep_trailing_newline=True)
    text = engine.get_template("page.html.j2").render(page=page)
    # A file name that is not UTF-8 reaches us as characters that no file can hold.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
