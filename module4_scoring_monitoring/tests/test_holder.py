"""The release that serves: it follows the link, whole or not at all, under many threads."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from web_story import fitted, released

from riskwatch.store import load_release, point_current
from riskwatch.web import holder as module
from riskwatch.web.holder import ROWS_WORTH_ARRAYS, Holder, by_arrays, serve
from riskwatch.web.problems import Problem
from riskwatch.workplace import Workplace

ROWS = [(78, 1024, 12), (None, 3, 4)]


@pytest.fixture(name="heard")
def changes() -> list[tuple[str, str]]:
    """What a holder told of its changes."""
    return []


@pytest.fixture(name="holder")
def made(place: Workplace, heard: list[tuple[str, str]]) -> Holder:
    """A holder of the workplace."""
    return Holder(place, lambda result, version: heard.append((result, version)))


def test_nothing_serves_before_something_is_deployed(holder: Holder) -> None:
    with pytest.raises(Problem) as caught:
        holder.served()
    assert caught.value.status == 503


def test_it_follows_the_link_and_loads_once(place: Workplace, holder: Holder,
                                            heard: list[tuple[str, str]]) -> None:
    first, second = released(place, seed=1), released(place, seed=2)
    for version in (first, second, first):
        point_current(place, version)
        assert holder.served().version == version and holder.served() is holder.served()
    assert heard == [("taken", first), ("taken", second), ("taken", first)]


def test_a_damaged_release_changes_nothing(place: Workplace, holder: Holder,
                                           heard: list[tuple[str, str]]) -> None:
    good, bad = released(place, seed=1), released(place, seed=2)
    point_current(place, good)
    held = holder.served()
    (place.releases / bad / "model.skops").write_bytes(b"x")
    point_current(place, bad)
    assert holder.served() is held and holder.served() is held
    assert holder.refused == bad and heard[1:] == [("refused", bad)]
    shutil.rmtree(place.releases / "current", ignore_errors=True)
    point_current(place, good)
    assert holder.served() is held


def test_answers_equal_scikit_learn_for_few_and_for_many_rows(place: Workplace) -> None:
    for name in ("course_logistic", "logistic_regression", "hist_gradient_boosting"):
        served = serve(load_release(place, released(place, name)))
        assert served.one_row is not None
        few = served.probabilities(ROWS)
        many = served.probabilities(ROWS * ROWS_WORTH_ARRAYS)
        assert few == pytest.approx(by_arrays(fitted(name), ROWS), abs=1e-9)
        assert many[:2] == pytest.approx(few, abs=1e-9)


def test_arithmetic_that_disagrees_is_not_used(place: Workplace, monkeypatch: pytest.MonkeyPatch
                                               ) -> None:
    right = module.plain_form

    def wrong(model: Any) -> Any:
        one = right(model)
        assert one is not None
        return lambda row: one(row) + 2e-9

    monkeypatch.setattr(module, "plain_form", wrong)
    served = serve(load_release(place, released(place)))
    assert served.one_row is None
    assert served.probabilities(ROWS) == by_arrays(fitted("logistic_regression"), ROWS)


def test_swaps_under_load_mix_nothing(place: Workplace, holder: Holder) -> None:
    versions = [released(place, seed=1), released(place, seed=2)]
    wanted = {version: by_arrays(load_release(place, version).model, ROWS) for version in versions}
    point_current(place, versions[0])
    holder.refresh()

    def ask(_: int) -> bool:
        served = holder.served()
        return served.probabilities(ROWS) == pytest.approx(wanted[served.version], abs=1e-9)

    with ThreadPoolExecutor(8) as pool:
        answers = []
        for number in range(10):
            asked = [pool.submit(ask, place) for place in range(40)]
            point_current(place, versions[number % 2])
            answers += [future.result() for future in asked]
    assert all(answers) and len(answers) == 400


def test_a_link_that_names_no_release_is_refused(place: Workplace, holder: Holder) -> None:
    place.releases.mkdir(parents=True)
    Path(place.releases / "current").symlink_to("../../etc")
    with pytest.raises(Problem):
        holder.served()
    assert holder.refused == "../../etc"
