"""Lists over HTTP: JSON or CSV, links that lead through all pages, one run in full."""

import csv
import io

import pytest
from flask.testing import FlaskClient
from web_story import HOSTILE, told

from riskwatch.web.app import create_app


@pytest.fixture(name="caller", scope="module")
def made_caller(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Somebody who asks the service without a server between."""
    return create_app(told(tmp_path_factory.mktemp("told") / "out")).test_client()


def test_links_lead_through_every_page(caller: FlaskClient) -> None:
    address, rows, asked = "/v1/drift?limit=7&test=ks&order=oldest", [], 0
    while asked < 20:
        answer = caller.get(address)
        rows += answer.json["items"] if answer.json else []
        asked += 1
        if "Link" not in answer.headers:
            break
        address = answer.headers["Link"].split(">")[0].lstrip("<")
    assert asked == 6 and [row["id"] for row in rows] == list(range(1, 37))


def test_csv_and_json_say_the_same(caller: FlaskClient) -> None:
    rows = (caller.get("/v1/data/files").json or {})["items"]
    answer = caller.get("/v1/data/files", headers={"Accept": "text/csv"})
    assert answer.content_type == "text/csv; charset=utf-8; header=present"
    read = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [row["sha256"] for row in read] == [row["sha256"] for row in rows]
    assert [row["name"] for row in read if "script" in row["name"]] == [f"'{HOSTILE}"]
    assert caller.get("/v1/data/files", headers={"Accept": "image/png"}).status_code == 406


def test_a_run_in_full_shows_what_it_did(caller: FlaskClient) -> None:
    run = caller.get("/v1/runs/6").json or {}
    assert run["id"] == 6 and run["outcome"] == "done" and run["command"] == "cycle"
    assert [row["action"] for row in run["deployments"]] == ["deploy"]
    assert [row["action"] for row in run["decisions"]] == ["retrain"]
    assert len(run["scores"]) == 2 and run["steps"][0]["step"] == "ingest"
    assert all(row["run_id"] == 6 for row in run["scores"])
