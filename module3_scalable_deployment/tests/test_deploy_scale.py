"""The page on scale: its commands are run, its plan follows from its measurements."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from part_files import whole_rows, write_part
from running_service import free_port
from served_models import release_into

from census.commands import COMMANDS

TEXT = (Path(__file__).parents[1] / "deploy" / "scale.md").read_text(encoding="utf-8")
COMMAND_LINES = "".join(re.findall(r"^```sh\n(.*?)^```$", TEXT, re.M | re.S)).splitlines()
MEASURED = [[cell.strip() for cell in line.strip("|").split("|")]
            for line in TEXT.partition("## Measured")[2].partition("## The plan")[0].splitlines()
            if re.match(r"\| (CSV|Parquet)", line)]


def test_the_commands_give_equal_answers_here_and_on_a_cluster(tmp_path):
    release_into(tmp_path / "build")
    for name in ("a.csv", "b.parquet"):
        write_part(tmp_path / "rows" / name, whole_rows(500, seed=4))
    port = str(free_port())
    script = "\n".join(["set -e", "trap 'kill $(jobs -p)' EXIT", *COMMAND_LINES])
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script.replace("8786", port)], cwd=tmp_path, check=False,
                          env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found = [{path.name: path.read_bytes() for path in (tmp_path / name).glob("[a-z]*")}
             for name in ("scores", "scores-of-a-cluster")]
    assert len(found[0]) == 5 and found[0] == found[1]


@pytest.mark.parametrize("row", MEASURED, ids=lambda row: row[0])
def test_the_figures_for_a_billion_rows_follow_from_the_measured_ones(row):
    micros, bytes_in, bytes_out, _, minutes, gigabytes_in, gigabytes_out = map(float, row[1:])
    assert minutes == pytest.approx(micros * 1e-6 * 1e9 / 60, abs=0.06)
    assert (gigabytes_in, gigabytes_out) == (bytes_in, bytes_out)


def test_both_formats_are_measured_and_the_plan_uses_their_figures():
    assert [row[0] for row in MEASURED] == ["CSV", "Parquet"]
    micros = float(MEASURED[1][1])
    minutes = float(MEASURED[1][5])
    said = re.search(r"(\d+) CPU minutes are (\d+) minutes on two cores", TEXT)
    assert said and (int(said[1]), int(said[2])) == (round(minutes), round(minutes / 2))
    said = re.search(r"5 million rows are (\d+) CPU seconds", TEXT)
    assert said and int(said[1]) == round(5 * micros)
    said = re.search(r"ten seconds are (\d+)\s+cores", TEXT)
    assert said and int(said[1]) == pytest.approx(100 * micros, rel=0.05)


def test_every_word_of_the_table_is_a_word_of_the_command():
    words = {word.split()[0] for word in re.findall(r"`(--[\w -]+)`", TEXT)}
    assert words and words <= set(COMMANDS["score"].options)
