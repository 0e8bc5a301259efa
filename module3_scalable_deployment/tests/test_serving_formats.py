"""Serving forms of every format that was ever released are still read and answer alike."""

import json
from pathlib import Path

import pytest

from census.schema import schema_digest
from census.serving.scorer import Scorer
from census.serving_form import FORMAT, form_from_bytes

FIXTURES = Path(__file__).with_name("fixtures")


@pytest.mark.parametrize("number", range(1, FORMAT + 1))
def test_a_kept_form_answers_as_it_did(number: int) -> None:
    """A change of the schema or of the format needs another fixture, not another answer."""
    content = (FIXTURES / f"serving_form_{number}.json").read_bytes()
    assert json.loads(content)["schema_sha256"] == schema_digest()
    scorer = Scorer(form_from_bytes(content))
    answers = json.loads((FIXTURES / f"serving_form_{number}_answers.json").read_text())
    assert len(answers) >= 5
    for row, probability in answers:
        assert scorer.probability(row) == pytest.approx(probability, abs=1e-8)
