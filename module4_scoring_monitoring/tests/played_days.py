"""A short play that several tests look at: 25 days, made once in each process."""

from contextlib import closing
from functools import cache
from pathlib import Path

import pytest

from riskwatch.ledger import open_ledger
from riskwatch.pipeline import play
from riskwatch.settings import Settings, load_settings
from riskwatch.simulate_story import Story, read_story
from riskwatch.simulate_words import Told
from riskwatch.workplace import Workplace

DAYS = 25
#: Every part is at work, but on little.
QUICK = """
[scoring]
bootstrap_resamples = 100
[training]
folds = 2
least_rows = 10
candidates = ["logistic_regression"]
[drift]
permutations = 49
[gate]
resamples = 200
[synthetic]
most_rows = 150
"""


@cache
def _played(folder: Path) -> Told:
    return play(Workplace(folder / "out", quick_settings(folder)), DAYS, (),
                lambda day, count: None)


def quick_settings(folder: Path) -> Settings:
    """Write the quick settings into a folder, and read them."""
    path = folder / "quick.toml"
    path.write_text(QUICK, encoding="utf-8")
    return load_settings(path)


@pytest.fixture(name="told")
def told_days(request: pytest.FixtureRequest) -> Told:
    """The play; nobody changes it."""
    session = request.session
    if not hasattr(session, "played_folder"):
        factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
        session.played_folder = factory.mktemp("played")  # type: ignore[attr-defined]
    return _played(session.played_folder)  # type: ignore[attr-defined]


@pytest.fixture(name="story")
def story_of_days(told: Told) -> Story:
    """What its ledger tells."""
    with closing(open_ledger(told.played.place)) as ledger:
        return read_story(ledger, DAYS)
