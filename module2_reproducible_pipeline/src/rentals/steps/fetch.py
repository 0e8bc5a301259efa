"""Fetch: bring the listings into the artifact store.

In: the user's file, or a seed and a number of rows. Out: the sample, and where it comes from.
The user's file is read strictly once here, so that every later step can rely on its shape.
"""

from pathlib import Path

from rentals.data import load_listings
from rentals.files import sha256_of_file, write_bytes, write_json
from rentals.plan import SAMPLE, SAMPLE_MANIFEST, StepResult, Task
from rentals.synthetic import write_listings_drop


def run(task: Task) -> StepResult:
    """Write the sample and its manifest.

    Parameters
    ----------
    task : Task
        Without inputs.

    Returns
    -------
    StepResult

    Raises
    ------
    InputError, TableError
        The user's file cannot be used.
    """
    data, target = task.settings.data, task.out / SAMPLE
    if not data.path:
        manifest = write_listings_drop(target, data.rows, task.settings.seed, data.drop)
        rows, source = manifest.rows, f"generated, drop {data.drop}, seed {manifest.seed}"
    else:
        source = Path(data.path).name
        rows = len(load_listings(Path(data.path), task.settings.reading))
        write_bytes(target, Path(data.path).read_bytes())
        write_json(task.out / SAMPLE_MANIFEST, {
            "file": source, "rows": rows, "sha256": sha256_of_file(target)})
    return StepResult({"rows": rows}, (f"{rows:,} listings: {source}",))
