"""A challenger learns from training rows only, and is stored without serving."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from riskwatch.dataset import labelled_rows
from riskwatch.errors import InputError
from riskwatch.features import matrix
from riskwatch.ingest import ingest
from riskwatch.ledger import Ledger
from riskwatch.store import current_version, load_release
from riskwatch.train import train
from riskwatch.workplace import Workplace

Put = Callable[..., Path]


def rows(count: int, flip_hold_out: "set[str] | None" = None) -> list[str]:
    """Corporations that leave when they are small; some answers may be turned round."""
    found = []
    for number in range(count):
        name = f"{chr(97 + number % 26)}{chr(97 + number // 26)}aa"
        exited = int(number % 100 < 50) ^ (name in (flip_hold_out or set()))
        found.append(f"{name},{number % 7},{100 + number % 100 * 9},{number % 31},{exited}")
    return found


def test_a_challenger_is_stored_with_its_facts_and_does_not_serve(
        place: Workplace, ledger: Ledger, put: Put) -> None:
    put("a.csv", rows(300))
    ingest(place, ledger)
    challenger = train(place, ledger)
    known = labelled_rows(place, ledger, "train", 1000)
    facts = challenger.stored.facts
    assert (facts.rows, facts.last_row) == (len(known), known["row"].max())
    assert facts.metrics["cross_validated_roc_auc"] > 0.9
    assert current_version(place) is None
    stored = load_release(place, challenger.stored.release.version)
    np.testing.assert_array_equal(stored.model.predict_proba(matrix(known)),
                                  challenger.stored.model.predict_proba(matrix(known)))
    assert "on " in challenger.in_words() and len(challenger.candidate_aucs) == 1


def test_answers_of_the_hold_out_change_nothing(place: Workplace, ledger: Ledger, put: Put,
                                                tmp_path: Path) -> None:
    put("a.csv", rows(300))
    ingest(place, ledger)
    hidden = set(labelled_rows(place, ledger, "hold_out", 1000)["corporation"])
    assert 50 < len(hidden) < 100
    other = Workplace(tmp_path / "other", place.settings, place.clock)
    other.inbox.mkdir(parents=True)
    (other.inbox / "a.csv").write_text(
        "\n".join([put("x.csv", []).read_text(encoding="utf-8").strip(),
                   *rows(300, hidden), ""]), encoding="utf-8")
    from riskwatch.ledger import open_ledger  # pylint: disable=import-outside-toplevel

    with_lies = open_ledger(other)
    ingest(other, with_lies)
    first, second = train(place, ledger).stored, train(other, with_lies).stored
    assert first.release.model_sha256 == second.release.model_sha256
    assert first.facts == second.facts
    with_lies.close()


def test_only_later_and_only_recent_rows_can_be_asked_for(place: Workplace, ledger: Ledger,
                                                          put: Put) -> None:
    put("a.csv", rows(300))
    ingest(place, ledger)
    facts = train(place, ledger, after=200).stored.facts
    assert facts.rows == len(labelled_rows(place, ledger, "train", 1000, after=200)) < 100


@pytest.mark.parametrize("drop", [[], rows(8), [row[:-1] + "1" for row in rows(60)],
                                  [row[:-1] for row in rows(60)]])
def test_too_few_rows_are_said_in_plain_words(place: Workplace, ledger: Ledger, put: Put,
                                              drop: list[str]) -> None:
    if drop:
        put("a.csv", drop)
    ingest(place, ledger)
    with pytest.raises(InputError, match="labelled rows to train on"):
        train(place, ledger)
