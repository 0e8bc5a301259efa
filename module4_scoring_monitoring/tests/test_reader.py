"""The careful reader: block by block, the same lines, the right place of a fault."""

import io
import os
from pathlib import Path

import pytest
from poison_drops import GOOD, HEADER, ROWS

from riskwatch.errors import InputError, TableError
from riskwatch.reader import canonical_blocks, open_regular
from riskwatch.settings import ReadingSettings


def read(text: str, block_bytes: int = 1_000_000) -> bytes:
    """Read a text as a drop."""
    limits = ReadingSettings(block_bytes=block_bytes)
    return b"".join(lines for lines, _ in canonical_blocks(
        Path("x.csv"), io.BytesIO(text.encode()), limits))


@pytest.mark.parametrize("block_bytes", [100, 117, 200, 1000])
def test_blocks_of_any_size_give_the_same_lines(block_bytes: int) -> None:
    text = GOOD * 1 + "".join(f"abcd,{n},2,3,0\n" for n in range(200))
    assert read(text, block_bytes) == text.split("\n", 1)[1].encode()
    assert read(text.replace("\n", "\r\n"), block_bytes) == text.split("\n", 1)[1].encode()


@pytest.mark.parametrize("line", [2, 3, 60, 201])
def test_a_fault_is_named_with_its_line_in_any_block(line: int) -> None:
    lines = [HEADER, *(f"abcd,{n},2,3,0" for n in range(200))]
    lines[line - 1] = "abcd,1,two,3,0"
    with pytest.raises(TableError) as caught:
        read("\n".join(lines), block_bytes=150)
    assert (caught.value.row, caught.value.column) == (line, "lastyear_activity")


def test_only_regular_files_of_allowed_size_are_opened(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("\n".join(ROWS), encoding="utf-8")
    size = os.path.getsize(tmp_path / "x.csv")
    open_regular(tmp_path / "x.csv", size).close()
    with pytest.raises(InputError, match="reading.max_file_bytes"):
        open_regular(tmp_path / "x.csv", size - 1)
    os.symlink("x.csv", tmp_path / "link.csv")
    for name, rule in (("link.csv", "it is a link"), ("", "not a regular file"),
                       ("none.csv", "No such file"), ("a\0b", "null")):
        with pytest.raises(InputError, match=rule):
            open_regular(tmp_path / name, size)


def test_a_disk_that_fails_half_way_is_one_line() -> None:
    class Failing(io.BytesIO):
        """A stream whose second reading fails."""

        def read(self, size: "int | None" = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(InputError, match="cannot be read: Input/output error"):
        list(canonical_blocks(Path("x.csv"), Failing(GOOD.encode()), ReadingSettings()))
