"""The usual course's folders for tests: generated rows, or the true files, and its config.json."""

import json
import shutil
from pathlib import Path

import numpy as np

from riskwatch.course_layout import Layout, load_layout
from riskwatch.population import EraName, draw, name_pool
from riskwatch.schema import HEADER

FIRST = {"input_folder_path": "practicedata", "output_folder_path": "ingesteddata",
         "test_data_path": "testdata", "output_model_path": "practicemodels",
         "prod_deployment_path": "production_deployment"}
SECOND = {**FIRST, "input_folder_path": "sourcedata", "output_model_path": "models"}


def lines(seed: int, rows: int = 120, era: EraName = "stable", is_turned: bool = False
          ) -> list[str]:
    """Rows of an era; turned ones have the opposite labels, as the course's file of drift."""
    rng = np.random.default_rng([seed, 3])
    drawn = draw(rows, era, rng, name_pool(rng))
    exited = 1 - drawn.exited if is_turned else drawn.exited
    return [",".join(map(str, row)) for row in zip(
        drawn.corporation, drawn.last_month, drawn.last_year, drawn.employees, exited)]


def put(folder: Path, name: str, rows: list[str]) -> None:
    """Write a CSV file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("\n".join([HEADER, *rows, ""]), encoding="ascii")


def layout_of(root: Path, values: dict[str, str]) -> Layout:
    """Write ``config.json`` and read it."""
    (root / "config.json").write_text(json.dumps(values), encoding="utf-8")
    return load_layout(root / "config.json")


def generated(root: Path) -> Path:
    """Make folders of generated rows: two files to practise with, one to test on."""
    first = lines(1)
    put(root / "practicedata", "dataset1.csv", first)
    put(root / "practicedata", "dataset2.csv", lines(2) + first[:20])
    put(root / "testdata", "testdata.csv", lines(3, 200))
    (root / "sourcedata").mkdir()
    return root


def copied(root: Path, true_files: Path) -> Path:
    """Copy the true files."""
    for name in ("practicedata", "sourcedata", "testdata"):
        shutil.copytree(true_files / name, root / name)
    return root
