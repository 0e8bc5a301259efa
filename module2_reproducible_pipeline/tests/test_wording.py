"""Titles: words by place and room, a factor that follows from them, signs that tell nothing."""

import numpy as np
import pytest

from rentals.fact_tables import neighbourhoods, words
from rentals.population import Listings, draw_listings
from rentals.wording import draw_host_names, draw_titles

ROWS = 12_000
Titled = tuple[Listings, list[str], np.ndarray]


@pytest.fixture(scope="module", name="titled")
def titled_fixture() -> Titled:
    """Listings, their titles in small letters, and the factors of the titles."""
    rng = np.random.default_rng(3)
    drawn = draw_listings(rng, ROWS)
    titles, factors = draw_titles(rng, drawn, np.zeros(ROWS, dtype=np.bool_))
    return drawn, [title.lower() for title in titles], factors


def having(titles: list[str], word: str) -> np.ndarray:
    """Return which titles have a word."""
    return np.array([word in title for title in titles])


def test_every_listing_has_a_title_of_the_usual_length(titled: Titled) -> None:
    lengths = np.array([len(title.split()) for title in titled[1]])
    assert lengths.min() >= 1
    assert lengths.mean() == pytest.approx(6.1, abs=.6)


@pytest.mark.parametrize("word, is_dearer", [("luxury", True), ("penthouse", True),
                                             ("loft", True), ("cozy", False),
                                             ("sublet", False)])
def test_titles_with_a_word_of_worth_have_that_factor(titled: Titled, word: str,
                                                      is_dearer: bool) -> None:
    drawn, titles, factors = titled
    for is_room in (0, 1):
        rows = drawn.is_room == is_room
        has = having(titles, word) & rows
        gain = np.median(factors[has]) / np.median(factors[rows & ~has])
        assert (gain > 1) == is_dearer, is_room


def test_the_factor_is_the_product_of_those_of_the_words(titled: Titled) -> None:
    drawn, titles, factors = titled
    table = words()
    checked = 0
    for row, title in enumerate(titles):
        found = [part.strip("!. ✩❤") for part in title.split(", ")]
        if len(found) == 2 and all(part in table.phrases for part in found):
            worth = [table.factors[drawn.is_room[row], table.phrases.index(part)]
                     for part in found]
            checked += 1
            assert factors[row] == pytest.approx(worth[0] * worth[1])
    assert checked > 5


def test_rooms_are_called_rooms_and_homes_are_not(titled: Titled) -> None:
    drawn, titles, _ = titled
    has = having(titles, "private room")
    assert has[drawn.is_room == 1].mean() > .08
    assert has[drawn.is_room == 0].mean() < .01


def test_a_neighbourhood_names_itself(titled: Titled) -> None:
    drawn, titles, _ = titled
    is_own = drawn.area == neighbourhoods().names.index("Williamsburg")
    has = having(titles, "williamsburg")
    assert has[is_own].mean() > .3 > .02 > has[~is_own].mean()


def test_some_titles_need_quotes_and_some_go_over_lines(titled: Titled) -> None:
    _, titles, _ = titled
    assert having(titles, ",").sum() > 300
    assert having(titles, "\n").sum() > 10
    assert having(titles, '"').sum() > 10
    assert sum(not title.isascii() for title in titles) > 50


def test_a_missing_title_is_empty_and_worth_nothing() -> None:
    rng = np.random.default_rng(5)
    is_missing = np.arange(300) % 3 == 0
    titles, factors = draw_titles(rng, draw_listings(rng, 300), is_missing)
    assert [title == "" for title in titles] == is_missing.tolist()
    assert (factors[is_missing] == 1).all() and (factors[~is_missing] != 1).mean() > .9


def test_hosts_of_many_listings_are_plainly_synthetic() -> None:
    names = draw_host_names(np.random.default_rng(5), np.array([1] * 200 + [96, 327]))
    assert names[-2:] == ["Synthetic Stays 96", "Synthetic Stays 327"]
    assert not any("Synthetic" in name for name in names[:-2])
    assert any(" & " in name for name in names) and len(set(names)) > 50
