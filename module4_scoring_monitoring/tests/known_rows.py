"""What a workplace knows, as text, so that two of them can be compared."""

from riskwatch.dataset import labelled_rows
from riskwatch.ledger import Ledger
from riskwatch.workplace import Workplace


def contents(place: Workplace, ledger: Ledger) -> list[str]:
    """All current labelled rows as text, sorted, with their side of the hold-out."""
    found = []
    for part in ("train", "hold_out"):
        rows = labelled_rows(place, ledger, part, 10_000)  # type: ignore[arg-type]
        found += [f"{part} {row[1:6]}" for row in rows.itertuples(index=False)]
    return sorted(found)
