"""Explore: figures, tables and an executed notebook of the raw sample.

In: the raw sample. Out: a folder with ``EDA.ipynb``, its HTML, pictures and tables.
No later step reads it: it is for people, who decide on the bounds of ``clean``.
"""

import json
from dataclasses import asdict
from importlib.resources import files

from rentals import eda
from rentals.cleaning import find_reasons
from rentals.data import load_listings
from rentals.figures import png_bytes
from rentals.files import write_bytes, write_text
from rentals.notebook import execute, make_notebook, notebook_text
from rentals.plan import StepResult, Task

_NOTEBOOK = "eda_notebook.txt"


def run(task: Task) -> StepResult:
    """Write the exploration.

    Parameters
    ----------
    task : Task
        Input ``sample``.

    Returns
    -------
    StepResult

    Raises
    ------
    InputError
        A cell of the notebook fails.
    """
    settings, bounds = task.settings.explore, task.settings.clean
    listings = load_listings(task.inputs["sample"], task.settings.reading)
    folder = task.out / "exploration"
    columns = eda.column_table(listings)
    for name, table in (("columns", columns), ("groups", eda.group_table(listings))):
        write_text(folder / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))
    for name, figure in (("prices", eda.draw_prices(listings, bounds)),
                         ("map", eda.draw_map(listings, settings.map_points)),
                         ("groups", eda.draw_groups(listings)),
                         ("neighbourhoods", eda.draw_neighbourhoods(
                             listings, settings.neighbourhoods))):
        write_bytes(folder / f"{name}.png", png_bytes(figure))
    notebook = make_notebook(files("rentals").joinpath("templates", _NOTEBOOK).read_text("utf-8"))
    html = execute(notebook, {
        "RENTALS_SAMPLE": str(task.inputs["sample"].resolve()),
        "RENTALS_CLEAN": json.dumps(asdict(bounds)),
        "RENTALS_EXPLORE": json.dumps(asdict(settings))})
    write_text(folder / "EDA.html", html)
    write_text(folder / "EDA.ipynb", notebook_text(notebook))
    dropped = int((find_reasons(listings, bounds) != "").sum())
    return StepResult({"columns_with_missing": int((columns["missing"] > 0).sum()),
                       "rows_to_be_dropped": dropped},
                      (f"{len(listings):,} listings drawn and tabulated; the bounds would drop "
                       f"{dropped:,}",))
