"""Get the public data set from its address, or say how to get it by hand.

In: an address and what the file must be. Out: the checked file, or nothing. The public file has
no header; that of the schema is put above it, and what stands there then must have the known
size and digest and pass the strict reader, before it takes its place.
"""

import hashlib
import json
import logging
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from urllib.parse import urlsplit, urlunsplit

import requests
from pydantic import TypeAdapter

from census.data import load_rows
from census.errors import InputError, SettingsError, TableError
from census.files import faults_named, write_bytes
from census.schema import COLUMNS

LOGGER = logging.getLogger(__name__)
HEADER = (", ".join(column.name for column in COLUMNS) + "\n").encode()
_SECONDS_TO_WAIT = 30
_MOST_SECONDS = 600
_PIECE_BYTES = 65_536
_MOST_REDIRECTS = 3


@dataclass(frozen=True)
class DataSource:
    """What the public file is: ``bytes`` and ``sha256`` of its course-shaped form."""

    title: str
    address: str
    page: str
    attribution: str
    rows: int
    bytes: int
    sha256: str

    @property
    def how_to_get(self) -> str:
        """Return what to do by hand, in one line."""
        return (f"download {self.title} by hand from {self.page}, put the line of column "
                f"names above it, then run: census run --data PATH_OF_THE_FILE")


def read_source(path: Path) -> DataSource:
    """Return the census entry of a file of data sources.

    Parameters
    ----------
    path : Path
        TOML with a table ``census``.

    Returns
    -------
    DataSource

    Raises
    ------
    SettingsError
        The file cannot be read or lacks a key.
    """
    try:
        found = DataSource(**tomllib.loads(path.read_text(encoding="utf-8"))["census"])
        return TypeAdapter(DataSource).validate_json(json.dumps(asdict(found)), strict=True)
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise SettingsError(f"{path}: is no file of data sources: "
                            f"{str(err).splitlines()[0]}") from err


def fetch(address: str, target: Path, source: DataSource) -> None:
    """Download the file, with a header or without, and put it in place when it is right.

    Parameters
    ----------
    address : str
        Starts with http:// or https://.
    target : Path
        Is replaced only by the right file.
    source : DataSource
        Size and digest that the file must have.

    Raises
    ------
    InputError
        The address does not answer, or what it sends is not the file; the text says why and
        how to get the file by hand.
    OutputError
        The target cannot be written.
    """
    content, started = b"", monotonic()
    for piece in _pieces(address, source):
        content += piece if content else _under_a_header(piece)
        if monotonic() - started > _MOST_SECONDS:
            raise _refusal(address, f"no more than {len(content)} bytes in {_MOST_SECONDS} "
                           "seconds", source)
        if len(content) > source.bytes:
            raise _refusal(address, f"more than the {source.bytes} bytes of the file", source)
    if len(content) < source.bytes:
        raise _refusal(address, f"{len(content)} bytes, the file has {source.bytes}", source)
    if hashlib.sha256(content).hexdigest() != source.sha256:
        raise _refusal(address, "the right size but another sha256", source)
    rows = _count_rows(address, content, target, source)
    write_bytes(target, content)
    LOGGER.info("fetched %d rows from %s into %s", rows, public_address(address), target)


def _under_a_header(start: bytes) -> bytes:
    """Put the header above a file that begins with a row; rows begin with a number."""
    return HEADER + start if start[:1].isdigit() else start


def _count_rows(address: str, content: bytes, target: Path, source: DataSource) -> int:
    """Read the table strictly from a place of its own, before the target is touched."""
    try:
        with faults_named(target), TemporaryDirectory(prefix="census-") as folder:
            draft = Path(folder) / "census.csv"
            draft.write_bytes(content)
            return len(load_rows(draft))
    except TableError as err:
        raise _refusal(address, f"a table with a fault in line {err.row}: {err.rule}", source
                       ) from err


def _pieces(address: str, source: DataSource) -> Iterator[bytes]:
    """Yield the body of the answer, piece by piece."""
    if not address.startswith(("http://", "https://")):
        raise InputError(f"{public_address(address)}: an address starts with http:// or https://; "
                         f"{source.how_to_get}")
    try:
        with requests.Session() as session:
            session.max_redirects = _MOST_REDIRECTS
            with session.get(address, stream=True, timeout=_SECONDS_TO_WAIT) as answer:
                if answer.status_code != requests.codes.ok:
                    raise _refusal(address, f"status {answer.status_code}", source)
                if "html" in answer.headers.get("Content-Type", "").lower():
                    raise _refusal(address, "a web page, perhaps a login", source)
                yield from answer.iter_content(_PIECE_BYTES)
    except requests.RequestException as err:
        # Not "from err": its text holds the whole address, and this goes into the log.
        raise InputError(f"{public_address(address)}: cannot be fetched: {type(err).__name__}; "
                         f"{source.how_to_get}") from None


def _refusal(address: str, found: str, source: DataSource) -> InputError:
    return InputError(f"{public_address(address)}: sent {found}; {source.how_to_get}")


def public_address(address: str) -> str:
    """Return the address without what may be a secret: user, password, query."""
    try:
        parts = urlsplit(address)
        host = parts.netloc.rpartition("@")[2]
        text = urlunsplit((parts.scheme, host, parts.path, "", ""))
    except ValueError:
        text = "the address"
    return text if text.isprintable() else ascii(text)
