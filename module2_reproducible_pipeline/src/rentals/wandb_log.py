"""Read back what W&B wrote offline: a log of records in the format of LevelDB.

In: a ``.wandb`` file. Out: settings, last figures and artifacts of the run.
The format is W&B's own and may change with any release, so the version is bounded in
``pyproject.toml`` and a test reads a log of the installed one.

References
----------
LevelDB log format: doc/log_format.md of google/leveldb. Blocks of 32 KiB hold chunks of
checksum (4 bytes), length (2), type (1: whole, 2: first, 3: middle, 4: last).
"""

import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path

from rentals.errors import TrackingError
from rentals.files import write_json

_BLOCK, _HEADER = 32 * 1024, 7
_WHOLE, _FIRST, _LAST = 1, 2, 4
#: Of the file itself: ":W&B", a magic number, a version.
_FILE_HEADER = 7


@dataclass(frozen=True)
class WandbLog:
    """What a run left: configuration, last value of each figure, names of artifacts."""

    run_id: str
    config: Mapping[str, object]
    figures: Mapping[str, float]
    artifacts: tuple[str, ...]
    exit_code: int | None


def read_log(path: Path) -> WandbLog:
    """Return what a ``.wandb`` file holds.

    Parameters
    ----------
    path : Path

    Returns
    -------
    WandbLog

    Raises
    ------
    TrackingError
        The file is damaged, or of another format.
    """
    record_type = import_module("wandb.proto.wandb_internal_pb2").Record
    config: dict[str, object] = {}
    run_id, figures, artifacts, exit_code = "", {}, [], None
    try:
        for content in _records(path.read_bytes()):
            record = record_type()
            record.ParseFromString(content)
            kind = record.WhichOneof("record_type")
            if kind == "run":
                run_id = record.run.run_id
                config |= _config(record.run.config.update)
            elif kind == "config":
                config |= _config(record.config.update)
            elif kind == "history":
                figures.update(_figures(record.history.item))
            elif kind == "summary":
                figures.update(_figures(record.summary.update))
            elif kind == "artifact":
                artifacts.append(record.artifact.name)
            elif kind == "request" and record.request.HasField("log_artifact"):
                artifacts.append(record.request.log_artifact.artifact.name)
            elif kind == "exit":
                exit_code = record.exit.exit_code
    except (OSError, ValueError, struct.error) as err:
        raise TrackingError(f"{path}: is no readable W&B log: {err}") from err
    return WandbLog(run_id, config, figures, tuple(artifacts), exit_code)


def is_complete(path: Path) -> bool:
    """Has the log of a run been written to its end?"""
    try:
        return read_log(path).exit_code is not None
    except TrackingError:
        return False


def read_log_once(path: Path) -> WandbLog:
    """Return what `read_log` does, from a copy beside the log if it was read before.

    Parameters
    ----------
    path : Path
        Of a run that has ended.

    Returns
    -------
    WandbLog

    Raises
    ------
    TrackingError, OutputError
    """
    copy = path.with_suffix(".json")
    if copy.is_file() and copy.stat().st_mtime >= path.stat().st_mtime:
        values = json.loads(copy.read_bytes())
        return WandbLog(**{**values, "artifacts": tuple(values["artifacts"])})
    log = read_log(path)
    write_json(copy, asdict(log))
    return log


def _config(items: object) -> dict[str, object]:
    return {item.key: json.loads(item.value_json)
            for item in items  # type: ignore[attr-defined]
            if not item.key.startswith("_")}


def _figures(items: object) -> dict[str, float]:
    found = {}
    for item in items:  # type: ignore[attr-defined]  # repeated field of a protocol buffer
        value = json.loads(item.value_json)
        name = item.key or "/".join(item.nested_key)
        if isinstance(value, (int, float)) and not name.startswith("_"):
            found[name] = float(value)
    return found


def _records(content: bytes) -> Iterator[bytes]:
    """Yield the records of a log, chunks put together and checked."""
    if content[:4] != b":W&B":
        raise ValueError("it does not begin with :W&B")
    place, parts = _FILE_HEADER, b""
    while place + _HEADER <= len(content):
        if _BLOCK - place % _BLOCK < _HEADER:  # a header never crosses blocks
            place += _BLOCK - place % _BLOCK
            continue
        checksum, length, kind = struct.unpack_from("<IHB", content, place)
        chunk = content[place + _HEADER:place + _HEADER + length]
        if len(chunk) < length or checksum != zlib.crc32(bytes([kind]) + chunk):
            raise ValueError(f"a wrong checksum at byte {place}")
        parts = chunk if kind in (_WHOLE, _FIRST) else parts + chunk
        if kind in (_WHOLE, _LAST):
            yield parts
        place += _HEADER + length
