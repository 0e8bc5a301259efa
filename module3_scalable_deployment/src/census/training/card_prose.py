"""Read what people say about the model: a text of their own, without figures.

In: a file of headings and paragraphs. Out: paragraphs by heading.
Who edits the words cannot touch a figure, and a figure typed into the words is refused: it would
be true of some other run.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from census.errors import InputError
from census.files import shown

#: The sections in their order; the last is the run's alone.
SECTIONS = ("Model Details", "Intended Use", "Training Data", "Evaluation Data", "Metrics",
            "Slices", "Fairness", "Ethical Considerations", "Caveats and Recommendations")
_MOST_BYTES = 200_000
#: A decimal fraction, a percentage, or a number of four digits and more that is no year.
_FIGURE = re.compile(r"\d[.,]\d|(?<!\d)\.\d|\d\s*(%|per ?cent)|\d{5,}")


def read_prose(path: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the paragraphs of each section.

    Parameters
    ----------
    path : Path
        Markdown: ``## `` before the name of a section, a blank line after each paragraph. What
        stands before the first section is for those who edit the file.

    Returns
    -------
    mapping of str to tuple of str
        In the order of `SECTIONS`, at least one paragraph each.

    Raises
    ------
    InputError
        The file cannot be read, a section is missing, unknown, twice or empty, or a paragraph
        holds a figure.
    """
    found: dict[str, list[str]] = {}
    name, is_open = "", False
    for number, line in enumerate(_text(path).splitlines(), 1):
        line = line.strip()
        if line.startswith("## "):
            name, is_open = line[3:].strip(), False
            if name not in SECTIONS or name in found:
                raise InputError(f"{shown(path)}, line {number}: the section {name} is "
                                 f"{'there twice' if name in found else 'unknown'}")
            found[name] = []
        elif not line:
            is_open = False
        elif name:
            if _FIGURE.search(line):
                raise InputError(f"{shown(path)}, line {number}: holds a figure; figures come "
                                 "from the run, say it in words")
            if is_open:
                found[name][-1] += f" {line}"
            else:
                found[name].append(line)
            is_open = True
    lacking = [name for name in SECTIONS if not found.get(name)]
    if lacking:
        raise InputError(f"{shown(path)}: nothing is said under {', '.join(lacking)}")
    return {name: tuple(found[name]) for name in SECTIONS}


def _text(path: Path) -> str:
    try:
        with path.open("rb") as handle:
            content = handle.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise InputError(f"{shown(path)} is larger than {_MOST_BYTES} bytes")
        return content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(f"cannot read {shown(path)}: "
                         f"{getattr(err, 'strerror', None) or 'it is no UTF-8 text'}") from err
