"""Pages: whole HTML, nothing fetched, and no text that becomes markup."""

from base64 import b64decode
from dataclasses import dataclass
from html.parser import HTMLParser

import pytest
from jinja2 import UndefinedError

from riskwatch.page import Card, Link, Page, Picture, Section, Table, render

HOSTILE = "<script>alert('1')</script> & \"quotes\" {{ 7 * 7 }}"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
VOID = {"meta", "img", "br", "hr", "link"}
FULL = Page(
    title=f"Title {HOSTILE}", lead=f"Lead {HOSTILE}",
    cards=(Card(f"1 {HOSTILE}", f"Is {HOSTILE}"),),
    sections=(
        Section(f"First {HOSTILE}", (f"Said {HOSTILE}", "and more"),
                (Table((f"Head {HOSTILE}", "Rows"), ((f"Cell {HOSTILE}", "12"),)),),
                (Picture(PNG, f"Caption {HOSTILE}"),)),
        Section("Second")),
    footer=(f"Foot {HOSTILE}",), links=(Link(f"Link {HOSTILE}", "../beside/it.html"),))


class Reading(HTMLParser):
    """What a browser would see: balanced tags, their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Expect the tag that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if data.strip():
            self.texts.append(data.strip())

    def attributes(self, wanted: str) -> list[dict[str, str | None]]:
        """Return the attributes of every tag of one name."""
        return [attrs for tag, attrs in self.seen if tag == wanted]


def test_every_text_is_shown_as_it_stands_and_never_as_markup() -> None:
    found = Reading(render(FULL))
    for start in ("Title", "Lead", "1", "Is", "First", "Said", "Head", "Cell", "Caption", "Foot",
                  "Link"):
        assert f"{start} {HOSTILE}" in found.texts
    assert not found.attributes("script")
    assert [image["alt"] for image in found.attributes("img")] == [f"Caption {HOSTILE}"]


def test_page_fetches_nothing() -> None:
    html = render(FULL)
    found = Reading(html)
    assert not found.attributes("link") and not found.attributes("script")
    for _, attrs in found.seen:
        for key in ("src", "href", "srcset", "action", "background"):
            assert (attrs.get(key) or "#").startswith(
                ("#", "data:image/png;base64,", "../beside/"))
    assert "@import" not in html and "url(" not in html and "://" not in html


def test_picture_is_inside_the_page_byte_for_byte() -> None:
    source = Reading(render(FULL)).attributes("img")[0]["src"]
    assert source is not None
    assert b64decode(source.removeprefix("data:image/png;base64,"), validate=True) == PNG


def test_links_lead_to_the_files_and_to_the_sections_in_their_order() -> None:
    found = Reading(render(FULL))
    assert [link["href"] for link in found.attributes("a")] == [
        "../beside/it.html", "#s1", "#s2"]
    assert [section["id"] for section in found.attributes("section")] == ["s1", "s2"]


def test_page_says_its_language_encoding_and_title() -> None:
    html = render(Page("A title", "A lead", ()))
    found = Reading(html)
    assert html.startswith("<!doctype html>") and html.endswith("</html>\n")
    assert found.attributes("html") == [{"lang": "en"}]
    assert found.attributes("meta")[0] == {"charset": "utf-8"}
    assert html.count("<title>A title</title>") == 1


def test_what_is_absent_leaves_no_empty_frame() -> None:
    found = Reading(render(Page("A title", "A lead", (Section("Only"),))))
    assert not any(found.attributes(tag) for tag in ("table", "figure", "img"))
    assert not [attrs for attrs in found.attributes("div") if attrs.get("class") == "cards"]


def test_columns_of_numbers_stand_right_and_all_others_left() -> None:
    table = Table(("Model", "AUC", "Rows", "Words"), (("forest", "0.99", "1,200", "12 rows"),))
    found = Reading(render(Page("T", "L", (Section("S", tables=(table,)),))))
    assert found.attributes("th") == found.attributes("td") == [
        {"class": name} for name in ("words", "number", "number", "words")]


def test_page_can_be_written_whatever_a_file_name_holds() -> None:
    text = render(Page("T", "read caf\udce9.csv", ()))
    assert r"read caf\udce9.csv" in text and text.encode("utf-8")


def test_missing_part_is_a_fault_and_not_a_gap() -> None:
    @dataclass(frozen=True)
    class Half:
        """A page without a title."""

        lead: str = "L"

    with pytest.raises(UndefinedError):
        render(Half())  # type: ignore[arg-type]
