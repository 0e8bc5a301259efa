"""The usual course's folders: its ``config.json``, its CSV files, what it writes, what it deploys.

In: the path of a ``config.json``. Out: paths that stay inside its folder, rows that were read
strictly, and a deployment that is whole or absent: model, score and record of ingestion together.
"""

import hashlib
import io
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd

from riskwatch.errors import InputError, ModelFileError
from riskwatch.files import make_folder, point_link, shown, write_bytes
from riskwatch.reader import canonical_blocks, open_regular
from riskwatch.release_files import held, put_release
from riskwatch.schema import CORPORATION, FEATURES, HEADER, TARGET
from riskwatch.settings import ReadingSettings

MODEL, SCORE, RECORD, DATA = ("trainedmodel.skops", "latestscore.txt", "ingestedfiles.txt",
                              "finaldata.csv")
_MOST_CONFIG_BYTES, _MOST_BYTES = 100_000, 2**28
_WHOLE_NUMBERS = {name: "Int64" for name in (*FEATURES, TARGET)}


@dataclass(frozen=True)
class Layout:
    """Five folders, by the keys of ``config.json``, all inside the folder that holds it."""

    input_folder_path: Path
    output_folder_path: Path
    test_data_path: Path
    output_model_path: Path
    prod_deployment_path: Path

    @property
    def service(self) -> Path:
        """The workplace of the service that answers the course's calls."""
        return self.prod_deployment_path.parent / ".riskwatch"


@dataclass(frozen=True)
class CourseFile:
    """A CSV file: its name, the sha256 of its content, its rows."""

    name: str
    sha256: str
    rows: pd.DataFrame


@dataclass(frozen=True)
class Deployed:
    """What is in production: the bytes of the model, F1 at deployment, digests of its files."""

    model: bytes
    f1: float
    known: frozenset[str]


def load_layout(path: Path) -> Layout:
    """Read a ``config.json``.

    Raises
    ------
    InputError
        It cannot be read, a key is missing or unknown, or a folder lies outside of the one that
        holds it, or stands for two things.
    """
    with open_regular(path, _MOST_CONFIG_BYTES) as stream:
        content = stream.read()
    try:
        found = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as err:
        raise InputError(f"{shown(path)}: is no JSON; write the course's five keys") from err
    keys = [field.name for field in fields(Layout)]
    wrong = ([key for key in keys if key not in found] if isinstance(found, dict) else keys)
    unknown = [key for key in found if key not in keys] if isinstance(found, dict) else []
    if wrong or unknown:
        fault = (f"lacks the key {wrong[0]}" if wrong
                 else f"has the unknown key {unknown[0][:40]!a}")
        raise InputError(f"{shown(path)}: {fault}; it must have {', '.join(keys)}")
    root = Path(os.path.abspath(path)).parent
    folders = {key: _inside(root, key, found[key]) for key in keys}
    if len(set(folders.values())) < len(keys):
        raise InputError(f"{shown(path)}: two keys name the same folder; give each its own")
    return Layout(**folders)


def read_folder(folder: Path) -> tuple[CourseFile, ...]:
    """Read every CSV file of a folder, by name.

    Raises
    ------
    InputError
        The folder or a file cannot be read, or a value breaks the schema; nothing is skipped.
    """
    try:
        names = sorted(name for name in os.listdir(folder) if name.lower().endswith(".csv"))
    except OSError as err:
        raise InputError(f"{shown(folder)}: cannot be read: {err.strerror}; give a folder of CSV "
                         "files") from err
    return tuple(_read(folder / name) for name in names)


def merged(files: Sequence[CourseFile]) -> pd.DataFrame:
    """Return the rows of files, each row once; `InputError` where there is no file."""
    if not files:
        raise InputError("there is no CSV file to read; put one there")
    return pd.concat([file.rows for file in files]).drop_duplicates(ignore_index=True)


def write_ingested(folder: Path, rows: pd.DataFrame, record: Mapping[str, str]) -> None:
    """Write ``finaldata.csv``, and then the record: who is killed between them reads again."""
    text = rows.astype(_WHOLE_NUMBERS).to_csv(index=False, lineterminator="\n")
    write_bytes(folder / DATA, text.encode("utf-8"))
    write_bytes(folder / RECORD, record_of(record))


def record_of(files: Mapping[str, str]) -> bytes:
    """Return a record of ingestion: a name and a digest a line."""
    return "".join(f"{name} {sha256}\n" for sha256, name in files.items()).encode("utf-8")


def read_record(path: Path) -> dict[str, str]:
    """Return name by digest of a record; empty where there is none."""
    if not path.exists():
        return {}
    with open_regular(path, _MOST_BYTES) as stream:
        lines = stream.read().decode("utf-8", "replace").splitlines()
    return {sha256: name for name, _, sha256 in (line.rpartition(" ") for line in lines)}


def put_into_production(layout: Layout, files: Mapping[str, bytes]) -> None:
    """Make the files the ones that serve, all in one step.

    Raises
    ------
    InputError
        A folder with something in it stands where the link to the deployment shall be.
    """
    link = layout.prod_deployment_path
    make_folder(link.parent)
    if link.is_dir() and not link.is_symlink():
        rest = [path.name for path in link.iterdir() if path.name != ".gitkeep"]
        if rest:
            raise InputError(f"{shown(link)}: holds {ascii(rest[0])[1:-1]} of another program; "
                             "move that folder away")
        for path in link.iterdir():
            path.unlink()
        link.rmdir()
    digest = hashlib.sha256(b"".join(files.values())).hexdigest()
    release = link.with_name(f".{link.name}-{digest[:12]}")
    with held(link.parent):
        put_release(release, files)
    point_link(link, release.name)


def read_production(layout: Layout) -> Deployed | None:
    """Return what is deployed; None where nothing is."""
    folder = layout.prod_deployment_path
    if not folder.is_symlink():
        return None
    with open_regular(folder / MODEL, _MOST_BYTES) as stream:
        model = stream.read()
    try:
        return Deployed(model, float((folder / SCORE).read_text(encoding="ascii")),
                        frozenset(read_record(folder / RECORD)))
    except (OSError, ValueError) as err:
        raise ModelFileError(f"{shown(folder)}: is not whole; remove the link, and run again to "
                             "deploy afresh") from err


def _read(path: Path) -> CourseFile:
    with open_regular(path, _MOST_BYTES) as stream:
        content = stream.read()
    lines = b"".join(block for block, _ in canonical_blocks(path, io.BytesIO(content),
                                                            ReadingSettings()))
    types: Any = {CORPORATION: str, **dict.fromkeys(_WHOLE_NUMBERS, "float64")}
    rows = pd.read_csv(io.BytesIO(f"{HEADER}\n".encode() + lines), keep_default_na=False,
                       na_values={name: [""] for name in _WHOLE_NUMBERS},
                       dtype=types)
    return CourseFile(path.name, hashlib.sha256(content).hexdigest(), rows)


def _inside(root: Path, key: str, value: Any) -> Path:
    """Return a folder named in the configuration, if it lies in the folder that holds that."""
    name = value if isinstance(value, str) and value.isprintable() else ""
    path = Path(os.path.abspath(root / name))
    if not name or root not in path.parents or not path.resolve().is_relative_to(root.resolve()):
        raise InputError(f"{key}: must name a folder inside of {shown(root)}")
    return path
