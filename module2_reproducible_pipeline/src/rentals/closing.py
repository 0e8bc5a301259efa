"""Say at the end of a pipeline what ran, what was skipped, and on which data.

In: what became of each unit. Out: a table, and the data's source in words.
"""

import json

from rentals.page import Table
from rentals.pipeline import PipelineResult
from rentals.plan import CLEAN, SAMPLE, SAMPLE_MANIFEST


def data_source(result: PipelineResult) -> tuple[str, str]:
    """Return where the data come from in words, and the sha256 of the sample or clean table."""
    made = {artifact.name: artifact for outcome in result.outcomes
            for artifact in outcome.artifacts}
    used = {use.name: use.digest for outcome in result.outcomes for use in outcome.record.inputs}
    if SAMPLE_MANIFEST in made:
        manifest = json.loads(made[SAMPLE_MANIFEST].path.read_bytes())
        source = manifest["file"] if "drop" not in manifest else (
            f"{manifest['rows']:,} generated listings, drop {manifest['drop']}, "
            f"seed {manifest['seed']}")
        return source, made[SAMPLE].digest
    for name in (SAMPLE, CLEAN, *used):
        if name in used:
            return f"artifact {name}", used[name]
    return "no data", "0" * 64


def closing_table(result: PipelineResult) -> Table:
    """Return step, seconds, whether it was skipped, and what it made."""
    rows = tuple((one.unit.title, f"{one.seconds:.1f}", "yes" if one.is_cached else "no",
                  ", ".join(artifact.reference for artifact in one.artifacts))
                 for one in result.outcomes)
    return Table(("step", "seconds", "cached?", "artifact"), rows)


def table_text(table: Table) -> str:
    """Return a table as plain lines, the second column aligned to the right."""
    rows = [table.header, *table.rows]
    widths = [max(len(row[place]) for row in rows) for place in range(len(table.header))]
    return "\n".join("  ".join(
        cell.rjust(width) if place == 1 else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in rows)
