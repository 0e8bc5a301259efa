"""The description says what the service does; the fuzz tests hold it to that."""

import json
from pathlib import Path
from typing import Any

import pytest
from running_service import service
from served_models import POOR, release_into

from census.schema import BY_NAME, CATEGORICAL, DROPPED, FEATURES
from census.serving.openapi import CSV_BODY, JSON_BODY
from census.serving.payloads import EXAMPLE, parse_people


@pytest.fixture(scope="module", name="document")
def document_fixture(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The document of a running service."""
    folder = tmp_path_factory.mktemp("home")
    release_into(folder)
    with service(folder) as running:
        return running.get("/openapi.json").json()


def test_every_address_is_described(document: Any) -> None:
    assert set(document["paths"]) == {
        "/", "/v1/predictions", "/v1/predictions/csv", "/v1/model", "/v1/model/fairness",
        "/v1/model/slices", "/health/live", "/health/ready", "/metrics"}
    assert all("200" in operation["responses"] for item in document["paths"].values()
               for operation in item.values())


def test_a_person_is_described_field_by_field(document: Any) -> None:
    person = document["components"]["schemas"]["Person"]
    assert set(person["properties"]) == {*FEATURES, *DROPPED}
    assert set(person["required"]) == set(FEATURES)
    assert person["additionalProperties"] is False and person["example"] == EXAMPLE
    for name, levels in CATEGORICAL.items():
        assert person["properties"][name]["enum"] == list(levels)
    age = person["properties"]["age"]
    assert (age["type"], age["minimum"], age["maximum"]) == (
        "integer", BY_NAME["age"].minimum, BY_NAME["age"].maximum)
    assert not any("default" in field for field in person["properties"].values())


def test_every_reference_leads_somewhere(document: Any) -> None:
    text = json.dumps(document)
    for part in text.split('"#/components/schemas/')[1:]:
        assert part.split('"')[0] in document["components"]["schemas"]


def test_every_refusal_is_a_problem(document: Any) -> None:
    for item in document["paths"].values():
        for operation in item.values():
            for status, answer in operation["responses"].items():
                if status != "200":
                    assert list(answer["content"]) == ["application/problem+json"]


def test_examples_are_accepted() -> None:
    examples = JSON_BODY["requestBody"]["content"]["application/json"]["examples"]  # type: ignore
    for example in examples.values():
        parse_people(json.dumps(example["value"]).encode())
    assert set(POOR) == set(EXAMPLE)


def test_the_pattern_of_a_file_matches_its_example() -> None:
    import re  # pylint: disable=import-outside-toplevel
    schema: Any = CSV_BODY["requestBody"]["content"]["text/csv"]["schema"]  # type: ignore[index]
    assert re.search(schema["pattern"], schema["example"])
    assert not re.search(schema["pattern"], schema["example"].replace("37", "16"))


def test_a_key_is_described_only_where_one_is_wanted(document: Any, tmp_path: Path) -> None:
    assert "securitySchemes" not in document["components"]
    with service(tmp_path, environment={"CENSUS_API_KEY": "a key of the tests"}) as running:
        found = running.get("/openapi.json").json()
    assert found["components"]["securitySchemes"]["key"]["name"] == "X-API-Key"
    for address, item in found["paths"].items():
        for operation in item.values():
            assert ("security" in operation) == address.startswith("/v1/")
