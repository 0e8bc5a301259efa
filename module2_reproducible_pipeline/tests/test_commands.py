"""The commands, on a pipeline that has truly run: what a user sees, and exit codes."""

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from quick import WORDS, run_captured

from rentals.artifacts import Store
from rentals.lineage import all_runs


def _run(home, *argv, out="out"):
    command, *rest = argv
    return run_captured([command, "--out", str(home / out), *rest])


def test_the_closing_table_names_each_step_with_its_artifact(home):
    lines = (home / "printed.txt").read_text("utf-8").splitlines()
    start = lines.index(next(line for line in lines if line.startswith("step ")))
    assert lines[start].split() == ["step", "seconds", "cached?", "artifact"]
    assert [line.split("  ")[0].strip() for line in lines[start + 1:start + 11]] == [
        "fetch", "explore", "clean", "check", "split", "train median", "train ridge", "select",
        "evaluate", "release"]
    # In a folder with a blank in its name the program's path is quoted.
    assert any(re.search("mlflow'? ui --backend-store-uri sqlite", line) for line in lines)


def test_the_report_and_the_summary_are_by_the_contract(home):
    report = home / "out" / "report"
    page = (report / "index.html").read_text("utf-8")
    assert "What W&amp;B recorded" in page and "Permutation" not in page
    assert "http://" not in page and "https://" not in page
    summary = json.loads((report / "summary.json").read_text("utf-8"))
    assert set(summary) == {"module", "title", "started_utc", "seconds", "data", "figures",
                            "images", "links"}
    assert summary["module"] == "module2_reproducible_pipeline"
    assert len(summary["data"]["sha256"]) == 64
    for one in summary["figures"]:
        assert set(one) == {"name", "value", "unit", "low", "high"}
    for path in (*summary["images"], *(link["path"] for link in summary["links"])):
        assert (report / path).is_file(), path


def test_the_summary_fits_the_schema_of_the_root(home):
    schema = Path(__file__).parents[2] / ".github" / "summary.schema.json"
    jsonschema = pytest.importorskip("jsonschema")
    if not schema.is_file():
        pytest.skip("the module stands alone")
    summary = json.loads((home / "out" / "report" / "summary.json").read_text("utf-8"))
    jsonschema.validate(summary, json.loads(schema.read_text("utf-8")))


def test_an_unchanged_pipeline_is_skipped_without_loading_the_heavy_libraries(home):
    code = ("import sys; from rentals.cli import main; code = main(sys.argv[1:]); "
            "print(code, [n for n in ('sklearn', 'mlflow', 'wandb', 'pandas') if n in "
            "sys.modules])")
    said = subprocess.run(
        [sys.executable, "-c", code, "run", "--out", str(home / "out"), *WORDS], check=True,
        capture_output=True, text=True)
    assert said.stdout.splitlines()[-1] == "0 []"
    assert said.stderr.count("unchanged, skipped") == 10


def test_two_clean_runs_have_equal_digests_of_everything(home, tmp_path):
    code, _ = run_captured(["run", "--out", str(tmp_path / "again"), *WORDS,
                            "tracking.wandb=off"])
    assert code == 0
    stores = Store(home / "out" / "artifacts"), Store(tmp_path / "again" / "artifacts")
    first, second = ({use.name: use.digest for record in all_runs(store)[:10]
                      for use in record.outputs} for store in stores)
    assert first == second and len(first) == 13


def test_the_lineage_is_text_and_picture(home):
    code, said = _run(home, "lineage", "release:prod")
    assert code == 0
    assert "-> release:v1" in said and "<- chosen_model:v1" in said and "explore" not in said
    assert (home / "out" / "lineage.png").read_bytes().startswith(b"\x89PNG")


def test_a_pipeline_is_reproduced_byte_for_byte(home):
    run = all_runs(Store(home / "out" / "artifacts"))[0].pipeline
    code, said = _run(home, "reproduce", run[:12])
    assert code == 0, said
    assert "13 of 13 artifacts are equal, byte for byte" in said


def test_a_run_is_found_by_its_id_in_mlflow(home):
    record = next(record for record in all_runs(Store(home / "out" / "artifacts"))
                  if record.step == "clean")
    code, said = _run(home, "reproduce", record.tracking_id)
    assert (code, said.splitlines()[-2]) == (
        0, "2 of 2 artifacts are equal, byte for byte"), said


def test_prices_of_a_file_are_predicted(home, tmp_path):
    data = tmp_path / "mine.csv"
    shutil.copyfile(Store(home / "out" / "artifacts").get("test_data.csv").path, data)
    target = tmp_path / "predicted.csv"
    code, said = _run(home, "predict", "--data", str(data), "--predictions", str(target))
    assert code == 0 and "by release:v1" in said
    evaluation = Store(home / "out" / "artifacts").get("evaluation").path
    assert target.read_bytes() == (evaluation / "predictions.csv").read_bytes()


@pytest.fixture(name="copy")
def copy_fixture(home, tmp_path):
    """A copy of the folder in which a pipeline has run, to be changed."""
    shutil.copytree(home / "out" / "artifacts", tmp_path / "out" / "artifacts")
    return tmp_path


def test_an_alias_can_be_set_by_hand(copy):
    code, said = _run(copy, "alias", "sample.csv:v1", "mine")
    assert (code, said.splitlines()[-2]) == (0, "sample.csv:mine is sample.csv:v1")
    assert Store(copy / "out" / "artifacts").get("sample.csv:mine").number == 1


def test_a_step_runs_on_an_artifact_given_by_its_role(copy):
    code, said = _run(copy, "step", "clean", "sample=sample.csv:v1", "clean.max_price=200",
                      "tracking.wandb=off")
    assert code == 0, said
    store = Store(copy / "out" / "artifacts")
    with open(store.get("clean_sample.csv:v2").path, encoding="utf-8", newline="") as stream:
        assert max(int(row["price"]) for row in csv.DictReader(stream)) <= 200


@pytest.mark.parametrize(("argv", "exit_code", "said"), [
    (["step", "clean", "sample=sample.csv:nobody"], 2, "no version or alias 'nobody'"),
    (["step", "cleen"], 2, "there is no step 'cleen'"),
    (["step", "clean", "clean.max_prise=3"], 2, "clean.max_prise"),
    (["run", "--steps", "clean,dance"], 2, "there is no step 'dance'"),
    (["predict"], 2, "predict needs --data"),
    (["predict", "--data", "none.csv", "--model", "release:v9"], 2, "no version or alias 'v9'"),
    (["reproduce", "nothing"], 2, "there is no run 'nothing'"),
    (["lineage", "nothing"], 2, "no artifact 'nothing'"),
    (["step", "check", "checks.min_price=300", "tracking.wandb=off", "checks.min_rows=100"], 1,
     "checks failed"),
    (["run", "tracking.uri=http://127.0.0.1:9", *WORDS], 2, "no MLflow server answers"),
])
def test_a_foreseen_fault_is_one_plain_line_and_its_exit_code(copy, argv, exit_code, said):
    code, printed = _run(copy, *argv)
    assert code == exit_code, printed
    line = next(line for line in printed.splitlines() if line.startswith(f"rentals {argv[0]}: "))
    assert said in line
    assert "Traceback" not in printed


def test_a_tampered_artifact_is_noticed(copy):
    path = Store(copy / "out" / "artifacts").find("sample.csv").path
    path.chmod(0o600)
    path.write_text(path.read_text("utf-8").replace("Queens", "Bronx", 1), "utf-8")
    code, said = _run(copy, "step", "clean", "clean.max_price=123")
    assert code == 2 and "sample.csv:v1" in said and "was changed or deleted" in said


def test_a_sweep_is_a_table_of_its_combinations(copy):
    words = [word for word in WORDS if "candidates" not in word]
    code, said = _run(copy, "run", "-m", *words, "model.candidates=[ridge]",
                      "model.ridge.alpha=1,1000", "tracking.wandb=off", "--steps",
                      "split,train,select")
    assert code == 0, said
    assert len([line for line in said.splitlines() if "model.ridge.alpha=1" in line
                and "chosen_model:v" in line]) == 2
