"""What a table of listings is: every column once, with its kind, role, range and meaning.

In: nothing. Out: the facts that the reader, the checks, the generator, the models and the tests
share. They stand here once, so that a column cannot mean two things in two rooms.

Ranges are what a field can mean at all, not what we expect: a listing in the sea is read, and
the checks then name it. What is expected of a whole table stands in the checks' settings.

References
----------
Column names and categories are those of the listings that Inside Airbnb publishes for New York
City (insideairbnb.com, CC BY 4.0); ranges are ours and wider than its values.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Literal

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Column:  # pylint: disable=too-many-instance-attributes  # it is a row of a table
    """One column: bounds of a number or of a text's length, ``allowed`` for categories.

    ``optional`` columns may be missing, which the file writes as an empty field.
    """

    name: str
    kind: Literal["integer", "decimal", "category", "text", "date"]
    role: Literal["id", "target", "feature"]
    meaning: str
    minimum: float = 0
    maximum: float = 10**12
    allowed: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees of longitude and latitude within which a listing must lie, bounds included."""

    longitude_minimum: float
    longitude_maximum: float
    latitude_minimum: float
    latitude_maximum: float


BOX = Box(-74.25, -73.50, 40.5, 41.2)
BOROUGHS = ("Bronx", "Brooklyn", "Manhattan", "Queens", "Staten Island")
ROOM_TYPES = ("Entire home/apt", "Private room", "Shared room")

_TEXT_LENGTH = 1000  # The longest name of the true files has fewer than 200 characters.


def _count(name: str, maximum: float, meaning: str, minimum: float = 0) -> Column:
    return Column(name, "integer", "feature", meaning, minimum, maximum)


def _text(name: str, meaning: str, *, optional: bool) -> Column:
    return Column(name, "text", "feature", meaning, 0 if optional else 1, _TEXT_LENGTH,
                  optional=optional)


COLUMNS: tuple[Column, ...] = (
    Column("id", "integer", "id", "number of the listing", 1),
    _text("name", "title of the listing", optional=True),
    _count("host_id", 10**12, "number of the host", minimum=1),
    _text("host_name", "first name or firm of the host", optional=True),
    Column("neighbourhood_group", "category", "feature", "borough", allowed=BOROUGHS),
    # Free text, because a later drop may bring a neighbourhood that no earlier one had.
    _text("neighbourhood", "neighbourhood within the borough", optional=False),
    Column("latitude", "decimal", "feature", "degrees north", -90, 90),
    Column("longitude", "decimal", "feature", "degrees east", -180, 180),
    Column("room_type", "category", "feature", "what is rented", allowed=ROOM_TYPES),
    Column("price", "integer", "target", "US dollars a night", 0, 10**6),
    _count("minimum_nights", 10**5, "shortest stay in nights", minimum=1),
    _count("number_of_reviews", 10**6, "reviews so far"),
    Column("last_review", "date", "feature", "day of the last review", optional=True),
    Column("reviews_per_month", "decimal", "feature", "reviews a month", 0, 10**4,
           optional=True),
    _count("calculated_host_listings_count", 10**6, "listings of this host", minimum=1),
    _count("availability_365", 366, "days bookable within a year"),
)

BY_NAME = {column.name: column for column in COLUMNS}
NAMES = tuple(BY_NAME)
ID = "id"
PRICE = TARGET = "price"
FEATURES = tuple(column.name for column in COLUMNS if column.role == "feature")

#: Missing exactly where a listing has no review.
REVIEW_COLUMNS = ("last_review", "reviews_per_month")


def schema_digest() -> str:
    """Return the sha256 of the schema: a stored model names the one it was trained for."""
    content = [SCHEMA_VERSION, [asdict(column) for column in COLUMNS], asdict(BOX)]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
