"""The tables of facts are well formed: a slip of a finger in them is found here."""

import numpy as np
import pytest

from churn import calibration as facts
from churn.schema import BY_NAME

BY_GROUP = ("AMOUNT", "COUNT", "AMOUNT_CHANGE", "COUNT_CHANGE", "LINKS", "AGE", "RELATIONSHIPS",
            "CONTACTS", "WOMEN")
QUANTILE_TABLES = ("AMOUNT", "COUNT", "AMOUNT_CHANGE", "COUNT_CHANGE", "AGE",
                   "MONTHS_BELOW_AGE", "BLUE_LIMIT", "REVOLVING_BETWEEN")
SHARE_TABLES = ("KIND_SHARES", "RELATIONSHIPS", "CONTACTS", "INACTIVE", "MARITAL", "EDUCATION",
                "INCOME", "DEPENDENTS", "CARD", "REVOLVING_KINDS")
CATEGORIES = {"MARITAL": "Marital_Status", "EDUCATION": "Education_Level",
              "INCOME": "Income_Category", "CARD": "Card_Category"}


def table(name: str) -> np.ndarray:
    """Return a table as an array; ragged rows fail here."""
    return np.array(getattr(facts, name), dtype=float)


@pytest.mark.parametrize("name", BY_GROUP)
def test_every_group_has_its_row(name: str) -> None:
    assert len(table(name)) == np.max(facts.GROUPS) + 1


def test_every_stretch_has_its_groups_and_shares() -> None:
    stretches = len(facts.STRETCH_ENDS)
    assert table("GROUPS").shape == table("KIND_SHARES").shape == (stretches, 4)
    assert len(facts.MARITAL) == stretches
    assert set(table("GROUPS").ravel()) == set(range(len(facts.AMOUNT)))
    assert facts.STRETCH_ENDS[-1] == 1 and (np.diff(facts.STRETCH_ENDS) > 0).all()


@pytest.mark.parametrize("name", QUANTILE_TABLES)
def test_quantiles_never_fall(name: str) -> None:
    assert table(name).shape[1] == len(facts.SCORES)
    assert (np.diff(table(name), axis=1) >= 0).all()


@pytest.mark.parametrize("name", SHARE_TABLES)
def test_shares_make_up_the_whole(name: str) -> None:
    assert (table(name) >= 0).all()
    assert table(name).sum(axis=1) == pytest.approx(np.ones(len(table(name))), abs=.035)


@pytest.mark.parametrize("name, column", CATEGORIES.items())
def test_shares_follow_the_categories_of_the_schema(name: str, column: str) -> None:
    assert table(name).shape[1] == len(BY_NAME[column].allowed)


def test_links_leave_room_for_chance() -> None:
    place, amount, change, by_count, by_change = table("LINKS").T
    explained = by_count**2 + by_change**2 + 2 * by_count * by_change * amount * change
    for share in (place**2, amount**2, change**2, explained):
        assert (share < .95).all()
