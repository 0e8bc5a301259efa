"""What came before is known by content, by name with content, and by name with size."""

from riskwatch.arrivals import IngestResult, Seen
from riskwatch.ledger import Entry
from riskwatch.records import File


def test_a_file_without_content_is_known_by_its_name_only() -> None:
    seen = Seen()
    seen.add("", "pipe.csv", 0)
    seen.add("ab", "a.csv", 5)
    assert seen.digests == {"ab"} and seen.names == {"pipe.csv", "a.csv"}
    assert ("", "pipe.csv") in seen.pairs and ("a.csv", 5) in seen.sizes


def test_the_result_counts_what_is_new() -> None:
    file = File(sha256="ab", name="a.csv", byte_count=5, status="accepted", rows=9,
                repeated_rows=2)
    refused = File(sha256="cd", name="b.csv", byte_count=5, status="refused")
    result = IngestResult((Entry(1, "", None, file), Entry(2, "", None, file)),
                          (Entry(3, "", None, refused),), (), 4)
    assert result.new_rows == 14
    assert result.in_words() == "2 files taken in with 14 new rows, 1 refused, 0 copies, 4 known"
