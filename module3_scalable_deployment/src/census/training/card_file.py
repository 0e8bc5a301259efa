"""Write the card as Markdown, and tell whether a card on disk is the one of this run.

In: a page, or a card on disk beside a fresh one. Out: text, or a verdict in words.
The text ends with its own digest, so a card that was edited by hand is told from one that has
merely grown old; its table of digests says which file has changed since.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from census.errors import InputError
from census.files import shown
from census.page import Page, Table

_SEAL = "<!-- Made by `census card`; sha256 of the text above: {} -->\n"
_SEALED = re.compile(re.escape(_SEAL).replace(r"\{\}", "([0-9a-f]{64})"))
#: A number, an interval, or the word in their place.
_FIGURE = re.compile(r"[\d.,]+%?(\sto\s[\d.]+)?$|undefined$")
_DIGEST_ROW = re.compile(r"^\| (\S+) \| ([0-9a-f]{64}) \|$", re.MULTILINE)
#: What Markdown would take for markup; an underscore inside a word it takes for itself.
_MARKUP = re.compile(r"([\\`*<>|\[\]])")


@dataclass(frozen=True)
class Verdict:
    """Is the card on disk the fresh one, and if not, why."""

    is_fresh: bool
    words: str


def markdown(page: Page) -> str:
    """Return the card as Markdown, without pictures, sealed by its digest.

    Parameters
    ----------
    page : Page

    Returns
    -------
    str
    """
    # Nothing here is HTML; what could be taken for markup is escaped by the filter.
    engine = Environment(loader=PackageLoader("census"), autoescape=False, trim_blocks=True,
                         lstrip_blocks=True, undefined=StrictUndefined)
    engine.filters |= {"plain": plain, "rule": _rule}
    text = engine.get_template("model_card.md.j2").render(page=page)
    text = re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n\n"
    return text + _SEAL.format(_digest(text))


def plain(text: str) -> str:
    """Return text that Markdown shows as it stands, on one line.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def compare(path: Path, fresh: str) -> Verdict:
    """Tell whether the card on disk is the fresh one.

    Parameters
    ----------
    path : Path
        The card on disk.
    fresh : str
        As `markdown` returns it.

    Returns
    -------
    Verdict

    Raises
    ------
    InputError
        There is no file, or it is no text.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(f"cannot read {shown(path)}: "
                         f"{getattr(err, 'strerror', None) or 'it is no UTF-8 text'}; "
                         f"write it with `census card --to {shown(path)}`") from err
    if text == fresh:
        return Verdict(True, f"{shown(path)} is the card of this run")
    seals = _SEALED.findall(text)
    if len(seals) != 1 or text != _resealed(text, seals[0]):
        return Verdict(False, f"{shown(path)} was edited by hand: say it in the prose, and make "
                       "the card anew")
    old, new = (dict(_DIGEST_ROW.findall(side)) for side in (text, fresh))
    changed = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    return Verdict(False, f"{shown(path)} is stale: since it was made "
                   f"{', '.join(changed) or 'the program'} changed")


def _rule(table: Table) -> str:
    """Return the line under a header: columns of figures are set to the right."""
    columns = list(zip(*table.rows)) or [() for _ in table.header]
    return "".join(" ---: |" if cells and all(_FIGURE.match(cell) for cell in cells) else " --- |"
                   for cells in columns)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _resealed(text: str, seal: str) -> str:
    """Return the text with the seal that it should have; the same, if nobody touched it."""
    body = text.split(_SEAL.format(seal))[0]
    return body + _SEAL.format(_digest(body))
