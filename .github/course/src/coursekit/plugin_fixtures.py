"""The fixtures of a rubric's tests, by name; what they are stands in ``fixtures``.

In: pytest's request. Out: the parts of the grading's desk.
"""

import zlib
from collections.abc import Callable
from typing import Any

import numpy
import pytest

from coursekit import fixtures
from coursekit.facts import Facts
from coursekit.plugin import KEY, criterion_of
from coursekit.probe import Probe
from coursekit.reference import Reference
from coursekit.suites import Suite


def desk_of(request: pytest.FixtureRequest) -> fixtures.Desk:
    """Return the desk of the grading that runs."""
    return request.config.stash[KEY].desk


@pytest.fixture(scope="session")
def submission(request: pytest.FixtureRequest) -> fixtures.Submission:
    """The private copy of the submission."""
    return desk_of(request).submission


@pytest.fixture(scope="session")
def contract(request: pytest.FixtureRequest) -> fixtures.ContractFound:
    """Where the functions of the contract are."""
    return desk_of(request).contract


@pytest.fixture(scope="session")
def environment(request: pytest.FixtureRequest) -> fixtures.BuiltEnvironment:
    """The environment, built or not."""
    return desk_of(request).environment


@pytest.fixture(scope="session")
def facts(request: pytest.FixtureRequest) -> Facts:
    """What tools say about the text."""
    return desk_of(request).facts


@pytest.fixture(scope="session")
def probe(request: pytest.FixtureRequest) -> Probe:
    """Runs things inside of the sandbox."""
    return desk_of(request).probe


@pytest.fixture(scope="session")
def reference(request: pytest.FixtureRequest) -> Reference:
    """Runs commands of the module's own environment."""
    return desk_of(request).reference


@pytest.fixture(scope="session")
def suite(request: pytest.FixtureRequest) -> Suite:
    """The submission's own tests."""
    return desk_of(request).suite


@pytest.fixture(scope="session")
def seed(request: pytest.FixtureRequest) -> int:
    """The seed of the grading."""
    return desk_of(request).job.seed


@pytest.fixture
def rng(request: pytest.FixtureRequest, seed: int  # pylint: disable=redefined-outer-name
        ) -> numpy.random.Generator:
    """A generator of the seed and the criterion."""
    name = str(criterion_of(request.node))
    return numpy.random.default_rng([seed, zlib.crc32(name.encode())])


@pytest.fixture
def evidence(request: pytest.FixtureRequest) -> Callable[[Any], None]:
    """Adds a line of evidence to the criterion."""
    grading = request.config.stash[KEY]
    lines = grading.outcomes[str(criterion_of(request.node))].evidence
    return lambda text: lines.append(str(text))


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    """Adds a PNG to the criterion, by its name and its bytes."""
    return request.config.stash[KEY].outcomes[str(criterion_of(request.node))].show
