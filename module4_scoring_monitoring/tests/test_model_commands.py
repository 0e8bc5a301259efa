"""Commands about models: a damaged release is shown as such, and undefined stays undefined."""

from argparse import Namespace
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from riskwatch.deploy import deploy
from riskwatch.ledger import Ledger
from riskwatch.manifest import ModelFacts
from riskwatch.model_commands import list_releases, score_model
from riskwatch.store import save_release
from riskwatch.workplace import Workplace

FACTS = ModelFacts("logistic_regression", {}, 0.5, {}, "ab" * 32, 20, 0, 1)
MODEL: Any = LogisticRegression().fit(np.eye(3), [0, 1, 1])


def test_releases_are_listed_with_what_serves_and_what_is_damaged(
        place: Workplace, ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = save_release(place, MODEL, FACTS), save_release(place, MODEL, FACTS)
    deploy(place, ledger, first.version, "")
    assert list_releases(Namespace(), place) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(first.version) and lines[0].endswith("serves")
    assert lines[1].startswith(second.version) and lines[1].endswith("rows")
    (second.folder / "model.skops").write_bytes(b"x")
    assert list_releases(Namespace(), place) == 1
    assert f"{second.version}  damaged: " in capsys.readouterr().out


def test_a_score_without_rows_is_undefined(place: Workplace, ledger: Ledger,
                                           capsys: pytest.CaptureFixture[str]) -> None:
    deploy(place, ledger, save_release(place, MODEL, FACTS).version, "")
    assert score_model(Namespace(), place) == 0
    assert "on 0 rows of the hold-out: F1 undefined, accuracy undefined" in capsys.readouterr().out
