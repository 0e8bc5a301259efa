"""What callers send and get as JSON: strict models made from the schema, and the answers.

In: the bytes of a body. Out: the columns of its rows, or a refusal; and answers as bytes.
The models are made from `census.schema`, so the service cannot accept what the trainer would not.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from annotated_types import Len
from pydantic import (BaseModel, ConfigDict, FailFast, Field, TypeAdapter, ValidationError,
                      create_model)

from census.schema import (BY_NAME, DROPPED, EDUCATION_LEVELS, FEATURES, NEGATIVE, POSITIVE,
                           Column)
from census.serving.problems import Problem, from_validation
from census.serving_form import Level

MOST_ROWS = 1000
#: A body with so many fields too many is not looked into: saying all its faults would take long.
_MORE_COLONS = 64
#: One made-up person; the documentation and the page begin with it.
EXAMPLE: dict[str, Level] = {
    "age": 37, "workclass": "Private", "fnlgt": 200000, "education": "Bachelors",
    "education-num": 13, "marital-status": "Married-civ-spouse", "occupation": "Exec-managerial",
    "relationship": "Husband", "race": "White", "sex": "Male", "capital-gain": 0,
    "capital-loss": 0, "hours-per-week": 45, "native-country": "United-States"}


def _field(column: Column) -> tuple[Any, Any]:
    """Return type and constraints of one field; dropped columns may be left out."""
    kind: Any = Literal[column.levels] if column.levels else Annotated[
        int, Field(ge=column.minimum, le=column.maximum)]
    meaning = column.meaning if column.role == "feature" else (
        f"{column.meaning}; checked, but no model sees it")
    default: Any = None if column.role == "dropped" else ...
    return kind, Field(default, alias=column.name, description=meaning)


# Features first and in order: `columns_of` takes the values as they stand.
_FIELDS: dict[str, Any] = {name.replace("-", "_"): _field(BY_NAME[name])
                           for name in (*FEATURES, *DROPPED)}
_EXTRA: dict[str, Any] = {
    "example": EXAMPLE, "description": "One person, by the names of the data. `education`, when "
    "given, says the same as `education-num`."}
Person: Any = create_model("Person", __config__=ConfigDict(
    extra="forbid", strict=True, frozen=True, json_schema_extra=_EXTRA), **_FIELDS)

_PERSON = TypeAdapter(Person)
_PEOPLE = TypeAdapter(Annotated[list[Person], Len(1, MOST_ROWS), FailFast()])
_EDUCATION = FEATURES.index("education-num"), len(FEATURES) + DROPPED.index("education")
_Label = Literal["<=50K", ">50K"]
_Probability = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True)
class Signature:
    """What every answer says of the model that gave it."""

    version: str
    threshold: float


class _Answer(BaseModel):
    """What every answer ends with; see `Signature`."""

    threshold: float = Field(description="probability from which the label is >50K")
    model_version: str
    request_id: str


class Prediction(_Answer):
    """The answer for one person."""

    label: _Label
    probability: _Probability = Field(description="of earning more than 50,000 dollars a year")


class RowPrediction(BaseModel):
    """The answer for one of several people."""

    label: _Label
    probability: _Probability


class Predictions(_Answer):
    """The answers for several people, in the order they were sent."""

    predictions: list[RowPrediction]


def parse_people(body: bytes) -> tuple[bool, Sequence[Any]]:
    """Return the rows of a JSON body.

    Parameters
    ----------
    body : bytes
        One object, or a list of 1 to 1,000 of them.

    Returns
    -------
    bool
        Whether it was a list.
    sequence
        For one person the values in the order of the features; for a list a sequence of values
        for each feature. Values of the dropped columns follow.

    Raises
    ------
    Problem
        400 when the body is no JSON or names a field twice, 422 when it breaks the schema.
    """
    is_list = body.lstrip(b" \t\r\n").startswith(b"[")
    # No name and no level holds a colon, so each one in a valid body stands behind a name.
    colons = body.count(b":")
    if colons > len(_FIELDS) * (MOST_ROWS if is_list else 1) + _MORE_COLONS:
        raise Problem(422, "The body has more fields than the schema; see /docs.")
    adapter = _PEOPLE if is_list else _PERSON
    try:
        found = adapter.validate_json(body)
    except ValidationError as err:
        found = _validate_again(adapter, body, err)
    people: list[Any] = found if is_list else [found]
    if colons != sum(len(person.__pydantic_fields_set__) for person in people):
        raise Problem(400, "A field is named twice; name each once.")
    if not is_list:
        row = tuple(people[0].__dict__.values())
        _check_education([row[_EDUCATION[0]]], [row[_EDUCATION[1]]], "")
        return False, row
    columns = list(zip(*[person.__dict__.values() for person in people]))
    _check_education(columns[_EDUCATION[0]], columns[_EDUCATION[1]], "/{}")
    return True, columns


def _validate_again(adapter: TypeAdapter[Any], body: bytes, err: ValidationError) -> Any:
    """Take 21.0 for 21, as JSON does, or refuse; few bodies come here, so it may be slow."""
    if any(fault["type"] == "int_type" for fault in err.errors(include_input=False)):
        try:
            return adapter.validate_python(json.loads(body, parse_float=_whole_if_whole))
        except ValidationError as again:
            raise from_validation(again) from None
        except (ValueError, RecursionError):
            pass
    raise from_validation(err) from None


def _whole_if_whole(text: str) -> float:
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _check_education(numbers: Sequence[int], names: Sequence[str | None], place: str) -> None:
    for row, (number, name) in enumerate(zip(numbers, names)):
        if name is not None and EDUCATION_LEVELS[number - 1] != name:
            raise Problem(422, "The body breaks the schema; see /docs for each field's rule.", [(
                f"{place.format(row)}/education", "education and education-num disagree")])


def label_of(probability: float, threshold: float) -> str:
    """Return the label that a probability stands for."""
    return POSITIVE if probability >= threshold else NEGATIVE


def one_answer(probability: float, signature: Signature, request_id: str) -> bytes:
    """Return the JSON of `Prediction`."""
    return (f'{{"label":"{label_of(probability, signature.threshold)}",'
            f'"probability":{probability!r},{_ending(signature, request_id)}').encode("ascii")


def many_answers(probabilities: Sequence[float], signature: Signature, request_id: str) -> bytes:
    """Return the JSON of `Predictions`."""
    threshold = signature.threshold
    ending = {label: f',"label":"{label}"}}' for label in (NEGATIVE, POSITIVE)}
    rows = ",".join([f'{{"probability":{value!r}{ending[label_of(value, threshold)]}'
                     for value in probabilities])
    return f'{{"predictions":[{rows}],{_ending(signature, request_id)}'.encode("ascii")


def _ending(signature: Signature, request_id: str) -> str:
    # Neither text can hold a character that JSON would have to escape.
    return (f'"threshold":{signature.threshold!r},"model_version":"{signature.version}",'
            f'"request_id":"{request_id}"}}')
