"""The usual way to merge drops: read all, concatenate, drop what repeats, write one CSV.

In: a folder of drops and a file. Out: that file. Nothing is checked, and a second run reads
everything again; it stands here to be measured beside ours.
"""

import sys
from pathlib import Path

import pandas as pd


def merge_drops(folder: Path, target: Path) -> int:
    """Merge the drops of a folder into one file, and return its rows."""
    drops = [pd.read_csv(path) for path in sorted(folder.glob("*.csv"))]
    merged = pd.concat(drops, ignore_index=True).drop_duplicates()
    merged.to_csv(target, index=False)
    return len(merged)


if __name__ == "__main__":
    print(merge_drops(Path(sys.argv[1]), Path(sys.argv[2])))
