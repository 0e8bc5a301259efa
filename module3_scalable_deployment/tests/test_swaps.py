"""Promotions under load: no answer is dropped or mixed, and a bad one changes nothing."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from running_service import Running, csv_of, service, wait_for
from served_models import POOR, RICH, form, release_into

from census.release import promote
from census.schema import FEATURES
from census.serving.scorer import Scorer

PEOPLE = [POOR, RICH]


def expected(seed: int) -> list[float]:
    """Return what model number ``seed`` says of the two people."""
    scorer = Scorer(form(seed))
    return [scorer.probability([person[name] for name in FEATURES]) for person in PEOPLE]


class Callers:
    """Threads that ask in three ways without pause, and compare each answer with its model."""

    def __init__(self, running: Running, known: dict[str, list[float]]) -> None:
        self.running, self.known = running, known
        self.done, self.faults = threading.Event(), list[str]()
        self.answers: list[str] = []
        self.threads = [threading.Thread(target=self._call, args=(way,))
                        for way in (self._one, self._list, self._csv) * 2]

    def __enter__(self) -> "Callers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        for thread in self.threads:
            thread.join()

    def _call(self, way: Callable[[requests.Session], tuple[str, list[float], list[float]]]
              ) -> None:
        with requests.Session() as session:
            while not self.done.is_set():
                try:
                    version, found, wanted = way(session)
                except (requests.RequestException, AssertionError, KeyError) as err:
                    self.faults.append(repr(err)[:300])
                    continue
                self.answers.append(version)
                if found != wanted:
                    self.faults.append(f"mixed: {version} {found[:4]}")

    def _post(self, session: requests.Session, path: str, **options: Any) -> requests.Response:
        answer = session.post(self.running.address + path, timeout=20, **options)
        assert answer.status_code == 200, answer.text
        return answer

    def _one(self, session: requests.Session) -> tuple[str, list[float], list[float]]:
        said = self._post(session, "/v1/predictions", json=RICH).json()
        return said["model_version"], [said["probability"]], [
            self.known[said["model_version"]][1]]

    def _list(self, session: requests.Session) -> tuple[str, list[float], list[float]]:
        said = self._post(session, "/v1/predictions", json=PEOPLE * 50).json()
        found = [each["probability"] for each in said["predictions"]]
        return said["model_version"], found, self.known[said["model_version"]] * 50

    def _csv(self, session: requests.Session) -> tuple[str, list[float], list[float]]:
        answer = self._post(session, "/v1/predictions/csv", data=csv_of(PEOPLE * 1500),
                            headers={"content-type": "text/csv"})
        version = answer.headers["x-model-version"]
        found = [float(line.split(",")[2]) for line in answer.text.splitlines()[1:]]
        return version, found, self.known[version] * 1500


@pytest.mark.parametrize("swaps", [6, pytest.param(20, marks=pytest.mark.soak)])
def test_swaps_under_load_mix_and_drop_nothing(tmp_path: Path, swaps: int,
                                               say: Callable[[str], None]) -> None:
    """Every other promotion comes after one of a damaged release, which must change nothing."""
    versions = [release_into(tmp_path, seed) for seed in range(3)]
    known = {version: expected(seed) for seed, version in enumerate(versions)}
    assert len({tuple(each) for each in known.values()}) == 3
    with service(tmp_path, "--watch-seconds", "0.05") as running, \
            Callers(running, known) as callers:
        for swap in range(swaps):
            version = versions[swap % 3]
            if swap % 2:
                damage(tmp_path)
                time.sleep(.3)
            promote(tmp_path, version)
            wait_for(lambda wanted=version: running.get(  # type: ignore[misc]
                "/health/ready").json()["model_version"] == wanted)
            time.sleep(.1)
    say(f"{swaps} swaps under load, half after a damaged release: {len(callers.answers)} "
        f"answers, {len(callers.faults)} mixed, dropped or refused")
    assert not callers.faults
    assert set(callers.answers) == set(versions) and len(callers.answers) > 10 * swaps


def damage(folder: Path) -> None:
    """Point the link at a release that was cut short, as a careless copy leaves it."""
    current = (folder / "releases" / "current").readlink().name
    bad = folder / "releases" / "20300101T000000Z-00000000"
    bad.mkdir(exist_ok=True)
    for path in (folder / "releases" / current).iterdir():
        (bad / path.name).write_bytes(path.read_bytes()[:-20])
    link = folder / "releases" / ".half"
    link.symlink_to(bad.name)
    link.replace(folder / "releases" / "current")


def test_a_bad_promotion_is_seen_and_keeps_the_old_model(tmp_path: Path) -> None:
    version = release_into(tmp_path)
    with service(tmp_path, "--watch-seconds", "0.05") as running:
        damage(tmp_path)
        wait_for(lambda: 'census_model_changes_total{result="refused"} 1.0'
                 in running.get("/metrics").text)
        time.sleep(.3)
        assert running.post(RICH).json()["model_version"] == version
        assert running.get("/health/ready").status_code == 200
        metrics = running.get("/metrics").text
        assert 'census_model_changes_total{result="refused"} 1.0' in metrics
    assert "kept the model in service" in (tmp_path / "errors.txt").read_text()


@pytest.mark.parametrize("kind", ["missing", "damaged"])
def test_without_a_model_it_lives_and_is_not_ready_until_one_comes(tmp_path: Path,
                                                                   kind: str) -> None:
    if kind == "damaged":
        version = release_into(tmp_path, 1)
        (tmp_path / "releases" / version / "serving.json").write_text("{}")
    with service(tmp_path, "--watch-seconds", "0.05") as running:
        assert running.get("/health/live").status_code == 200
        for answer in (running.get("/health/ready"), running.post(POOR),
                       running.get("/v1/model")):
            assert answer.status_code == 503 and answer.headers["retry-after"]
            assert answer.headers["content-type"] == "application/problem+json"
        release_into(tmp_path, 2)
        wait_for(lambda: running.get("/health/ready").status_code == 200)
        assert running.post(POOR).status_code == 200
