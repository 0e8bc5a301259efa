"""W&B online: the real client against a stand-in, its bytes compared with the stored ones."""

import json
import os
import subprocess
import sys

import pytest

from quick import WORDS
from wandb_stand_in import KEY, wandb_stand_in

from rentals.artifacts import Store
from rentals.contents import content_of
from rentals.lineage import all_runs
from rentals.tracking_wandb import newest_log
from rentals.wandb_log import read_log

ONLINE = ("run", "--steps", "fetch,clean,split,train", *WORDS, "tracking.wandb=online")


def _run(folder, *words, **environment):
    """Run the command line in a process of its own: the W&B client keeps global state."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WANDB_")}
    # A key of the person who runs the tests stands in HOME, and must not be used.
    return subprocess.run(
        [sys.executable, "-m", "rentals.cli", *words, "--out", str(folder / "out")],
        env={**kept, "HOME": str(folder), **environment}, capture_output=True, text=True,
        check=False)


@pytest.fixture(scope="module", name="received")
def received_fixture(tmp_path_factory):
    """A folder of results, the stand-in that a pipeline has logged to, and its runs."""
    folder = tmp_path_factory.mktemp("online")
    with wandb_stand_in() as service:
        done = _run(folder, *ONLINE, WANDB_BASE_URL=service.address, WANDB_API_KEY=KEY)
    assert done.returncode == 0, done.stderr
    assert KEY not in done.stdout + done.stderr
    return folder, service, all_runs(Store(folder / "out" / "artifacts"))


def test_nothing_that_the_client_asked_was_unknown(received):
    assert received[1].refused == []
    assert {"UpsertBucket", "CreateArtifact", "CommitArtifact"} <= set(received[1].operations)


def test_the_service_has_settings_figures_and_a_good_end(received):
    run, = received[1].runs.values()
    assert run.config["data.rows"]["value"] == "700"
    assert len(run.config["pipeline"]["value"]) == 32
    kept = {key: value for line in run.history for key, value in line.items()}
    records = {record.step: record for record in received[2]}
    assert kept["clean/rows_kept"] == records["clean"].metrics["rows_kept"]
    assert {"fetch/seconds", "train/ridge/mean_absolute_error"} <= set(kept)
    assert run.exit_code == 0


def test_every_artifact_came_whole_with_the_bytes_that_the_store_holds(received, tmp_path):
    folder, service, records = received
    store = Store(folder / "out" / "artifacts")
    assert all(artifact.is_committed for artifact in service.artifacts)
    came = {artifact.name: artifact for artifact in service.artifacts}
    made = [use for record in records for use in record.outputs]
    assert len(made) == 8 and set(came) == {use.name for use in made}
    for use in made:
        for name, content in came[use.name].files.items():
            target = tmp_path / use.name / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        is_folder = store.get(use.reference).path.is_dir()
        ours = tmp_path / use.name / ("." if is_folder else use.name)
        assert content_of(ours).digest == use.digest == came[use.name].metadata["digest"]


def test_a_service_that_refuses_the_key_is_one_plain_line_before_any_work(received):
    with wandb_stand_in() as service:
        done = _run(received[0], *ONLINE, "seed=7", WANDB_BASE_URL=service.address,
                    WANDB_API_KEY="9" * 40)
    assert done.returncode == 2
    assert "rentals run: W&B: " in done.stderr and "tracking.wandb=offline" in done.stderr
    assert "Traceback" not in done.stderr and "fetch: 700" not in done.stderr
    assert not service.runs and service.refused


def test_without_a_key_online_is_one_plain_line_before_any_work(received):
    with wandb_stand_in() as service:
        done = _run(received[0], *ONLINE, "seed=7", WANDB_BASE_URL=service.address)
    assert done.returncode == 2
    assert "rentals run: W&B: " in done.stderr and "Traceback" not in done.stderr
    assert "fetch: 700" not in done.stderr


def test_a_service_that_does_not_answer_fails_before_any_work_or_is_passed_over(received):
    nobody = {"WANDB_BASE_URL": "http://127.0.0.1:9", "WANDB_API_KEY": KEY}
    done = _run(received[0], *ONLINE, "seed=7", **nobody)
    assert done.returncode == 2
    assert "W&B: nobody answers at http://127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr and "fetch: 700" not in done.stderr
    done = _run(received[0], "run", "--steps", "fetch", "data.rows=300", "tracking.wandb=online",
                "tracking.when_unreachable=local", **nobody)
    assert done.returncode == 0 and "recording offline instead" in done.stderr
    log = newest_log(received[0] / "out" / "wandb")
    assert log.parent.name.startswith("offline-run") and read_log(log).exit_code == 0


@pytest.mark.parametrize("ask", ["query Dance { a }", "{ viewer { id } }"])
def test_the_stand_in_refuses_what_it_does_not_know(ask):
    import requests  # pylint: disable=import-outside-toplevel
    with wandb_stand_in() as service:
        answer = requests.post(f"{service.address}/graphql", json={"query": ask},
                               auth=("api", KEY), timeout=5)
        foreign = requests.put(f"{service.address}/storage/x", data=b"x", timeout=5)
    assert answer.status_code == foreign.status_code == 400 and len(service.refused) == 2


def test_the_stand_in_refuses_a_damaged_file():
    import requests  # pylint: disable=import-outside-toplevel
    with wandb_stand_in() as service:
        def ask(operation, **variables):
            return requests.post(f"{service.address}/graphql", timeout=5, auth=("api", KEY), json={
                "query": f"mutation {operation} {{ x }}", "variables": variables})

        ask("CreateArtifact", input={"artifactCollectionName": "a", "metadata": "{}",
                                     "digest": "d"})
        made = ask("CreateArtifactFiles", input={"artifactFiles": [
            {"artifactID": "0", "name": "f"}]}).json()
        manifest = ask("CreateArtifactManifest", artifactID="0", includeUpload=True).json()
        places = (made["data"]["createArtifactFiles"]["files"]["edges"][0]["node"]["uploadUrl"],
                  manifest["data"]["createArtifactManifest"]["artifactManifest"]["file"][
                      "uploadUrl"])
        requests.put(places[0], data=b"damaged", timeout=5)
        requests.put(places[1], timeout=5, data=json.dumps(
            {"contents": {"f": {"digest": "XUFAKrxLKna5cZ2REBfFkg=="}}}))  # of "hello"
        assert ask("CommitArtifact", artifactID="0").status_code == 400
        requests.put(places[0], data=b"hello", timeout=5)
        assert ask("CommitArtifact", artifactID="0").status_code == 200
