"""The description names every route and every parameter that the service has, and no other."""

from typing import Any

import pytest
from web_story import KEY

from riskwatch.web.app import create_app
from riskwatch.web.openapi import describe
from riskwatch.web.options import build_options
from riskwatch.web.resources import RESOURCES, Resource
from riskwatch.workplace import Workplace

DESCRIPTION: dict[str, Any] = describe()


def test_every_route_is_described_and_every_description_is_a_route(place: Workplace) -> None:
    app = create_app(place, build_options({"control_key": KEY}))
    routes = {(rule.rule.replace("<number>", "{number}"), method.lower())
              for rule in app.url_map.iter_rules() for method in rule.methods or ()
              if method not in ("HEAD", "OPTIONS")} - {("/openapi.json", "get")}
    assert routes == {(path, method) for path, methods in DESCRIPTION["paths"].items()
                      for method in methods}
    assert DESCRIPTION["openapi"] == "3.1.0"


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.path)
def test_lists_describe_their_filters_and_columns(resource: Resource) -> None:
    operation = DESCRIPTION["paths"][resource.path]["get"]
    names = {parameter["name"] for parameter in operation["parameters"]}
    assert names == {*resource.filters, "limit", "cursor", "order", "since", "until"}
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert list(schema["properties"]["items"]["items"]["properties"]) == list(resource.columns)


def test_what_changes_something_wants_the_key() -> None:
    for path in ("/v1/cycles", "/v1/rollbacks"):
        assert DESCRIPTION["paths"][path]["post"]["security"] == [{"key": []}]
    rows = DESCRIPTION["components"]["schemas"]["PredictionRequest"]["properties"]["rows"]
    assert rows["minItems"] == 1 and rows["maxItems"] == 1000
