"""Prose is words: a section for each part of the card, and no figure among them."""

from pathlib import Path

import pytest

from census.errors import InputError
from census.training.card_prose import SECTIONS, read_prose

KEPT = Path(__file__).parents[1] / "config" / "model_card_prose.md"
GOOD = "A word for those who edit: 0.5 is allowed here.\n\n" + "".join(
    f"## {name}\n\nOne line\nand another.\n\nA second paragraph.\n\n" for name in SECTIONS)


def _read(tmp_path, text):
    path = tmp_path / "prose.md"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_prose(path)


def test_paragraphs_are_read_by_section(tmp_path):
    assert _read(tmp_path, GOOD) == {
        name: ("One line and another.", "A second paragraph.") for name in SECTIONS}


def test_the_kept_prose_is_good_and_has_the_official_sections():
    assert set(read_prose(KEPT)) >= {
        "Model Details", "Intended Use", "Training Data", "Evaluation Data", "Metrics",
        "Ethical Considerations", "Caveats and Recommendations"}


def test_sections_come_in_the_cards_order_whatever_the_files(tmp_path):
    parts = GOOD.split("## ")
    text = parts[0] + "".join("## " + part for part in reversed(parts[1:]))
    assert tuple(_read(tmp_path, text)) == SECTIONS


@pytest.mark.parametrize("figure", ["0.07377", ".73", "0,74", "85 %", "85%", "85 percent",
                                    "85 per cent", "32561", "F1 is 0.7"])
def test_a_figure_is_refused_with_its_line(tmp_path, figure):
    text = GOOD.replace("A second paragraph.", f"It is {figure} good.", 1)
    with pytest.raises(InputError, match="line 8: holds a figure"):
        _read(tmp_path, text)


@pytest.mark.parametrize("words", ["The census of 1994.", "Python 3", "the 2 columns", "4/5",
                                   "more than 50K", "F1", "e.g. this"])
def test_years_and_names_are_no_figures(tmp_path, words):
    assert words in _read(tmp_path, GOOD.replace("A second paragraph.", words, 1))[SECTIONS[0]]


@pytest.mark.parametrize("old, new, words", [
    ("## Metrics", "## Fairness", "Fairness is there twice"),
    ("## Metrics", "## Medals", "the section Medals is unknown"),
    ("## Metrics\n\nOne line\nand another.\n\nA second paragraph.\n\n", "",
     "nothing is said under Metrics"),
    ("## Metrics\n\nOne line\nand another.\n\nA second paragraph.\n\n", "## Metrics\n\n",
     "nothing is said under Metrics")])
def test_a_section_too_few_or_too_many_is_named(tmp_path, old, new, words):
    assert old in GOOD
    with pytest.raises(InputError, match=words):
        _read(tmp_path, GOOD.replace(old, new))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"x" * 300_000])
def test_what_is_no_prose_is_refused(tmp_path, content):
    with pytest.raises(InputError):
        _read(tmp_path, content)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="cannot read .*absent.md: No such file"):
        read_prose(tmp_path / "absent.md")
