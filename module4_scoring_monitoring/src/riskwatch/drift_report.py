"""What a comparison of two tables says: verdicts, faults, and what it cannot see.

In: summaries of a column and its significant tests. Out: the types of a report, and the faults
that explain a difference: what is mended in the data and not learned from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from riskwatch.column_summary import Summary
from riskwatch.quantile_sketch import counted_at, ks_distance, sketch_of
from riskwatch.watch_settings import DriftSettings
from riskwatch.two_samples import ColumnTest, unit_factor

Verdict = Literal["none", "small", "large", "data_fault", "not_enough_data"]
FaultKind = Literal["missing_column", "type_change", "new_category", "missing_jump",
                    "unit_change", "stuck_feed"]

CANNOT_SEE = (
    "A change of P(y given x), the link from features to target, shows only in labelled rows.",
    "What changed in rows that never arrived, or before the reference was taken, is not seen.",
    "With these rows, changes smaller than the margin beside each effect may pass unseen.")


@dataclass(frozen=True, slots=True)
class Fault:
    """A change that is mended in the data and not learned from; ``detail`` is a sentence."""

    kind: FaultKind
    column: str
    detail: str


@dataclass(frozen=True, slots=True)
class ColumnDrift:
    """What was found in one column; up to 20 ``new_categories``, however few their rows."""

    name: str
    verdict: Verdict
    tests: tuple[ColumnTest, ...]
    faults: tuple[Fault, ...]
    new_categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JointDrift:
    """What the joint test found; ``columns`` are the two whose correlation changed most."""

    is_drift: bool
    test: ColumnTest
    statistic: float
    columns: tuple[str, str]


@dataclass(frozen=True, slots=True)
class DriftReport:  # pylint: disable=too-many-instance-attributes  # a report
    """What was found in the table, by which settings, and what cannot be seen this way."""

    reference_rows: int
    current_rows: int
    settings: DriftSettings
    columns: tuple[ColumnDrift, ...]
    only_in_reference: tuple[str, ...]
    only_in_current: tuple[str, ...]
    joint: JointDrift | None = None
    cannot_see: tuple[str, ...] = CANNOT_SEE

    def names(self, verdict: Verdict) -> tuple[str, ...]:
        """Return the names of the columns with this verdict, sorted."""
        return tuple(sorted(column.name for column in self.columns if column.verdict == verdict))

    def faults(self) -> tuple[Fault, ...]:
        """Return all faults, absent columns among them, sorted by column."""
        absent = [Fault("missing_column", name, "absent from the current table")
                  for name in self.only_in_reference]
        found = [fault for column in self.columns for fault in column.faults]
        return tuple(sorted(absent + found, key=lambda fault: (fault.column, fault.kind)))

    def verdict(self) -> Verdict:
        """Return the most serious verdict; a joint change alone is small drift."""
        found = {column.verdict for column in self.columns}
        if self.faults():
            return "data_fault"
        if self.joint is not None and self.joint.is_drift:
            found.add("small")
        for verdict in ("large", "small", "none"):
            if verdict in found:
                return verdict
        return "not_enough_data"

    def in_words(self) -> str:
        """Return the verdicts in one line."""
        parts = [f"{fault.column}: {fault.detail}" for fault in self.faults()]
        parts += [f"{size} drift in {', '.join(names)}"
                  for size in ("large", "small") if (names := self.names(size))]
        if self.joint is not None and self.joint.is_drift:
            one, two = self.joint.columns
            parts.append(f"the columns hang together otherwise, most of all {one} and {two}")
        if parts:
            return "; ".join(parts)
        if self.verdict() == "not_enough_data":
            return (f"not enough data: {self.reference_rows} reference rows, "
                    f"{self.current_rows} current rows")
        return "no drift seen in the features"


def type_changed(reference: Summary, current: Summary) -> bool:
    """Return whether one side holds numbers and the other text."""
    is_filled = min(reference.present, current.present) > 0
    return is_filled and reference.kind != current.kind


def faults_of(name: str, pair: tuple[Summary, Summary], significant: list[ColumnTest],
              settings: DriftSettings) -> Iterator[Fault]:
    """Yield the faults that explain a significant difference.

    Parameters
    ----------
    name : str
    pair : tuple of Summary
        Reference and current.
    significant : list of ColumnTest
    settings : DriftSettings

    Yields
    ------
    Fault
    """
    reference, current = pair
    by_name = {test.name: test for test in significant}
    if type_changed(*pair):
        yield Fault("type_change", name, "numbers on one side, text on the other")
    if "new_category" in by_name:
        share = by_name["new_category"].effect
        yield Fault("new_category", name, f"{share:.1%} of rows hold an unseen category")
    if "missing" in by_name and by_name["missing"].effect >= settings.large_effect:
        before, after = (1 - side.present / side.rows for side in pair)
        yield Fault("missing_jump", name, f"missing went from {before:.1%} to {after:.1%}")
    if "distribution" not in by_name:
        return
    if current.different == 1 < reference.different:
        value = ", ".join(map(str, current.levels or ()))
        yield Fault("stuck_feed", name, f"varied before, now always {value}")
    elif reference.kind == "number":
        factor = unit_factor(reference.sample, current.sample)
        if factor != 1 and _has_same_shape(pair, factor, settings):
            yield Fault("unit_change", name, f"same shape, {factor:.3g} times as large")


def _has_same_shape(pair: tuple[Summary, Summary], factor: float, settings: DriftSettings) -> bool:
    samples = pair[0].sample, pair[1].sample / factor
    before = sketch_of(samples[0], len(samples[0]))
    rows = len(samples[0]), len(samples[1])
    test = ColumnTest("distribution", "", rows, ks_distance(
        before, counted_at(before.edges, samples[1])), 1.0)
    return test.effect <= settings.small_effect + test.margin(settings.significance)
