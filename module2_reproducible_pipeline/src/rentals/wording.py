"""Title drawn listings, and name their hosts, in words that carry some of the price.

In: listings. Out: their titles and the factors of the words; names of hosts.
Which words a title has follows from the neighbourhood and the room; what they are worth stands
in the table of words. Nothing else in a title (order, capitals, signs) tells anything.
"""

import numpy as np
import numpy.typing as npt

from rentals.fact_tables import EXCLUDING_GROUPS, Floats, Integers, neighbourhoods, words
from rentals.population import Listings

Mask = npt.NDArray[np.bool_]

_ROWS_AT_ONCE = 4096  # Part of the law that seed and rows decide the bytes: never change it.
_BETWEEN = ("link", "article", "and")
_JITTER = 0.1  # Of a word's place in a title, whose length is 1.
_SIGNS = ("!", "!!", " ✩", " ❤", "...", " - NYC", " (1)", ".")
_CAPITALS = frozenset("nyc ny uws ues les jfk lga lic bk br 1br 2br 3br 4br 1bd 2bd st ac".split())
_SMALL = frozenset("in the of and with to for from near on at by a your or is w".split())
_HOSTS = tuple("""Ada Adrian Aisha Alan Alba Alex Alice Amal Amara Amir Amy Ana Andre Anika Anna
Anton Aria Arjun Astrid Ava Aya Bea Ben Bianca Boris Bruno Cara Carl Carla Carmen Cecilia Chen
Chloe Chris Clara Cleo Cyrus Dana Daniel Daria David Dev Diana Diego Dina Dora Edith Elena Eli
Elif Emil Emma Enzo Erik Esther Eva Farah Felix Finn Flora Frida Gabriel Gina Grace Greta Hana
Hanna Hassan Helen Hugo Ida Ines Ingrid Iris Isaac Ivan Ivy Jack Jada James Jan Jane Jasmin Jean
Jim Joan Jo John José Juan Judith Julia Kai Karl Kate Keiko Kim Kofi Lara Laura Layla Lea Lena
Leo Li Lina Linh Lisa Luca Lucía Lucy Luis Luka Luna Maja Malik Marco Maria Marta Mary Mateo Max
Maya Mei Mia Michael Mila Milan Mina Mira Mona Musa Nadia Naomi Nia Nick Nils Nina Noah Noor Nora
Olga Oliver Omar Oscar Otto Pablo Paul Petra Pia Priya Rafael Ravi Rita Robin Rosa Rosie Ruth
Sam Samir Sara Sasha Selma Simon Sofia Sol Stella Sven Tara Tariq Theo Tim Tina Tom Uma Vera
Victor Wanda Wei Will Yara Yusuf Zoe Zuri""".split())


def draw_titles(rng: np.random.Generator, listings: Listings,
                is_missing: Mask) -> tuple[list[str], Floats]:
    """Title listings.

    Parameters
    ----------
    rng : Generator
        Is advanced.
    listings : Listings, n rows
    is_missing : array of bool, shape (n,)
        Where a title is missing; it is empty then, and worth nothing.

    Returns
    -------
    titles : list of str, length n
    factors : array, shape (n,)
        By which the words of each title multiply the price.
    """
    titles: list[str] = []
    factors = np.ones(len(is_missing))
    row = listings.is_room * len(neighbourhoods().names) + listings.area
    for start in range(0, len(row), _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        chosen = _chosen(rng, row[part])
        chosen[is_missing[part]] = False
        listing, word = np.nonzero(chosen)
        worth = words().factors[listings.is_room[part][listing], word]
        # One after another: np.prod may multiply in another order on another processor.
        np.multiply.at(factors, start + listing, worth)
        titles += _texts(rng, listing, word, listings.area[part])
    return ["" if missing else title for missing, title in zip(is_missing, titles)], factors


def _chosen(rng: np.random.Generator, row: Integers) -> Mask:
    """Return which words the titles have; of a group that excludes, at most one."""
    table = words()
    shares = table.shares[row]
    chosen = rng.random(shares.shape) < shares
    for group in EXCLUDING_GROUPS:
        members = _members(group)
        cumulative = np.cumsum(shares[:, members], axis=1)
        number = (rng.random(len(row))[:, None] >= cumulative).sum(axis=1)
        chosen[:, members] = number[:, None] == np.arange(len(members))
    return np.asarray(chosen, dtype=np.bool_)


def _members(group: str) -> Integers:
    return np.flatnonzero(np.array(words().group) == group)


def _texts(rng: np.random.Generator, listing: Integers, word: Integers,
           area: Integers) -> list[str]:
    """Put the words of each title into an order and write them out."""
    table = words()
    place = np.round(table.place[word] + _JITTER * rng.normal(size=len(word)), 9)
    order = np.lexsort((word, place, listing))
    found: list[list[int]] = [[] for _ in area]
    for number, each in zip(listing[order].tolist(), word[order].tolist()):
        found[number].append(each)
    names = neighbourhoods().names
    style, join, sign = rng.random((3, len(area)))
    return [_written(_ordered(title) or [names[where]], *chances) for title, where, *chances in
            zip(found, area.tolist(), style.tolist(), join.tolist(), sign.tolist())]


def _ordered(title: list[int]) -> list[str]:
    """Return the phrases, with those between others where they belong."""
    table = words()
    phrases = [table.phrases[word] for word in title if table.group[word] not in _BETWEEN]
    between = {table.group[word]: table.phrases[word] for word in title
               if table.group[word] in _BETWEEN}
    if "and" in between and len(phrases) > 2:
        phrases.insert(1, between["and"])
    for group in ("article", "link"):
        if group in between:
            at = len(phrases) - (1 if group == "article" or "article" not in between else 2)
            phrases.insert(max(at, 0), between[group])
    return phrases


def _written(phrases: list[str], style: float, join: float, sign: float) -> str:
    """Write a title in one of the ways of people: capitals, commas, ends of lines, signs."""
    parts = [" ".join(map(_capitalised, phrase.split())) for phrase in phrases]
    gap = ", " if join < 0.08 else "\n" if join < 0.084 else " "
    text = parts[0] + gap + " ".join(parts[1:]) if len(parts) > 1 else parts[0]
    text = text[0].upper() + text[1:]
    if style < 0.04:
        text = text.upper()
    elif style < 0.15:
        text = text.capitalize()
    elif style < 0.155:
        text = f'"{text}"'
    return text + (_SIGNS[int(sign * 1000) % len(_SIGNS)] if sign < 0.15 else "")


def _capitalised(word: str) -> str:
    if word in _CAPITALS:
        return word.upper()
    return word if word in _SMALL else word.capitalize()


def draw_host_names(rng: np.random.Generator, host_rows: Integers) -> list[str]:
    """Name hosts: people by first names, hosts of many listings as synthetic firms.

    Parameters
    ----------
    rng : Generator
        Is advanced.
    host_rows : array of int, shape (n,)
        How many listings each host has.

    Returns
    -------
    list of str, length n
    """
    first, second = rng.integers(0, len(_HOSTS), size=(2, len(host_rows))).tolist()
    is_pair = (rng.random(len(host_rows)) < 0.04).tolist()
    return [f"Synthetic Stays {rows}" if rows > 80
            else f"{_HOSTS[one]} & {_HOSTS[two]}" if pair else _HOSTS[one]
            for rows, one, two, pair in zip(host_rows.tolist(), first, second, is_pair)]
