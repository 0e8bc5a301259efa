"""The commands slices, bias and card write whole files, the same bytes every time."""

import csv
import json
import re

import pandas as pd
import pytest
from audit_tables import random_predictions, write
from card_run import files, write_run

from census.audit_stages import picture_name
from census.cli import main
from census.schema import CATEGORICAL
from census.settings import SliceSettings

#: One process makes the fixture for all.

FEATURES = ["education", *CATEGORICAL, *SliceSettings().bins, "sex & race", "sex & marital-status"]


@pytest.fixture(name="audited", scope="session")
def audited_fixture(tmp_path_factory):
    """A folder of results in which slices, bias and card were run once."""
    out = write_run(tmp_path_factory.mktemp("audited") / "out", files())
    write(out / "evaluation" / "predictions.csv", random_predictions(700, seed=1))
    for command in ("slices", "bias", "card"):
        assert main([command, "--out", str(out)]) == 0
    return out


def test_slices_are_written_for_people_for_the_service_and_for_the_course(audited):
    folder = audited / "slices"
    table = pd.read_csv(folder / "slices.csv", keep_default_na=False)
    content = json.loads((folder / "slices.json").read_text(encoding="utf-8"))
    assert len(content["slices"]) == len(table) > 100
    for row, record in zip(table.to_dict("records"), content["slices"]):
        assert (row["feature"], row["value"], row["n"]) == (
            record["feature"], record["value"], record["n"])
        assert record["small"] is (row["small"] == "yes")
        assert (record["recall"] is None) is (row["recall"] == "")
        assert record["recall"] is None or record["recall"] == float(row["recall"])
    lines = (folder / "slice_output.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[\w-]+: .+, Count: [\d,]+", line) for line in lines[::2])
    figure = r"(\d\.\d{4}|undefined)"
    assert all(re.fullmatch(rf"Precision: {figure} \| Recall: {figure} \| F1: {figure}", line)
               for line in lines[1::2])


def test_every_feature_and_every_attribute_has_its_picture(audited):
    assert {path.name for path in (audited / "slices").glob("*.png")} == {
        picture_name(name) for name in FEATURES}
    assert {path.name for path in (audited / "bias").glob("*.png")} == {
        "race.png", "sex.png", "sex_and_race.png"}


def test_the_audit_is_written_as_tables_words_and_json(audited):
    folder = audited / "bias"
    content = json.loads((folder / "fairness.json").read_text(encoding="utf-8"))
    with (folder / "findings.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["verdict"] for row in rows] == [each["verdict"] for each in content["findings"]]
    assert content["rows"] == 700 and content["reference"]["sex & race"] == "Male & White"
    assert set(content["overall"]) == {"Overall Fairness", "Supervised Fairness",
                                       "Unsupervised Fairness"}
    groups = pd.read_csv(folder / "groups.csv", keep_default_na=False)
    assert {"tpr_disparity", "TPR Parity", "group_size"} <= set(groups.columns)
    assert len(groups) == 17
    assert (folder / "report.md").read_text(encoding="utf-8").startswith("# Bias audit\n\n700 ")


def test_the_card_holds_the_audits_figures_and_pictures(audited):
    text = (audited / "card" / "model_card.md").read_text(encoding="utf-8")
    page = (audited / "card" / "model_card.html").read_text(encoding="utf-8")
    content = json.loads((audited / "slices" / "slices.json").read_text(encoding="utf-8"))
    for each in content["slices"]:
        if each["feature"] == "sex":
            row = f"| sex: {each['value']} | {each['n']:,} | {each['support']:,} "
            assert row + f"| {each['precision']:.3f} |" in text
            assert f"<td class=\"number\">{each['precision']:.3f}</td>" in page
    assert page.count("<img ") == 6 and "http" not in page.split("</style>")[1]


def test_a_second_run_writes_the_same_bytes(audited, tmp_path):
    again = write_run(tmp_path, files())
    write(again / "evaluation" / "predictions.csv", random_predictions(700, seed=1))
    for command in ("slices", "bias", "card"):
        assert main([command, "--out", str(again)]) == 0
    for folder in ("slices", "bias", "card"):
        for path in sorted((audited / folder).iterdir()):
            assert path.read_bytes() == (again / folder / path.name).read_bytes(), path.name


def test_a_fresh_card_passes_and_an_edited_or_stale_one_fails(audited, tmp_path, capsys):
    kept = tmp_path / "model_card.md"
    assert main(["card", "--out", str(audited), "--to", str(kept)]) == 0
    assert main(["card", "--out", str(audited), "--check", str(kept)]) == 0
    assert "is the card of this run" in capsys.readouterr().out
    text = kept.read_text(encoding="utf-8")
    kept.write_text(text.replace("0.9123", "0.9999"), encoding="utf-8")
    assert main(["card", "--out", str(audited), "--check", str(kept)]) == 1
    assert "was edited by hand" in capsys.readouterr().out
    kept.write_text(text, encoding="utf-8")
    prose = tmp_path / "prose.md"
    prose.write_text("\n".join(f"## {line[3:]}\n\nOther words.\n" for line in text.splitlines()
                               if line.startswith("## ") and "reproduce" not in line),
                     encoding="utf-8")
    words = ["card", "--out", str(audited), "--prose", str(prose), "--check", str(kept)]
    assert main(words) == 1
    assert "is stale: since it was made config/model_card_prose.md changed" in \
        capsys.readouterr().out


def test_a_check_writes_nothing(audited, tmp_path):
    before = {path: path.stat().st_mtime_ns for path in (audited / "card").iterdir()}
    assert main(["card", "--out", str(audited), "--check", str(tmp_path / "absent.md")]) == 2
    assert {path: path.stat().st_mtime_ns for path in (audited / "card").iterdir()} == before


@pytest.mark.parametrize("command, words", [
    ("slices", "run `census evaluate` first"), ("bias", "run `census evaluate` first"),
    ("card", "run `census generate` first")])
def test_without_the_stage_before_one_line_says_what_to_run(tmp_path, capsys, command, words):
    assert main([command, "--out", str(tmp_path / "empty")]) == 2
    said = capsys.readouterr().err
    assert words in said and "Traceback" not in said


def test_a_figure_in_the_prose_stops_the_card(audited, tmp_path, capsys):
    prose = tmp_path / "prose.md"
    prose.write_text("## Metrics\n\nIt is 97.5 % right.\n", encoding="utf-8")
    assert main(["card", "--out", str(audited), "--prose", str(prose)]) == 2
    assert "line 3: holds a figure" in capsys.readouterr().err
