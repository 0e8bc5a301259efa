"""Getting listings over HTTP: only a table of listings takes the place, whatever is answered."""

import csv
import hashlib
import io
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from listing_rows import listings
from quick import run_captured

from rentals.data import load_listings, write_listings
from rentals.download import DataSource, download, public_address, read_source
from rentals.errors import InputError, SettingsError

SOURCE = DataSource("Listings", "https://example.org", "CC BY 4.0", "made by hand", 100_000, "")


def _wide(good):
    """Return the table with two more columns, and a row without a price."""
    rows = list(csv.DictReader(io.StringIO(good.decode())))
    rows[1]["price"] = ""
    text = io.StringIO()
    writer = csv.DictWriter(text, ["license", *rows[0], "number_of_reviews_ltm"])
    writer.writeheader()
    writer.writerows({**row, "license": "", "number_of_reviews_ltm": "3"} for row in rows)
    return text.getvalue().encode()


@pytest.fixture(scope="module", name="bodies")
def bodies_fixture(tmp_path_factory):
    """Path -> body, status, claimed length, type."""
    path = tmp_path_factory.mktemp("good") / "good.csv"
    write_listings(listings(12), path)
    good = path.read_bytes()
    return {
        "good": (good, 200, None, "text/csv"), "wide": (_wide(good), 200, None, "text/csv"),
        "broken": (good[:-100], 200, len(good), "text/csv"),
        "missing": (b"", 404, None, "text/csv"), "empty": (b"", 200, None, "text/csv"),
        "login": (b"<html>", 200, None, "text/html; charset=utf-8"),
        "large": (b"x" * 200_000, 200, None, "text/csv"),
        "binary": (b"\xff\xfe" * 50, 200, None, "text/csv"),
        "other": (b"a,b\n1,2\n", 200, None, "text/csv"),
        "tampered": (good.replace(b"Queens", b"Sea"), 200, None, "text/csv"),
    }


@pytest.fixture(scope="module", name="address")
def address_fixture(bodies):
    """The address of a server, ending in a slash."""
    class _Handler(BaseHTTPRequestHandler):
        """Answers by the path."""

        def do_GET(self):  # pylint: disable=invalid-name  # http.server's name
            """Send the body of the path, or lead round in a circle."""
            name = self.path.strip("/").partition("?")[0]
            if name == "loop":
                self.send_response(302)
                self.send_header("Location", "/loop")
                self.end_headers()
                return
            body, status, length, kind = bodies[name]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body) if length is None else length))
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):  # pylint: disable=arguments-differ
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_the_good_file_takes_the_place(address, bodies, tmp_path):
    assert download(address + "good", tmp_path / "a" / "b.csv", SOURCE) == 12
    assert (tmp_path / "a" / "b.csv").read_bytes() == bodies["good"][0]


def test_of_a_wider_table_the_sixteen_columns_are_kept_and_rows_without_price_left_out(
        address, tmp_path):
    assert download(address + "wide", tmp_path / "b.csv", SOURCE) == 11
    assert len(load_listings(tmp_path / "b.csv").columns) == 16


@pytest.mark.parametrize(("name", "said"), [
    ("broken", "cannot be fetched"), ("missing", "status 404"), ("empty", "fault in line"),
    ("login", "a web page"), ("large", "more than 100000 bytes"), ("binary", "no table"),
    ("other", "no table"), ("tampered", "fault in line"), ("loop", "TooManyRedirects")])
def test_anything_else_leaves_the_old_file(address, tmp_path, name, said):
    target = tmp_path / "b.csv"
    target.write_text("old", "utf-8")
    with pytest.raises(InputError, match=said) as caught:
        download(f"{address}{name}?key=secret", target, SOURCE)
    assert "secret" not in str(caught.value)
    assert target.read_text("utf-8") == "old" and list(tmp_path.iterdir()) == [target]


def test_a_digest_accepts_its_own_snapshot_only(address, bodies, tmp_path):
    digest = hashlib.sha256(bodies["good"][0]).hexdigest()
    assert download(address + "good", tmp_path / "b", replace(SOURCE, sha256=digest)) == 12
    with pytest.raises(InputError, match="another table"):
        download(address + "good", tmp_path / "b", replace(SOURCE, sha256="0" * 64))


def test_another_kind_of_address_is_refused(tmp_path):
    with pytest.raises(InputError, match="http://"):
        download("file:///etc/hostname", tmp_path / "b", SOURCE)


def test_a_secret_is_no_part_of_the_public_address():
    assert public_address("https://me:key@example.org/a?k=1#f") == "https://example.org/a"


def test_the_shipped_source_can_be_read_and_a_broken_one_is_named(tmp_path):
    assert "Inside Airbnb" in read_source().attribution
    (tmp_path / "x.toml").write_text("[rentals]\ntitle = 'x'\n", "utf-8")
    with pytest.raises(SettingsError, match=r"x\.toml"):
        read_source(tmp_path / "x.toml")


def test_the_command_says_how_to_get_the_file_and_gets_it(address, tmp_path):
    out = str(tmp_path / "out")
    code, said = run_captured(["fetch", "--out", out])
    assert code == 1 and "insideairbnb.com" in said
    code, said = run_captured(["fetch", "--out", out, "--source", address + "good"])
    assert code == 0 and "12 listings" in said
    assert len(load_listings(tmp_path / "out" / "data" / "listings.csv")) == 12
