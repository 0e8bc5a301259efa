"""A card on disk is fresh, stale, or edited by hand, and the three are told apart."""

import pytest
from card_run import files, write_run

from census.errors import InputError
from census.page import Page, Section, Table
from census.places import Places
from census.training.card import lay_out
from census.training.card_facts import read_facts
from census.training.card_file import compare, markdown, plain
from census.training.card_prose import SECTIONS


def _card(out, content=None, words="Words."):
    facts = read_facts(Places(write_run(out, content or files())))
    return markdown(lay_out(facts, {name: (words,) for name in SECTIONS}, {}))


@pytest.fixture(name="kept")
def kept_fixture(tmp_path):
    """The path of a card of the usual run."""
    path = tmp_path / "model_card.md"
    path.write_text(_card(tmp_path), encoding="utf-8")
    return path


def test_the_card_of_the_run_is_fresh(kept, tmp_path):
    verdict = compare(kept, _card(tmp_path))
    assert verdict.is_fresh and "is the card of this run" in verdict.words


@pytest.mark.parametrize("old, new", [
    ("0.9123", "0.9923"), ("Words.", "Other words."), ("100 test rows", "101 test rows"),
    ("\n\n", "\n"),
    ("sha256 of the text above: ", "sha256 of the text above: 0"),
    ("<!-- Made", "<!-- made"), ("-->\n", "-->"), ("-->\n", "-->\nA line below.\n")])
def test_a_card_edited_by_hand_is_told(kept, tmp_path, old, new):
    text = kept.read_text(encoding="utf-8")
    assert old in text
    kept.write_text(text.replace(old, new), encoding="utf-8")
    verdict = compare(kept, _card(tmp_path))
    assert not verdict.is_fresh and "was edited by hand" in verdict.words


def test_every_single_changed_byte_is_told(kept, tmp_path):
    fresh = _card(tmp_path)
    content = bytearray(fresh.encode())
    for place in range(0, len(content), 97):
        changed = bytearray(content)
        changed[place] ^= 1
        kept.write_bytes(changed)
        try:
            assert not compare(kept, fresh).is_fresh
        except InputError:
            pass  # no UTF-8 any more


@pytest.mark.parametrize("name, key", [
    ("evaluation/metrics.json", "rows"), ("prepared/summary.json", "repeated_rows"),
    ("data/census.manifest.json", "seed"), ("model/manifest.json", "seed")])
def test_a_stale_card_names_the_file_that_changed(kept, tmp_path, name, key):
    content = files()
    content[name][key] += 1
    verdict = compare(kept, _card(tmp_path, content))
    assert not verdict.is_fresh
    assert verdict.words.endswith(f"is stale: since it was made {name} changed")


def test_a_card_of_another_program_is_stale_too(kept, tmp_path):
    verdict = compare(kept, _card(tmp_path, words="What a newer program says."))
    assert not verdict.is_fresh
    assert verdict.words.endswith("is stale: since it was made the program changed")


def test_a_card_that_is_not_there_says_how_to_write_it(tmp_path):
    with pytest.raises(InputError, match="write it with `census card --to"):
        compare(tmp_path / "absent.md", "text")
    (tmp_path / "bytes.md").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="it is no UTF-8 text"):
        compare(tmp_path / "bytes.md", "text")


def test_a_file_that_is_no_card_was_not_made_by_us(tmp_path):
    path = tmp_path / "card.md"
    path.write_text("# Model card\n", encoding="utf-8")
    assert "edited by hand" in compare(path, _card(tmp_path)).words


def test_every_figure_of_the_layout_is_in_the_text(tmp_path):
    facts = read_facts(Places(write_run(tmp_path, files())))
    page = lay_out(facts, {name: ("Words.",) for name in SECTIONS}, {})
    text = markdown(page)
    for section in page.sections:
        assert f"\n## {section.title}\n" in text
        for table in section.tables:
            for row in (table.header, *table.rows):
                assert f"\n| {' | '.join(map(plain, row))} |\n" in text


def test_columns_of_figures_are_set_to_the_right_and_words_are_not():
    table = Table(("a", "b", "c", "d"), (("x", "1,234", "0.1\xa0to\xa00.2", "White"),
                                         ("y", "undefined", "undefined", "5")))
    text = markdown(Page("t", "l", (Section("s", (), (table,)),)))
    assert "| --- | ---: | ---: | --- |" in text


def test_a_name_of_a_file_cannot_become_markup():
    hostile = "<script>|x`*[a](b)\n# not a heading\\"
    text = markdown(Page("t", "l", (Section("s", (hostile,), (Table(("a",), ((hostile,),)),)),)))
    assert "<script>" not in text and "\n# not a heading" not in text
    assert text.count(r"\<script\>\|x\`\*\[a\](b) # not a heading" + "\\\\") == 2
