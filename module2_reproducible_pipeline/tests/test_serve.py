"""The service of a release: it answers as batch and in process do, or says what is wrong."""

import json
import socket
import threading
from contextlib import contextmanager
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import requests
import uvicorn
from mlflow.pyfunc import scoring_server

from quick import run_captured
from servers import serving

from rentals.artifacts import Store
from rentals.data import load_listings
from rentals.files import write_bytes
from rentals.model_files import load_model
from rentals.serve import MOST_BYTES, build_app, main


@pytest.fixture(scope="module", name="service")
def service_fixture(home):
    """The address of `rentals serve`."""
    with serving("rentals.cli", "serve", "--out", str(home / "out")) as address:
        yield address


@pytest.fixture(scope="module", name="table")
def table_fixture(home):
    """The listings of the test, a file that the model has never seen."""
    return Store(home / "out" / "artifacts").get("test_data.csv").path


def _post(service, content, kind="application/json"):
    return requests.post(f"{service}/invocations", data=content, timeout=30,
                         headers={"Content-Type": kind})


def _records(table):
    kept = load_listings(table).astype(object)
    return json.dumps({"dataframe_records": kept.where(kept.notna(), None).to_dict("records")})


def test_serve_batch_and_in_process_give_the_same_answers(service, home, table, tmp_path):
    release = Store(home / "out" / "artifacts").get("release:prod").path
    in_process = load_model(release).pipeline.predict(load_listings(table))
    code, said = run_captured(["predict", "--out", str(home / "out"), "--data", str(table),
                               "--predictions", str(tmp_path / "batch.csv")])
    assert code == 0, said
    batch = pd.read_csv(tmp_path / "batch.csv")["predicted"]
    by_json = _post(service, _records(table)).json()["predictions"]
    by_csv = _post(service, table.read_bytes(), "text/csv").json()["predictions"]
    assert len(in_process) > 100 and len(set(by_json)) > 50
    assert by_json == by_csv == in_process.tolist()
    assert np.round(in_process, 4).tolist() == batch.tolist()


def test_a_row_alone_gets_the_price_that_it_gets_among_others(service, table):
    rows = json.loads(_records(table))["dataframe_records"][:5]
    together = _post(service, json.dumps({"instances": rows})).json()["predictions"]
    alone = [_post(service, json.dumps({"instances": [row]})).json()["predictions"][0]
             for row in rows]
    assert alone == together


def test_the_input_example_of_the_release_is_answered(service, home):
    release = Store(home / "out" / "artifacts").get("release:prod").path
    answer = _post(service, (release / "serving_input_example.json").read_bytes())
    assert answer.status_code == 200 and len(answer.json()["predictions"]) == 3


@pytest.mark.parametrize(("column", "value", "rule"), [
    ("latitude", None, "row 1, column latitude: is missing"),
    ("latitude", "forty", "row 1, column latitude: 'forty' is not a number"),
    ("room_type", "Igloo", "row 1, column room_type: 'Igloo' is not one of"),
    ("latitude", float("nan"), "NaN is no value of JSON")])
def test_a_bad_row_is_one_plain_line_without_a_traceback(service, table, column, value, rule):
    rows = json.loads(_records(table))["dataframe_records"][:1]
    answer = _post(service, json.dumps({"instances": [{**rows[0], column: value}]}))
    assert answer.status_code == 400
    assert set(answer.json()) == {"error_code", "message"} and rule in answer.json()["message"]


@pytest.mark.parametrize(("content", "kind", "status"), [
    (b"{}", "", 415), (b"PAR1", "application/vnd.apache.parquet", 415), (b"{", None, 400),
    (b"a\n1\n", "text/csv; charset=utf-8", 400), (b" " * (MOST_BYTES + 1), None, 413)])
def test_another_kind_or_size_of_content_is_refused(service, content, kind, status):
    answer = _post(service, content, "application/json" if kind is None else kind)
    assert answer.status_code == status and "\n" not in answer.json()["message"]


def test_it_says_that_it_lives_and_shows_no_page(service):
    assert [requests.get(f"{service}{path}", timeout=5).status_code for path in (
        "/ping", "/health", "/version", "/docs", "/openapi.json", "/invocations")] == [
            200, 200, 200, 404, 404, 405]


@contextmanager
def _serving_here(app):
    """Serve an app in a thread of this process; yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=30)


def test_no_finite_price_is_no_answer_and_a_fault_of_the_model_tells_nothing_more(
        home, table, monkeypatch, caplog):
    release = Store(home / "out" / "artifacts").get("release:prod").path
    said = SimpleNamespace(response='{"predictions": [Infinity]}')
    with _serving_here(build_app(release)) as address:
        monkeypatch.setattr(scoring_server, "invocations", lambda *_: said)
        answers = [_post(address, _records(table))]
        monkeypatch.setattr(scoring_server, "invocations", lambda *_: 1 / 0)
        answers.append(_post(address, _records(table)))
    assert [answer.status_code for answer in answers] == [400, 500]
    assert "no finite price" in answers[0].json()["message"]
    assert answers[1].json()["error_code"] == "INTERNAL_ERROR"
    assert "division" not in answers[1].text and "ZeroDivisionError" in caplog.text


def test_a_changed_model_is_not_served(home, tmp_path, capsys):
    release = Store(home / "out" / "artifacts").get("release:prod").path
    for file in ("manifest.json", "model.skops"):
        write_bytes(tmp_path / file, (release / file).read_bytes() + b"\n")
    assert main([str(tmp_path)]) == 2
    assert "the model file was changed" in capsys.readouterr().err


@pytest.mark.parametrize(("words", "rule"), [
    (("--model", "release:v9"), "release:v9"), (("--port", "70000"), "cannot listen there"),
    (("--host", "192.0.2.1"), "cannot listen there")])
def test_what_cannot_be_served_is_one_plain_line(home, words, rule):
    code, said = run_captured(["serve", "--out", str(home / "out"), *words])
    assert code == 2 and rule in said and "Traceback" not in said
