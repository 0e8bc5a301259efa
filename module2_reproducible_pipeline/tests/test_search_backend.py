"""A search on a real cluster of two worker processes: the same digits, and a worker may die."""

import os
import shutil
import signal
import sys

import distributed
import pytest

from dask_cluster import running_cluster
from quick import NOON, WORDS

from rentals import search_backend
from rentals.configuration import load_settings
from rentals.errors import SettingsError
from rentals.search import run_search
from rentals.search_backend import spread

SEARCH = (*WORDS, "search.folds=3", "model.random_forest.n_estimators=40,80",
          "model.random_forest.min_samples_leaf=1,3")
ROWS = "trainval_data.csv:latest"


@pytest.fixture(scope="module", name="out")
def out_fixture(home, tmp_path_factory):
    """A folder of results with rows to learn from."""
    folder = tmp_path_factory.mktemp("search")
    shutil.copytree(home / "out" / "artifacts", folder / "artifacts")
    return folder


@pytest.fixture(scope="module", name="by_loky")
def by_loky_fixture(out):
    """The table of a search in processes of this machine, as printed and as written."""
    printed = run_search(out, SEARCH, ROWS, lambda: NOON)
    return printed, (out / "search" / "random_forest.csv").read_bytes()


def test_a_cluster_that_loses_a_busy_worker_gives_the_same_digits(out, by_loky, tmp_path):
    calls, busy = [], []

    def clock():
        calls.append(1)
        if len(calls) == 3:  # the first of four points is done, the others are at work
            with distributed.Client(cluster.address, set_as_default=False) as client:
                known = client.scheduler_info(n_workers=-1)["workers"]
                address = next(key for key, one in known.items() if one["name"] == "one")
                busy.extend(client.processing()[address])
                os.kill(cluster.workers["one"].pid, signal.SIGKILL)
                cluster.workers["one"].wait()
        return NOON

    with running_cluster(tmp_path) as cluster:
        cluster.add("one")
        cluster.add("two")
        with distributed.Client(cluster.address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
            printed = run_search(out, [*SEARCH, "search.backend=dask",
                                       f"search.scheduler={cluster.address}"], ROWS, clock)
            left = client.scheduler_info(n_workers=-1)["workers"].values()
    assert busy and [one["name"] for one in left] == ["two"]
    assert printed == by_loky[0]
    assert (out / "search" / "random_forest.csv").read_bytes() == by_loky[1]


def _spread(scheduler):
    settings = load_settings(["search.backend=dask", f"search.scheduler='{scheduler}'"]).search
    with spread(None, [], settings) as errors:
        list(errors)


@pytest.mark.parametrize(("scheduler", "said"), [
    ("", "is not the address of a scheduler"),
    ("somewhere", "'somewhere' is not the address of a scheduler"),
    ("tcp://127.0.0.1:9", "Timed out trying to connect"),
])
def test_a_cluster_that_is_not_there_is_named(monkeypatch, scheduler, said):
    monkeypatch.setattr(search_backend, "_SECONDS_TO_ANSWER", 1)
    with pytest.raises(SettingsError, match="search.scheduler") as caught:
        _spread(scheduler)
    assert said in str(caught.value)


def test_no_workers_and_a_worker_with_other_code_are_refused(tmp_path, monkeypatch):
    with running_cluster(tmp_path) as cluster:
        with monkeypatch.context() as patch:
            patch.setattr(search_backend, "_SECONDS_TO_ANSWER", 2)
            with pytest.raises(SettingsError, match="Only 0/1 workers arrived"):
                _spread(cluster.address)
        cluster.add("one")
        monkeypatch.setattr(search_backend, "_SECONDS_TO_ANSWER", 60)
        monkeypatch.setattr(search_backend, "source_digest", lambda _: "other")
        with pytest.raises(SettingsError, match="has another code; install the same there"):
            _spread(cluster.address)


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SettingsError, match=r"install the extra \[dask\]"):
        _spread("tcp://127.0.0.1:8786")
