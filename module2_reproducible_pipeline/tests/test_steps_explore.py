"""The step explore: pictures, tables and an executed notebook, the same each time."""

import json

from listing_rows import listings

from rentals.contents import content_of
from rentals.data import write_listings
from rentals.plan import Task
from rentals.settings import CleanSettings, Settings
from rentals.steps.explore import run


def test_the_exploration_is_a_function_of_the_sample_and_not_of_its_place(tmp_path):
    found = []
    for name in ("one", "another place"):
        (tmp_path / name).mkdir()
        rows = listings(150)
        rows.loc[0, "price"] = 9
        write_listings(rows, tmp_path / name / "sample.csv")
        settings = Settings(clean=CleanSettings(max_price=200.0))
        result = run(Task({"sample": tmp_path / name / "sample.csv"}, settings, tmp_path / name))
        found.append((content_of(tmp_path / name / "exploration"), result.metrics))
    assert found[0] == found[1]
    folder = tmp_path / "one" / "exploration"
    assert {path.name for path in folder.iterdir()} == {
        "EDA.ipynb", "EDA.html", "columns.csv", "groups.csv", "groups.png", "map.png",
        "neighbourhoods.png", "prices.png"}
    notebook = json.loads((folder / "EDA.ipynb").read_text("utf-8"))
    assert all(cell["outputs"] or cell["source"][0].startswith(("import", "from"))
               for cell in notebook["cells"] if cell["cell_type"] == "code")
    rows = listings(150)
    expected = 1 + int((rows["price"].iloc[1:] > 200).sum() + (rows["price"].iloc[1:] < 10).sum())
    assert found[0][1]["rows_to_be_dropped"] == expected
