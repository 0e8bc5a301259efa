"""Check the listings of a request as strictly as those of a file.

In: the bytes of a request, JSON in one of MLflow's forms or CSV. Out: checked rows as JSON.
MLflow's server looks at types only: a latitude that is missing gets a price of trillions, a room
that does not exist gets one too. A service must not answer where a file would be refused.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rentals.errors import InputError, TableError
from rentals.fields import BadValue, parse_value
from rentals.reader import Layout, read_blocks
from rentals.schema import BY_NAME, Column
from rentals.settings import ReadingSettings

JSON, CSV = "application/json", "text/csv"
#: Each holds a list of objects, but the first an object of ``columns`` and ``data``.
FORMS = ("dataframe_split", "dataframe_records", "instances", "inputs")


def checked_request(content: bytes, kind: str, columns: Sequence[str]) -> bytes:
    """Return the rows of a request in MLflow's form ``dataframe_split``.

    Parameters
    ----------
    content : bytes
    kind : str
        `JSON` or `CSV`.
    columns : sequence of str
        Of the schema, those that the model reads. Others of the schema may be there, too.

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        It is no such text, or a row breaks a rule; the text names row and column.
    """
    wanted = [BY_NAME[name] for name in columns]
    rows = _from_csv(content, wanted) if kind == CSV else [
        _checked_row(number, row, wanted) for number, row in enumerate(_rows(content), 1)]
    if not rows:
        raise InputError("there is no row; send at least one listing")
    data = [[None if isinstance(value, float) and math.isnan(value) else value for value in row]
            for row in rows]
    return json.dumps({"dataframe_split": {"columns": list(columns), "data": data}}).encode()


def _rows(content: bytes) -> Iterator[Mapping[str, Any]]:
    try:
        given = json.loads(content.decode(), parse_constant=_refuse, object_pairs_hook=_object)
    except RecursionError:
        raise InputError("this is no JSON: it is nested too deeply") from None
    except ValueError as err:
        raise InputError(f"this is no JSON: {err}") from err
    if not isinstance(given, dict) or len(given) != 1 or not set(given) <= set(FORMS):
        raise InputError(f"the JSON must be an object of one entry: {', '.join(FORMS)}")
    (form, listed), = given.items()
    if form == FORMS[0]:
        yield from _split(listed)
    elif not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        raise InputError(f"{form} must be a list of objects, one a listing")
    else:
        yield from listed


def _split(given: Any) -> Iterator[Mapping[str, Any]]:
    names, data = (given.get(key) if isinstance(given, dict) else None
                   for key in ("columns", "data"))
    if (not isinstance(names, list) or not isinstance(data, list)
            or not all(isinstance(name, str) for name in names) or len(set(names)) < len(names)):
        raise InputError("dataframe_split needs columns, each named once, and data")
    for number, row in enumerate(data, 1):
        if not isinstance(row, list) or len(row) != len(names):
            raise InputError(f"row {number}: must be a list of {len(names)} values")
        yield dict(zip(names, row))


def _checked_row(number: int, row: Mapping[str, Any], wanted: Sequence[Column]) -> list[Any]:
    unknown = sorted(set(row) - set(BY_NAME))
    if unknown:
        raise InputError(f"row {number}: an unknown column {ascii(unknown[0][:40])}")
    values = []
    for column in wanted:
        if column.name not in row:
            raise InputError(f"row {number}: lacks {column.name}")
        try:
            values.append(parse_value(column, _text(column, row[column.name])))
        except BadValue as err:
            raise InputError(f"row {number}, column {column.name}: {err}") from err
    return values


def _text(column: Column, value: Any) -> str:
    """Return a value of JSON as a file would hold it."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if value is None:
        if column.optional:
            return ""
        raise BadValue("is missing")
    if column.kind in ("integer", "decimal"):
        if not is_number:
            raise BadValue(f"{ascii(value)[:60]} is not a number")
        return repr(value)
    if not isinstance(value, str):
        raise BadValue(f"{ascii(value)[:60]} is not a text")
    if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
        raise BadValue("holds half of a character")
    return value


def _from_csv(content: bytes, wanted: Sequence[Column]) -> list[tuple[Any, ...]]:
    def layout(header: Sequence[str]) -> Layout:
        odd = [name for name in header if name not in BY_NAME or list(header).count(name) > 1]
        if odd:
            raise ValueError(f"the header has an unknown or doubled column {ascii(odd[0][:40])}")
        lacking = [column.name for column in wanted if column.name not in header]
        if lacking:
            raise ValueError(f"the header lacks {lacking[0]}")
        return Layout(len(header), tuple((header.index(each.name), each) for each in wanted))

    with TemporaryDirectory() as folder:
        path = Path(folder) / "request.csv"
        path.write_bytes(content)
        try:
            return [row for block in read_blocks(path, layout, ReadingSettings())
                    for row in zip(*(block[column.name].tolist() for column in wanted))]
        except TableError as err:
            place = [f"line {err.row}"] if err.row else []
            place += [f"column {err.column}"] if err.column else []
            raise InputError(": ".join((", ".join(place), err.rule)) if place else err.rule
                             ) from err


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object names an entry twice")
    return found


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no value of JSON; send null for what is missing")
