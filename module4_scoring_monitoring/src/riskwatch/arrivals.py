"""What is known of files so far, and what became of those that were looked at.

In: digests, names and sizes. Out: answers to "did this come before?", and a result in words.
"""

from dataclasses import dataclass, field

from riskwatch.ledger import Entry
from riskwatch.records import File


@dataclass(frozen=True)
class IngestResult:
    """What became of the files: entries of the ledger, and how many were known before."""

    accepted: tuple[Entry[File], ...] = ()
    refused: tuple[Entry[File], ...] = ()
    copies: tuple[Entry[File], ...] = ()
    known: int = 0

    @property
    def new_rows(self) -> int:
        """Rows that came in, without repeated ones."""
        return sum((entry.record.rows or 0) - (entry.record.repeated_rows or 0)
                   for entry in self.accepted)

    def in_words(self) -> str:
        """Return one line."""
        return (f"{len(self.accepted)} files taken in with {self.new_rows} new rows, "
                f"{len(self.refused)} refused, {len(self.copies)} copies, {self.known} known")


@dataclass
class Seen:
    """What is known of files so far: digests, names with digests, names with sizes."""

    digests: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    sizes: set[tuple[str, int]] = field(default_factory=set)

    def add(self, sha256: str, name: str, byte_count: int) -> None:
        """Remember a file; one without content has no digest."""
        if sha256:
            self.digests.add(sha256)
        self.names.add(name)
        self.pairs.add((sha256, name))
        self.sizes.add((name, byte_count))
