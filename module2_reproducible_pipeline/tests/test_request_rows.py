"""The door of the service: rows of a request are judged like rows of a file."""

import json

import pytest

from listing_rows import listings

from rentals.errors import InputError
from rentals.features import READ_COLUMNS
from rentals.request_rows import CSV, FORMS, JSON, checked_request
from rentals.schema import NAMES

COLUMNS = [name for name in NAMES if name in READ_COLUMNS]
ROW = {"name": "A loft", "neighbourhood_group": "Bronx", "neighbourhood": "Norwood",
       "latitude": 40.87, "longitude": -73.88, "room_type": "Private room", "minimum_nights": 2,
       "number_of_reviews": 1, "last_review": "2019-07-01", "reviews_per_month": 0.5,
       "calculated_host_listings_count": 1, "availability_365": 365}


def _ask(content, kind=JSON):
    text = content if isinstance(content, (str, bytes)) else json.dumps(content)
    return json.loads(checked_request(text if isinstance(text, bytes) else text.encode(), kind,
                                      COLUMNS))["dataframe_split"]


def _csv(*rows):
    lines = [COLUMNS, *([row[name] for name in COLUMNS] for row in rows)]
    return "".join(",".join("" if one is None else str(one) for one in line) + "\n"
                   for line in lines)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_rows(form):
    given = [ROW, {**ROW, "latitude": 40.5}]
    content = {"columns": list(ROW), "data": [list(row.values()) for row in given]}
    found = _ask({form: content if form == FORMS[0] else given})
    assert found == {"columns": COLUMNS, "data": [[row[name] for name in COLUMNS]
                                                  for row in given]}
    assert _ask(_csv(*given), CSV) == found


def test_the_order_of_columns_does_not_matter_and_others_of_the_schema_are_passed_over():
    turned = dict(reversed(ROW.items())) | {"id": 3, "price": None}
    assert _ask({"instances": [turned]}) == _ask({"instances": [ROW]})


def test_a_whole_file_of_listings_is_a_request(tmp_path):
    from rentals.data import write_listings  # pylint: disable=import-outside-toplevel
    rows = listings(30)
    write_listings(rows, tmp_path / "rows.csv")
    found = _ask((tmp_path / "rows.csv").read_bytes(), CSV)
    assert [row[COLUMNS.index("latitude")] for row in found["data"]] == rows["latitude"].tolist()
    assert [row[0] for row in found["data"]] == rows["name"].tolist()


@pytest.mark.parametrize("send", [lambda row: _ask({"inputs": [row]}),
                                  lambda row: _ask(_csv(row), CSV)])
def test_what_may_be_missing_is_missing_and_a_title_na_is_a_title(send):
    row = {**ROW, "name": "NA", "last_review": None, "reviews_per_month": None}
    found = dict(zip(COLUMNS, send(row)["data"][0]))
    assert (found["name"], found["last_review"], found["reviews_per_month"]) == ("NA", "", None)


@pytest.mark.parametrize(("column", "value", "rule"), [
    ("latitude", None, "is missing"), ("latitude", "40.8", "'40.8' is not a number"),
    ("latitude", 91, "'91' is not between -90 and 90"), ("latitude", True, "True is not a number"),
    ("latitude", 1e400, "Infinity is no value of JSON"), ("latitude", [1], "is not a number"),
    ("latitude", float("nan"), "NaN is no value of JSON; send null"),
    ("room_type", "Igloo", "'Igloo' is not one of Entire home/apt"),
    ("room_type", None, "is missing"), ("minimum_nights", 1.5, "'1.5' is not a whole number"),
    ("minimum_nights", -5, "'-5' is not between 1"), ("name", 5, "5 is not a text"),
    ("name", "a" * 1001, "has 1001 characters"), ("name", "a\x1b[2J", "a control character"),
    ("name", "\ud800", "half of a character"), ("neighbourhood", "", "has 0 characters"),
    ("last_review", "yesterday", "is not a date such as 2019-07-08"),
    ("number_of_reviews", 10 ** 20, "is not a whole number")])
def test_a_value_against_the_schema_is_refused_by_its_row_and_column(column, value, rule):
    with pytest.raises(InputError) as caught:
        _ask({"dataframe_records": [ROW, {**ROW, column: value}]})
    assert rule in str(caught.value) and "\n" not in str(caught.value)
    if "no value of JSON" not in rule:
        assert str(caught.value).startswith(f"row 2, column {column}: ")


def test_a_row_that_lacks_a_column_or_has_a_foreign_one_is_refused():
    lacking = {name: value for name, value in ROW.items() if name != "latitude"}
    with pytest.raises(InputError, match="^row 1: lacks latitude$"):
        _ask({"instances": [lacking]})
    with pytest.raises(InputError, match="^row 1: an unknown column 'colour'$"):
        _ask({"instances": [{**ROW, "colour": "red"}]})


@pytest.mark.parametrize(("text", "rule"), [
    ("{", "this is no JSON"), (b"\xff", "this is no JSON"), ("[1]", "an object of one entry"),
    ("{}", "an object of one entry"), ('{"a": []}', "an object of one entry"),
    ('{"instances": [], "inputs": []}', "an object of one entry"),
    ('{"instances": {"name": ["x"]}}', "instances must be a list of objects"),
    ('{"instances": [1]}', "must be a list of objects"), ('{"instances": []}', "there is no row"),
    ('{"instances": [], "instances": []}', "names an entry twice"),
    ('{"dataframe_split": 1}', "needs columns"),
    ('{"dataframe_split": {"columns": ["a", "a"], "data": []}}', "each named once"),
    ('{"dataframe_split": {"columns": ["name"], "data": [[1, 2]]}}', "row 1: must be a list of 1"),
    ("[" * 100_000, "nested too deeply"), ('{"inputs": [{"id": ' + "9" * 5000 + "}]}", "no JSON")])
def test_json_of_another_shape_is_refused(text, rule):
    with pytest.raises(InputError, match=rule):
        _ask(text)


@pytest.mark.parametrize(("text", "rule"), [
    ("", "^is empty$"), (_csv(), "no rows"), (_csv({**ROW, "latitude": "x"}), (
        "^line 2, column latitude: 'x' is not a finite decimal")),
    (_csv(ROW).replace("latitude", "lat"), "^line 1: the header has an unknown or doubled column"),
    (_csv(ROW).replace("longitude", "latitude"), "unknown or doubled column 'latitude'"),
    ("name\nx\n", "^line 1: the header lacks neighbourhood_group$"),
    (_csv(ROW) + "1,2\n", "line 3"), (b"\xff\xfe", "line 1")])
def test_csv_is_read_as_strictly_as_a_file(text, rule):
    with pytest.raises(InputError, match=rule) as caught:
        _ask(text, CSV)
    assert "/" not in str(caught.value)  # where the service keeps it is nobody's business
