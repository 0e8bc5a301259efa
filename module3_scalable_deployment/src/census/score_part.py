"""Score one part of a big table: a file in, a file of answers and a receipt out.

In: where a part is, where its answers go, and a release. Out: how many rows, or what is wrong
with them. It is all that a worker does, on this machine or on another one, so it is named by
plain texts. Answers and receipt appear whole; a part that has both is not scored again.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from census.errors import CensusError, InputError, TableError
from census.files import atomic_writer, sha256_of_file, write_json
from census.lines import open_regular
from census.parquet_codes import parquet_blocks
from census.release_reader import open_release
from census.serving.csv_upload import CsvUpload
from census.serving.holder import load_served
from census.serving.payloads import label_of
from census.serving.problems import Problem
from census.serving.scorer import Scorer
from census.serving.tree_words import Floats

LOGGER = logging.getLogger(__name__)
_ROWS_AT_ONCE, _PORTION_BYTES, _MOST_BYTES = 65_536, 2**20, 2**40


@dataclass(frozen=True)
class Part:
    """One file to score: ``source`` and ``target``, with the release ``version`` of ``out``."""

    source: str
    target: str
    out: str
    version: str


@dataclass(frozen=True)
class Outcome:
    """What became of a part: its answers' digest, or the fault for which there are none."""

    name: str
    rows: int = 0
    sha256: str = ""
    fault: str = ""
    was_done: bool = False


def score_part(part: Part) -> Outcome:
    """Score one part, unless that was done before.

    Parameters
    ----------
    part : Part

    Returns
    -------
    Outcome
        A foreseen fault is told and not raised: other parts go on.
    """
    source, target = Path(part.source), Path(part.target)
    receipt = target.with_name(f"{target.name}.json")
    try:
        asked = {"model_version": part.version, "source_sha256": sha256_of_file(source)}
        done = _read_receipt(receipt, target, asked)
        if done:
            return Outcome(source.name, done["rows"], done["sha256"], was_done=True)
        scorer, threshold = _scorer(part.out, part.version)
        write = _write_parquet if source.suffix == ".parquet" else _write_csv
        rows = write(source, target, scorer, threshold)
        digest = sha256_of_file(target)
        write_json(receipt, {**asked, "rows": rows, "sha256": digest})
    except CensusError as err:
        return Outcome(source.name, fault=str(err))
    return Outcome(source.name, rows, digest)


@lru_cache(maxsize=1)
def _scorer(out: str, version: str) -> tuple[Scorer, float]:
    """Read the release once in each process."""
    served = load_served(open_release(Path(out), version))
    return served.scorer, served.signature.threshold


def _read_receipt(receipt: Path, target: Path, asked: dict[str, str]) -> dict[str, Any] | None:
    """Return the receipt if it is of this release, these rows, and the answers that are there."""
    try:
        found: dict[str, Any] = json.loads(receipt.read_bytes())
        is_same = asked.items() <= found.items() and found["sha256"] == sha256_of_file(target)
    except (OSError, ValueError, KeyError, AttributeError, InputError):
        return None
    return found if is_same else None


def _write_csv(source: Path, target: Path, scorer: Scorer, threshold: float) -> int:
    """Write what the service answers to the same file, and return the number of rows."""
    upload, row = CsvUpload(scorer), 1
    try:
        with open_regular(source, _MOST_BYTES) as stream:
            while portion := stream.read(_PORTION_BYTES):
                upload.feed(portion)
        upload.finish()
        with atomic_writer(target) as answers:
            answers.write(b"row,label,probability\r\n")
            for found in _scored(upload.blocks(_ROWS_AT_ONCE), scorer):
                answers.write("".join([
                    f"{number},{label_of(value, threshold)},{value!r}\r\n"
                    for number, value in enumerate(found.tolist(), row)]).encode("ascii"))
                row += len(found)
    except Problem as err:
        place, rule = (*err.errors, ("", err.detail))[0]
        raise TableError(source, f"{place}: {rule}" if place else rule) from err
    finally:
        upload.close()
    return row - 1


def _write_parquet(source: Path, target: Path, scorer: Scorer, threshold: float) -> int:
    """Write labels and probabilities in the order of the rows, and return their number."""
    import pyarrow as pa  # pylint: disable=import-outside-toplevel  # an extra
    from pyarrow.parquet import ParquetWriter  # pylint: disable=import-outside-toplevel

    kind, rows = pa.schema([("label", pa.string()), ("probability", pa.float64())]), 0
    blocks = _scored(parquet_blocks(source, scorer), scorer)
    with atomic_writer(target) as answers, ParquetWriter(answers, kind) as writer:
        for found in blocks:
            labels = [label_of(value, threshold) for value in found.tolist()]
            writer.write_table(pa.table([labels, found], schema=kind))
            rows += len(found)
    return rows


def _scored(blocks: Iterator[Any], scorer: Scorer) -> Iterator[Floats]:
    return map(scorer.probabilities, blocks)
