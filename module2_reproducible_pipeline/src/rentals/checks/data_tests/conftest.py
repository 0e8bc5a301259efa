"""What the data tests share: the options, the two tables, and the settings.

In: the command line. Out: fixtures, each table read once. No account, server or tracking.
"""

from pathlib import Path

import pandas as pd
import pytest

from rentals.checks.data_tests import options
from rentals.checks.distributions import compare_distributions
from rentals.checks.results import CheckResult
from rentals.checks.table import TextTable, read_text_table
from rentals.errors import RentalsError
from rentals.settings import CheckSettings, ReadingSettings


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the options, unless ``-p rentals.checks.data_tests.options`` has done so."""
    if not pluginmanager.has_plugin("rentals.checks.data_tests.options"):
        options.pytest_addoption(parser)


@pytest.fixture(scope="session", name="settings")
def settings_fixture(pytestconfig: pytest.Config) -> CheckSettings:
    """The bounds and thresholds of the command line."""
    return options.chosen_settings(pytestconfig)


@pytest.fixture(scope="session", name="table")
def table_fixture(pytestconfig: pytest.Config) -> TextTable:
    """The table of ``--csv``."""
    return _read(pytestconfig, "--csv")


@pytest.fixture(scope="session", name="reference")
def reference_fixture(pytestconfig: pytest.Config) -> pd.DataFrame:
    """The table of ``--reference``."""
    return _read(pytestconfig, "--reference").listings()


@pytest.fixture(scope="session", name="comparisons")
def comparisons_fixture(table: TextTable, reference: pd.DataFrame,
                        settings: CheckSettings) -> dict[str, CheckResult]:
    """All comparisons by name: they are corrected together, so they are made together."""
    results = compare_distributions(reference, table.listings(), settings)
    return {result.name: result for result in results}


def _read(config: pytest.Config, option: str) -> TextTable:
    path = config.getoption(option)
    reason = f"{option} FILE is missing"
    if path:
        try:
            return read_text_table(Path(path), ReadingSettings())
        except RentalsError as err:
            reason = str(err)
    raise pytest.exit.Exception(reason, pytest.ExitCode.USAGE_ERROR)
