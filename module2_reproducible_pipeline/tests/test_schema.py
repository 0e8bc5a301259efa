"""The schema: sixteen columns in one order, and a digest that knows them."""

from dataclasses import replace

import pytest

from rentals import schema
from rentals.schema import BOX, BY_NAME, COLUMNS, FEATURES, ID, NAMES, TARGET, schema_digest

HEADER = ("id,name,host_id,host_name,neighbourhood_group,neighbourhood,latitude,longitude,"
          "room_type,price,minimum_nights,number_of_reviews,last_review,reviews_per_month,"
          "calculated_host_listings_count,availability_365")


def test_the_columns_stand_in_the_order_of_the_published_file() -> None:
    assert ",".join(NAMES) == HEADER


def test_the_id_and_the_price_are_no_features() -> None:
    assert set(NAMES) - set(FEATURES) == {ID, TARGET} == {"id", "price"}


def test_only_texts_of_people_and_facts_of_reviews_may_be_missing() -> None:
    assert [column.name for column in COLUMNS if column.optional] == [
        "name", "host_name", "last_review", "reviews_per_month"]


def test_the_box_is_that_of_new_york_city() -> None:
    assert (BOX.longitude_minimum, BOX.longitude_maximum) == (-74.25, -73.50)
    assert (BOX.latitude_minimum, BOX.latitude_maximum) == (40.5, 41.2)


def test_coordinates_outside_the_box_can_be_read_so_that_a_check_can_name_them() -> None:
    for name in ("latitude", "longitude"):
        assert BY_NAME[name].minimum <= -74.25 and BY_NAME[name].maximum >= 74.25


@pytest.mark.parametrize("change", [{"maximum": 1.0}, {"allowed": ("x",)}, {"kind": "text"},
                                    {"optional": True}, {"name": "x"}])
def test_the_digest_changes_with_any_fact_of_a_column(
        change: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    before = schema_digest()
    monkeypatch.setattr(schema, "COLUMNS", (replace(COLUMNS[0], **change), *COLUMNS[1:]))
    assert schema_digest() != before


def test_the_digest_changes_with_the_box(monkeypatch: pytest.MonkeyPatch) -> None:
    before = schema_digest()
    monkeypatch.setattr(schema, "BOX", replace(BOX, latitude_minimum=40.4))
    assert schema_digest() != before
