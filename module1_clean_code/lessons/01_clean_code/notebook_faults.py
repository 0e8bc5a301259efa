"""Where each fault of the "before" notebook is, found by the words that make it.

In: the notebook as text. Out: for each fault the number of its code cell, counted from 1.
"""

from pathlib import Path

_WORDS = {
    "silences_warnings": 'filterwarnings("ignore")',
    "takes_any_column": "pd.read_csv(",
    "fills_nothing": 'print("unknowns filled")',
    "wrong_title": 'df["Marital_Status"].value_counts',
    "index_is_a_feature": 'select_dtypes("number").columns',
    "learns_from_test_rows": "keep.append(",
    "split_not_stratified": "train_test_split(X, y",
    "unscaled": "lrc.fit(",
    "accuracy_as_headline": '"excellent!"',
    "swapped_reports": '"Logistic regression, train"',
    "tests_that_cannot_fail": "def test_import",
}


def code_cells(text: str) -> list[str]:
    """Return the code of each cell of a notebook in jupytext's percent form."""
    cells = [cell.partition("\n") for cell in ("\n" + text).split("\n# %%")[1:]]
    return [code for head, _, code in cells if "markdown" not in head]


def cell_of_fault(notebook: Path) -> dict[str, int]:
    """Return the number of the cell of each fault; every fault stands in exactly one."""
    cells = code_cells(notebook.read_text(encoding="utf-8"))
    found = {name: [number for number, code in enumerate(cells, 1) if words in code]
             for name, words in _WORDS.items()}
    unclear = [name for name, numbers in found.items() if len(numbers) != 1]
    assert not unclear, f"the notebook does not show {unclear} in one cell"
    return {name: numbers[0] for name, numbers in found.items()}
