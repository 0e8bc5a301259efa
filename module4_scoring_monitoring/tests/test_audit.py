"""The audit looks at rows and releases too, and changes nothing."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from poison_drops import GOOD
from sklearn.linear_model import LogisticRegression

from riskwatch.audit import audit
from riskwatch.deploy import deploy
from riskwatch.ingest import ingest
from riskwatch.ledger import Ledger
from riskwatch.manifest import ModelFacts
from riskwatch.store import save_release
from riskwatch.workplace import Workplace

FACTS = ModelFacts("logistic_regression", {}, 0.5, {}, "ab" * 32, 20, 0, 1)


def test_what_is_damaged_or_missing_is_named(place: Workplace, ledger: Ledger,
                                             put: Callable[..., Path]) -> None:
    put("a.csv", GOOD)
    ingest(place, ledger)
    release = save_release(place, LogisticRegression().fit(np.eye(3), [0, 1, 1]), FACTS)
    deploy(place, ledger, release.version, "first")
    found = audit(place, ledger)
    assert found.is_sound and found.rows == 3
    rows, model = next((place.data / "rows").iterdir()), release.folder / "model.skops"
    for path, rule in ((rows, "was changed after"), (model, "digest is not the one")):
        good = path.read_bytes()
        path.write_bytes(good[:-1] + b"?")
        assert [rule in problem for problem in audit(place, ledger).problems] == [True]
        path.unlink()
        assert len(audit(place, ledger).problems) == 1
        path.write_bytes(good)
    (place.releases / "current").unlink()
    assert "the link names None" in audit(place, ledger).problems[0]
