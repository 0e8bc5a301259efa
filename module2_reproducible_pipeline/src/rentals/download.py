"""Get the public listings from an address, or say how to get them by hand.

In: an address. Out: a file of the sixteen columns, or nothing.
What comes over a network is not trusted: its kind and size are looked at, and the table is read
strictly, before it takes its place.
"""

import csv
import hashlib
import io
import logging
import tomllib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

import requests

from rentals.configuration import CONFIG_FOLDER
from rentals.data import load_listings
from rentals.errors import InputError, SettingsError, TableError
from rentals.files import faults_named, write_bytes
from rentals.schema import NAMES, PRICE

LOGGER = logging.getLogger(__name__)
_SECONDS_TO_WAIT, _PIECE_BYTES, _MOST_REDIRECTS = 30, 65_536, 3


@dataclass(frozen=True)
class DataSource:
    """What the public file is; an empty ``sha256`` accepts every snapshot."""

    title: str
    page: str
    terms: str
    attribution: str
    max_bytes: int
    sha256: str

    @property
    def how_to_get(self) -> str:
        """What to do by hand, in one line."""
        return (f"{self.title}: choose a date on {self.page} ({self.terms}), then run rentals "
                "fetch --source ADDRESS, or download it and run rentals run --data FILE")


def read_source(path: Path = CONFIG_FOLDER / "data_sources.toml") -> DataSource:
    """Return the rentals entry of a file of data sources.

    Parameters
    ----------
    path : Path
        TOML with a table ``rentals``.

    Returns
    -------
    DataSource

    Raises
    ------
    SettingsError
        The file cannot be read or lacks a key.
    """
    try:
        return DataSource(**tomllib.loads(path.read_text(encoding="utf-8"))["rentals"])
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise SettingsError(f"{path}: is no file of data sources: {err}") from err


def download(address: str, target: Path, source: DataSource) -> int:
    """Put the course-shaped listings of an address in place; return how many.

    Parameters
    ----------
    address : str
        Starts with http:// or https://; a table with at least the sixteen columns.
    target : Path
        Is replaced only by a table that `load_listings` takes.
    source : DataSource

    Returns
    -------
    int
        Listings without a price are left out.

    Raises
    ------
    InputError
        The address does not answer, or what it sends is no table of listings.
    OutputError
        The target cannot be written.
    """
    content = _course_shaped(address, _received(address, source), source)
    digest = hashlib.sha256(content).hexdigest()
    if source.sha256 and digest != source.sha256:
        raise _refusal(address, f"another table, sha256 {digest}", source)
    with faults_named(target), TemporaryDirectory(prefix="rentals-") as folder:
        draft = Path(folder) / "listings.csv"
        draft.write_bytes(content)
        try:
            rows = len(load_listings(draft))
        except TableError as err:
            raise _refusal(address, f"a table with a fault in line {err.row}: {err.rule}", source
                           ) from err
    write_bytes(target, content)
    LOGGER.info("fetched %d listings from %s, sha256 %s", rows, public_address(address), digest)
    return rows


def _received(address: str, source: DataSource) -> bytes:
    """Return the body of the answer, when it is of the right kind and size."""
    if not address.startswith(("http://", "https://")):
        raise InputError(f"{public_address(address)}: an address starts with http:// or https://")
    content = bytearray()
    try:
        with requests.Session() as session:
            session.max_redirects = _MOST_REDIRECTS
            with session.get(address, stream=True, timeout=_SECONDS_TO_WAIT) as answer:
                if answer.status_code != requests.codes.ok:
                    raise _refusal(address, f"status {answer.status_code}", source)
                if "html" in answer.headers.get("Content-Type", "").lower():
                    raise _refusal(address, "a web page, perhaps a login", source)
                for piece in answer.iter_content(_PIECE_BYTES):
                    content += piece
                    if len(content) > source.max_bytes:
                        raise _refusal(address, f"more than {source.max_bytes} bytes", source)
    except requests.RequestException as err:
        # Not "from err": its text holds the whole address, and this goes into the log.
        raise InputError(f"{public_address(address)}: cannot be fetched: {type(err).__name__}; "
                         f"{source.how_to_get}") from None
    return bytes(content)


def _course_shaped(address: str, content: bytes, source: DataSource) -> bytes:
    """Return the sixteen columns of a wider table, without the rows that name no price."""
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(NAMES)
        writer.writerows([row[name] for name in NAMES] for row in rows if row[PRICE])
    except (UnicodeDecodeError, csv.Error, KeyError) as err:
        raise _refusal(address, f"no table of listings ({type(err).__name__}: {err})", source
                       ) from err
    return text.getvalue().encode()


def _refusal(address: str, found: str, source: DataSource) -> InputError:
    return InputError(f"{public_address(address)}: sent {found}; {source.how_to_get}")


def public_address(address: str) -> str:
    """Return the address without what may be a secret: user, password, query."""
    try:
        parts = urlsplit(address)
        text = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    except ValueError:
        text = "the address"
    return text if text.isprintable() else ascii(text)
