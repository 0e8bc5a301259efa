"""Where MLflow records: plain words when nobody answers, before any work."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from rentals.errors import TrackingError
from rentals.settings import TrackingSettings
from rentals.tracking_address import how_to_look, local_uri, public_address, usable_uri


def test_user_and_password_are_no_part_of_what_is_shown():
    assert public_address("http://me:secret@host:5000/x") == "http://host:5000/x"
    assert public_address("sqlite:////tmp/x.db") == "sqlite:////tmp/x.db"


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_without_an_address_the_database_of_the_folder_is_used(tmp_path):
    assert usable_uri(TrackingSettings(), tmp_path) == f"sqlite:///{tmp_path}/mlflow.db"


def test_a_server_that_does_not_answer_fails_before_any_work(tmp_path):
    uri = f"http://user:secret@127.0.0.1:{_free_port()}"
    with pytest.raises(TrackingError, match="no MLflow server answers there") as caught:
        usable_uri(TrackingSettings(uri=uri), tmp_path)
    assert "when_unreachable=local" in str(caught.value) and "secret" not in str(caught.value)


def test_a_server_that_does_not_answer_is_passed_over_when_told(tmp_path, caplog):
    uri = f"http://127.0.0.1:{_free_port()}"
    settings = TrackingSettings(uri=uri, when_unreachable="local")
    assert usable_uri(settings, tmp_path) == local_uri(tmp_path)
    assert "recording in" in caplog.text


@pytest.mark.parametrize(("status", "is_usable"), [(200, True), (500, False)])
def test_a_server_is_asked_for_its_health(tmp_path, status, is_usable):
    class _Handler(BaseHTTPRequestHandler):
        """Answers the one question."""

        def do_GET(self):  # pylint: disable=invalid-name  # the base class names it
            """Answer with the status, and 404 to any other question."""
            self.send_response(status if self.path == "/health" else 404)
            self.end_headers()

        def log_message(self, format, *args):  # pylint: disable=redefined-builtin
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    uri = f"http://127.0.0.1:{server.server_port}"
    try:
        if is_usable:
            assert usable_uri(TrackingSettings(uri=uri), tmp_path) == uri
        else:
            with pytest.raises(TrackingError):
                usable_uri(TrackingSettings(uri=uri), tmp_path)
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("uri", "said"), [
    ("sqlite:////x/mlflow.db", "mlflow ui --backend-store-uri sqlite:////x/mlflow.db"),
    ("http://me:secret@127.0.0.1:5000", "http://127.0.0.1:5000"),
    ("postgresql+psycopg://me:secret@host/db",
     "mlflow ui --backend-store-uri postgresql+psycopg://host/db")])
def test_how_to_look_tells_no_password(uri, said):
    assert how_to_look(uri) == said
