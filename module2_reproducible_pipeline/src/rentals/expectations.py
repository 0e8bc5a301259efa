"""The data checks run by Great Expectations, for those who keep theirs there.

In: the same paths and settings as `rentals.checks.runner`. Out: the same verdicts by name.
deploy/expectations.md says what each of the two catches, and what it costs.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from rentals.checks.distributions import ABSENT, BOROUGH, compare_distributions
from rentals.checks.results import CheckResult, Outcome
from rentals.checks.rules import NEIGHBOURHOOD
from rentals.checks.runner import CHECK_NAMES
from rentals.checks.table import TextTable, read_text_table
from rentals.errors import SettingsError
from rentals.expectation_suites import build_suites
from rentals.schema import COLUMNS, REVIEW_COLUMNS
from rentals.settings import CheckSettings, ReadingSettings


def run_expectations(csv: Path, reference: Path, settings: CheckSettings,
                     limits: ReadingSettings | None = None) -> Mapping[str, Outcome]:
    """Return the verdict of each check.

    Parameters
    ----------
    csv, reference, settings, limits
        As of `rentals.checks.runner.run_checks`.

    Returns
    -------
    mapping of str to str
        ``passed``, ``failed`` or ``not_run`` for each of ``CHECK_NAMES``, in that order.

    Raises
    ------
    InputError, TableError, SettingsError
        A file cannot be read, or Great Expectations is not installed.
    """
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    try:
        import great_expectations as gx  # pylint: disable=import-outside-toplevel  # an extra
    except ImportError as err:
        raise SettingsError("great-expectations is not installed; install the extra "
                            "[expectations]") from err
    table, earlier = (read_text_table(path, limits or ReadingSettings())
                      for path in (csv, reference))
    compared = compare_distributions(earlier.listings(), table.listings(), settings)
    suites = build_suites(gx.expectations, table, earlier, settings, compared)
    outcomes: dict[str, Outcome] = {name: "not_run" for name in CHECK_NAMES}
    for title, frame in _frames(table, compared, settings).items():
        for name, is_met in _validated(gx, frame, suites[title]):
            outcomes[name] = "passed" if is_met and outcomes[name] != "failed" else "failed"
    return outcomes


def _validated(gx: Any, frame: pd.DataFrame, expected: Sequence[Any]
               ) -> Iterator[tuple[str, bool]]:
    """Yield the check of each expectation, and whether a frame meets it."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("tables").add_dataframe_asset("table")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    for one in batch.validate(gx.ExpectationSuite("suite", expectations=expected)).results:
        yield one.expectation_config.meta["check"], bool(one.success)


def _frames(table: TextTable, compared: Sequence[CheckResult], settings: CheckSettings
            ) -> dict[str, pd.DataFrame]:
    """Return what the suites look at; an expectation about an absent column fails."""
    known = table.texts[[name for name in table.header if not table.lacks(name)]]
    places = known[known.columns.intersection([NEIGHBOURHOOD, BOROUGH])]
    # Text fields, missing where they may be, and beside them the same as numbers.
    rows = {one.name: known[one.name].replace("", None) if one.optional else known[one.name]
            for one in COLUMNS if one.name in known}
    for one in COLUMNS:
        if one.name in known and one.kind in ("integer", "decimal"):
            rows[f"#{one.name}"] = pd.to_numeric(known[one.name], errors="coerce")
    rows |= {f"no {name}": known[name] == "" for name in REVIEW_COLUMNS if name in known}
    if "number_of_reviews" in known:
        rows["no review"] = rows["#number_of_reviews"] == 0
    # One p-value a check: 1 where the effect is too small to care.
    chances = known[known.columns.intersection([BOROUGH])].copy()
    for result in compared:
        figures = {figure.name: figure.value for figure in result.figures}
        if "adjusted_p" in figures:
            least = 0 if result.name == ABSENT else settings.least_effect
            chances[result.name] = figures["adjusted_p"] if figures["effect"] >= least else 1.0
    return {"header": pd.DataFrame(columns=list(table.header)), "rows": pd.DataFrame(rows),
            "places": places.drop_duplicates(), "comparisons": chances}
