"""DVC for real: stages, remotes that are checked, experiments, and the way back."""

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from dvc_repository import Repository, make_repository
from moto.server import ThreadedMotoServer

MODEL, RECORD = "build/model/model.skops", "build/model/manifest.json"


@pytest.fixture(scope="module", name="first_run")
def first_run_fixture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the pipeline was run once, up to the evaluation, and committed."""
    folder = tmp_path_factory.mktemp("repository")
    found = make_repository(folder)
    found.dvc("repro", "-q", "evaluate")
    found.commit("first run")
    return folder


@pytest.fixture(name="repository")
def repository_fixture(first_run: Path, tmp_path: Path) -> Repository:
    """A copy of the first run of its own, so that no test sees what another has changed."""
    shutil.copytree(first_run, tmp_path / "copy", symlinks=True)
    return Repository(tmp_path / "copy")


def digest(repository: Repository, path: str) -> str:
    """Return the digest of an output as the lock has it."""
    lock = yaml.safe_load((repository.folder / "dvc.lock").read_text(encoding="utf-8"))
    return next(str(out["md5"]) for stage in lock["stages"].values() for out in stage["outs"]
                if out["path"] == path)


def forget(repository: Repository) -> None:
    """Remove outputs and cache: all that is left is in git and in remotes."""
    for name in ("build/dvc/cache", "build/data", "build/prepared", "build/model",
                 "build/evaluation"):
        shutil.rmtree(repository.folder / name, ignore_errors=True)


def test_an_unchanged_pipeline_does_nothing(repository: Repository) -> None:
    said = repository.dvc("repro", "evaluate")
    assert said.count("didn't change, skipping") == 4
    assert "up to date" in said


def test_a_changed_setting_runs_only_what_depends_on_it(repository: Repository) -> None:
    path = repository.folder / "params.yaml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("calibration_bins: 10", "calibration_bins: 4"), "utf-8")
    said = repository.dvc("status", "evaluate")
    path.write_text(before, "utf-8")
    assert said.split()[0] == "evaluate:" and "modified:" in said and "params.yaml" in said
    assert not any(f"{name}:" in said for name in ("generate", "prepare", "train"))


def test_metrics_and_plots_are_dvcs(repository: Repository) -> None:
    shown = json.loads(repository.run("dvc", "metrics", "show", "--json").stdout)
    files = shown[""]["data"]
    metrics = files["build/evaluation/metrics.json"]["data"]
    assert metrics["model"] == "logistic_regression" and .7 < metrics["figures"]["roc_auc"][
        "value"] < 1
    assert "logistic_regression" in files["build/model/cross_validation.json"]["data"]
    repository.dvc("plots", "show", "-o", "build/plots")
    page = (repository.folder / "build" / "plots" / "index.html").read_text(encoding="utf-8")
    assert "ROC curve" in page and "true positive rate" in page and "Calibration" in page


def test_the_graph_is_a_line_of_stages(repository: Repository) -> None:
    said = repository.dvc("dag", "--dot")
    for arrow in ('"generate" -> "prepare"', '"prepare" -> "train"', '"train" -> "evaluate"'):
        assert arrow in said, arrow


def test_a_local_remote_gives_back_every_byte(repository: Repository) -> None:
    model = (repository.folder / MODEL).read_bytes()
    repository.dvc("push", "evaluate", "--with-deps")
    forget(repository)
    repository.dvc("pull", "evaluate", "--with-deps")
    assert (repository.folder / MODEL).read_bytes() == model
    assert "up to date" in repository.dvc("status", "evaluate", "--with-deps")


@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_flipped_byte_in_the_remote_is_refused(repository: Repository, place: str) -> None:
    repository.dvc("push", "evaluate", "--with-deps")
    name = digest(repository, MODEL)
    stored = repository.folder / "build/dvc/remote/files/md5" / name[:2] / name[2:]
    good = stored.read_bytes()
    at = {"first": 0, "middle": len(good) // 2, "last": len(good) - 1}[place]
    stored.chmod(0o644)
    stored.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1:])
    forget(repository)
    repository.dvc("pull", "evaluate", "--with-deps", is_expected_to_work=False)
    assert not (repository.folder / MODEL).exists()
    stored.write_bytes(good)
    repository.dvc("pull", "evaluate", "--with-deps")
    assert (repository.folder / MODEL).read_bytes() == good


@pytest.fixture(name="bucket")
def bucket_fixture(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a local S3 server with a bucket; its clients use made-up keys."""
    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(key, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    import boto3  # pylint: disable=import-outside-toplevel  # slow, and for this test only
    boto3.client("s3", endpoint_url=f"http://{host}:{port}").create_bucket(Bucket="census")
    yield f"http://{host}:{port}"
    server.stop()


def test_an_s3_remote_gives_back_every_byte_and_is_checked(
        repository: Repository, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {f"AWS_{name}": "testing" for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")}
    monkeypatch.setattr(repository, "environment", repository.environment | keys | {
        "AWS_DEFAULT_REGION": "us-east-1"})
    repository.dvc("remote", "add", "--local", "cloud", "s3://census/store")
    repository.dvc("remote", "modify", "--local", "cloud", "endpointurl", bucket)
    repository.dvc("remote", "modify", "--local", "cloud", "verify", "true")
    model = (repository.folder / MODEL).read_bytes()
    repository.dvc("push", "-r", "cloud", "train", "--with-deps")
    import boto3  # pylint: disable=import-outside-toplevel  # as above
    client, name = boto3.client("s3", endpoint_url=bucket), digest(repository, MODEL)
    where = {"Bucket": "census", "Key": f"store/files/md5/{name[:2]}/{name[2:]}"}
    assert client.get_object(**where)["Body"].read() == model
    client.put_object(**where, Body=model[:-1] + bytes([model[-1] ^ 1]))
    forget(repository)
    repository.dvc("pull", "-r", "cloud", MODEL, is_expected_to_work=False)
    assert not (repository.folder / MODEL).exists()
    client.put_object(**where, Body=model)
    repository.dvc("pull", "-r", "cloud", "train", "--with-deps")
    assert (repository.folder / MODEL).read_bytes() == model


def test_going_back_to_an_earlier_version_brings_its_model_back(repository: Repository) -> None:
    first = (repository.folder / MODEL).read_bytes()
    path = repository.folder / "params.yaml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("regularization: 1.0", "regularization: 0.01"), "utf-8")
    repository.dvc("repro", "-q", "evaluate")
    repository.commit("second run")
    assert (repository.folder / MODEL).read_bytes() != first
    changed = json.loads(repository.run("dvc", "metrics", "diff", "HEAD~1", "--json").stdout)
    assert changed["build/evaluation/metrics.json"]["figures.roc_auc.value"]["diff"] != 0
    repository.run("git", "checkout", "-q", "HEAD~1", "--", "dvc.lock", "params.yaml")
    repository.dvc("checkout", "evaluate", "--with-deps")
    assert (repository.folder / MODEL).read_bytes() == first
    assert "up to date" in repository.dvc("status", "evaluate", "--with-deps")
    repository.commit("back to the first run")


def test_queued_experiments_are_compared_and_the_best_is_applied(
        repository: Repository, say: Callable[[str], None]) -> None:
    values = {"strong": "0.0001", "weak": "1.5"}
    for name, value in values.items():
        repository.dvc("exp", "run", "train", "--queue", "-n", name, "-S",
                       f"train.logistic_regression.regularization={value}")
    repository.dvc("exp", "run", "--run-all", "-j", "1")
    table = list(csv.DictReader(io.StringIO(
        repository.run("dvc", "exp", "show", "--csv").stdout)))
    found = {row["Experiment"]: float(row["logistic_regression.roc_auc"]) for row in table
             if row["Experiment"] in values}
    assert set(found) == set(values)
    best = max(found, key=lambda name: found[name])
    assert best == "weak", found
    repository.dvc("exp", "apply", best)
    params = yaml.safe_load((repository.folder / "params.yaml").read_text(encoding="utf-8"))
    assert params["train"]["logistic_regression"]["regularization"] == 1.5
    record = json.loads((repository.folder / RECORD).read_text(encoding="utf-8"))
    assert record["parameters"]["regularization"] == 1.5
    assert record["candidates"][0]["roc_auc"] == pytest.approx(found[best], abs=1e-6)
    say(f"experiments: {found}, applied {best}")
