"""Getting a file over HTTP: only the right one takes the target's place, whatever is answered.

A real server on the loopback device answers; each of its paths misbehaves in its own way.
"""

import hashlib
import logging
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest
from crooked_server import BODIES, GOOD, Handler
from census_tables import with_field

from census.cli import main
from census.data import load_rows
from census.errors import InputError, SettingsError
from census.fetch import DataSource, fetch, read_source

SOURCE = DataSource("Twelve people", "https://example.org/people.csv",
                    "https://example.org/people", "made by hand", 12, len(GOOD),
                    hashlib.sha256(GOOD).hexdigest())
SHIPPED = Path(__file__).parents[1] / "config" / "data_sources.toml"
BY_HAND = ("download Twelve people by hand from https://example.org/people, put the line of "
           "column names above it, then run: census run --data PATH_OF_THE_FILE")


@pytest.fixture(scope="module", name="address")
def running_server() -> Iterator[str]:
    """The address of the server, ending in a slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(name="target")
def old_target(tmp_path: Path) -> Iterator[Path]:
    """The place of an older file; afterwards it stands alone in its folder."""
    path = tmp_path / "census.csv"
    path.write_text("old", encoding="utf-8")
    yield path
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["good", "headless", "untyped", "moved"])
def test_right_file_takes_the_place(name: str, address: str, target: Path,
                                    people: pd.DataFrame,
                                    caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="census")
    fetch(address + name, target, SOURCE)
    assert target.read_bytes() == GOOD
    pd.testing.assert_frame_equal(load_rows(target), people)
    assert f"fetched 12 rows from {address}{name} into {target}" in caplog.messages


@pytest.mark.parametrize(("name", "said"), [
    ("truncated", f"sent {len(GOOD) - 1} bytes, the file has {len(GOOD)}"),
    ("broken-off", "cannot be fetched: ChunkedEncodingError"),
    ("empty", f"sent 0 bytes, the file has {len(GOOD)}"),
    ("too-large", f"sent more than the {len(GOOD)} bytes"),
    ("endless", f"sent more than the {len(GOOD)} bytes"),
    ("tampered", "sent the right size but another sha256"),
    ("login", "sent a web page, perhaps a login"),
    ("padded-login", "sent a web page, perhaps a login"),
    ("loop", "cannot be fetched: TooManyRedirects"),
    ("elsewhere", "cannot be fetched: InvalidSchema"),
    ("404", "sent status 404"), ("500", "sent status 500"), ("204", "sent status 204"),
    ("206", "sent status 206"), ("not-http", "cannot be fetched: ConnectionError")])
def test_anything_else_leaves_the_old_file_and_says_how_to_go_on(
        name: str, said: str, address: str, target: Path) -> None:
    with pytest.raises(InputError) as caught:
        fetch(address + name, target, SOURCE)
    text = str(caught.value)
    assert text.startswith(f"{address}{name}: {said}") and text.endswith(BY_HAND)
    assert text.isprintable()
    assert target.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize(("name", "said"), [("stalled", "ConnectionError"),
                                            ("stalled-early", "ReadTimeout")])
def test_silent_server_is_given_up(name: str, said: str, address: str, target: Path,
                                   monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("census.fetch._SECONDS_TO_WAIT", 0.2)
    with pytest.raises(InputError, match=f"{name}: cannot be fetched: {said}; download"):
        fetch(address + name, target, SOURCE)
    assert target.read_text(encoding="utf-8") == "old"


def test_refused_connection_says_how_to_go_on(target: Path) -> None:
    with socket.socket() as unused:  # bound and not listening, so the port stays refusing
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(InputError, match="cannot be fetched: ConnectionError; download"):
            fetch(f"http://127.0.0.1:{port}/good", target, SOURCE)
    assert target.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("address", ["", "customers.csv", "file:///etc/hostname", "ftp://x/y",
                                     "HTTP//x", "http:/x", "http://", "http://[::1", "http://a b/",
                                     "http://127.0.0.1:99999/", "http://\x1b[2J", "http://.x/"])
def test_address_that_is_none_is_refused(address: str, target: Path) -> None:
    with pytest.raises(InputError) as caught:
        fetch(address, target, SOURCE)
    assert str(caught.value).isprintable() and str(caught.value).endswith(BY_HAND)
    assert target.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("name", ["good", "404", "loop"])
def test_secrets_in_the_address_are_not_repeated(name: str, address: str, target: Path,
                                                 caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="census")
    secret = address.replace("//", "//anna:opensesame@") + name + "?token=opensesame"
    try:
        fetch(secret, target, SOURCE)
    except InputError as err:
        assert address + name in str(err) and "opensesame" not in str(err)
    assert "opensesame" not in caplog.text


def test_table_that_breaks_the_schema_is_refused_before_the_place_is_taken(
        address: str, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = with_field(4, "sex", "X").encode()
    monkeypatch.setitem(BODIES, "bad", (bad, 200, None, "text/csv"))
    source = replace(SOURCE, bytes=len(bad), sha256=hashlib.sha256(bad).hexdigest())
    with pytest.raises(InputError, match="sent a table with a fault in line 4: 'X' is not one of"):
        fetch(address + "bad", target, source)
    assert target.read_text(encoding="utf-8") == "old"


def test_source_is_read_from_toml(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text("[census]\n" + "".join(f"{key} = {value!r}\n" for key, value
                                           in vars(SOURCE).items()), encoding="utf-8")
    assert read_source(path) == SOURCE


@pytest.mark.parametrize("text", [None, "", "[other]\nrows = 1\n", "[census]\ntitle = 'x'\n",
                                  "census = 3\n", "= 3\n", "[census]\nfoo = 1\n", b"\xff"])
def test_wrong_file_of_sources_is_a_settings_error(text: str | bytes | None,
                                                   tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    if text is not None:
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(SettingsError, match="is no file of data sources"):
        read_source(path)


def test_shipped_source_says_how_to_get_the_file() -> None:
    shipped = read_source(SHIPPED)
    assert shipped.rows == 32_561 and len(shipped.sha256) == 64
    assert shipped.page in shipped.how_to_get and "census run --data" in shipped.how_to_get


@pytest.mark.realdata
def test_shipped_source_describes_the_true_file(real_data: Path) -> None:
    content = (real_data / "census" / "census.csv").read_bytes()
    shipped = read_source(SHIPPED)
    assert len(content) == shipped.bytes
    assert hashlib.sha256(content).hexdigest() == shipped.sha256
    assert content.count(b"\n") == shipped.rows + 2


def test_a_source_with_a_value_of_the_wrong_type_is_refused(tmp_path):
    path = tmp_path / "sources.toml"
    path.write_text('[census]\ntitle="t"\naddress="a"\npage="p"\nattribution="a"\nrows=1\n'
                    'bytes="12"\nsha256="0"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="no file of data sources"):
        read_source(path)


def test_a_key_in_the_address_reaches_neither_message_nor_log(tmp_path, capsys):
    address = "http://user:hush@127.0.0.1:9/f.csv?token=hush"
    assert main(["fetch", "--source", address, "--out", str(tmp_path)]) == 2
    log = (tmp_path / "logs" / "census.log").read_text(encoding="utf-8")
    assert "hush" not in capsys.readouterr().err + log
    assert "127.0.0.1:9" in log


def test_a_server_that_drips_is_left_after_a_while(monkeypatch, address, target):
    monkeypatch.setattr("census.fetch._MOST_SECONDS", -1)
    with pytest.raises(InputError, match="no more than"):
        fetch(address + "good", target, SOURCE)
    assert target.read_text(encoding="utf-8") == "old"
