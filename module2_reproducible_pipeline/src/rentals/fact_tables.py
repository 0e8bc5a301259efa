"""Read the committed tables of neighbourhoods and of words in titles.

In: ``tables/*.csv`` beside this file. Out: frozen columns, ready to be drawn from.
They are files and no source, so that anybody can open, sort and correct them as a sheet.

References
----------
Facts about groups of listings, measured on data of Inside Airbnb (insideairbnb.com, CC BY 4.0);
about one word a title was added by us and is worth nothing, as many words of people are.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from rentals.schema import BOROUGHS

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_Row = dict[str, str]

#: Groups of words of which a title has at most one.
EXCLUDING_GROUPS = ("size", "home", "link", "article", "and")
_FULLEST = 0.95


@dataclass(frozen=True, slots=True)
class Neighbourhoods:
    """One row a neighbourhood; ``numbers`` holds the numeric columns by their name."""

    names: tuple[str, ...]
    borough: Integers
    numbers: dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Words:
    """One row a word or phrase of titles.

    Attributes
    ----------
    phrases : tuple of str
    place : array, shape (words,)
        Mean place in a title, 0 at its beginning and 1 at its end.
    group : tuple of str
        One of `EXCLUDING_GROUPS`, or ``word``, which goes with all.
    factors : array, shape (2, words)
        By which the price of a whole home, and of a room, is multiplied.
    shares : array, shape (2 * neighbourhoods, words)
        Of the titles that have it: whole homes of each neighbourhood, then rooms.
    """

    phrases: tuple[str, ...]
    place: Floats
    group: tuple[str, ...]
    factors: Floats
    shares: Floats


@cache
def neighbourhoods() -> Neighbourhoods:
    """Return the neighbourhoods of New York City, sorted by borough and name."""
    rows = _rows("neighbourhoods.csv")
    columns = [name for name in rows[0] if name not in ("borough", "neighbourhood")]
    return Neighbourhoods(
        tuple(row["neighbourhood"] for row in rows),
        np.array([BOROUGHS.index(row["borough"]) for row in rows]),
        {name: _numbers(rows, name) for name in columns})


@cache
def words() -> Words:
    """Return the words of titles, with their shares in each neighbourhood."""
    rows = _rows("words.csv")
    phrases = tuple(row["words"] for row in rows)
    return Words(phrases, _numbers(rows, "place_in_title"),
                 tuple(row["group"] for row in rows),
                 np.array([_numbers(rows, "factor_entire"), _numbers(rows, "factor_room")]),
                 _shares(rows, phrases))


def _shares(rows: list[_Row], phrases: tuple[str, ...]) -> Floats:
    """Spread the shares of words over neighbourhoods; names of places keep to theirs."""
    areas = neighbourhoods()
    shares = np.repeat([_numbers(rows, "share_entire"), _numbers(rows, "share_room")],
                       len(areas.names), axis=0).reshape(2, len(areas.names), len(rows))
    at = {phrase: number for number, phrase in enumerate(phrases)}
    for row in _rows("places.csv"):  # Of each word boroughs come first, as the wider rule.
        where = (areas.borough == BOROUGHS.index(row["area"]) if row["area"] in BOROUGHS
                 else np.array(areas.names) == row["area"])
        shares[:, where, at[row["words"]]] = float(row["share"])
    return _with_room_for_none(shares.reshape(-1, len(rows)), [row["group"] for row in rows])


def _with_room_for_none(shares: Floats, group: list[str]) -> Floats:
    """Scale down words that exclude each other where they would fill more than all titles."""
    for name in EXCLUDING_GROUPS:
        members = np.array(group) == name
        total = np.round(shares[:, members].sum(axis=1, keepdims=True), 9)
        shares[:, members] /= np.maximum(total / _FULLEST, 1.0)
    return shares


def _numbers(rows: list[_Row], column: str) -> Floats:
    return np.array([float(row[column]) for row in rows])


def _rows(name: str) -> list[_Row]:
    text = files("rentals").joinpath("tables", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
