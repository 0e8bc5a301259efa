"""One whole release serves, the link follows the ledger, and one can go back."""

from itertools import count
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from riskwatch.deploy import deploy, recover, remove_old, rollback, serving_version
from riskwatch.errors import InputError, ModelFileError
from riskwatch.ledger import Ledger
from riskwatch.manifest import ModelFacts
from riskwatch.records import Deployment
from riskwatch.settings import build_settings
from riskwatch.store import current_version, load_release, save_release, stored_versions
from riskwatch.workplace import Workplace

FACTS = ModelFacts("logistic_regression", {}, 0.5, {}, "ab" * 32, 20, 0, 1)
NUMBER = count(1)


def stored(place: Workplace) -> str:
    """Store a model unlike any other, and return its version."""
    model: Any = LogisticRegression(C=next(NUMBER)).fit(np.eye(3), [0, 1, 1])
    return save_release(place, model, FACTS).version


def test_a_deployed_release_serves_and_is_written_down(place: Workplace, ledger: Ledger) -> None:
    first, second = stored(place), stored(place)
    assert current_version(place) is None and serving_version(ledger) is None
    deploy(place, ledger, first, "the first")
    entry = deploy(place, ledger, second, "better", run_id=7)
    assert entry.run_id == 7 and entry.record.previous == first
    assert entry.record.model_sha256[:8] == second[-8:]
    assert current_version(place) == serving_version(ledger) == second
    assert load_release(place).release.version == second


def test_one_can_go_back_step_by_step(place: Workplace, ledger: Ledger) -> None:
    first, second, third = stored(place), stored(place), stored(place)
    for version in (first, second, second, third):
        deploy(place, ledger, version, "")
    assert rollback(place, ledger, "bad").record.version == second
    assert rollback(place, ledger, "bad too").record.version == first
    with pytest.raises(InputError, match="nothing to roll back to"):
        rollback(place, ledger, "?")
    assert current_version(place) == first
    deploy(place, ledger, third, "again")
    back = rollback(place, ledger, "again").record
    assert (back.action, back.version, back.previous) == ("rollback", first, third)


def test_a_damaged_release_is_not_deployed_and_what_served_serves(
        place: Workplace, ledger: Ledger) -> None:
    first, second = stored(place), stored(place)
    deploy(place, ledger, first, "")
    (place.releases / second / "model.skops").write_bytes(b"ruin")
    for version in (second, "20260101T000000Z-00000000", "../../etc", "current", ""):
        with pytest.raises(ModelFileError):
            deploy(place, ledger, version, "")
    assert current_version(place) == serving_version(ledger) == first
    deploy(place, ledger, stored(place), "")
    (place.releases / first / "manifest.json").unlink()
    with pytest.raises(ModelFileError):
        rollback(place, ledger, "")


def test_the_link_is_made_to_follow_the_ledger(place: Workplace, ledger: Ledger) -> None:
    assert not recover(place, ledger)
    first, second = stored(place), stored(place)
    deploy(place, ledger, first, "")
    ledger.append(Deployment(action="deploy", version=second, previous=first, reason="killed",
                             model_sha256="ab"))
    assert recover(place, ledger) and current_version(place) == second
    assert not recover(place, ledger)
    (place.releases / "current").unlink()
    assert recover(place, ledger) and load_release(place).release.version == second


def test_old_releases_that_never_served_go_first(place: Workplace, ledger: Ledger) -> None:
    few = Workplace(place.out, build_settings({"training": {"kept_releases": 2}}), place.clock)
    versions = [stored(place) for _ in range(5)]
    deploy(place, ledger, versions[0], "")
    assert remove_old(few, ledger) == tuple(versions[1:3])
    assert stored_versions(place) == (versions[0], *versions[3:])
    assert not remove_old(few, ledger)
