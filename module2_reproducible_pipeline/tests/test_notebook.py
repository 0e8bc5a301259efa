"""The notebook: made from text, executed in a process of its own, the same each time."""

import pytest

from rentals.errors import InputError
from rentals.notebook import execute, make_notebook, notebook_text

TEXT = """# %% [markdown]
# # Title
#
# Words.

# %%
import os
print("got", os.environ["GIVEN"])

# %%
1 + 1
"""


def test_cells_are_markdown_or_code_in_their_order():
    cells = make_notebook(TEXT).cells
    assert [(cell.cell_type, cell.source) for cell in cells] == [
        ("markdown", "# Title\n\nWords."),
        ("code", 'import os\nprint("got", os.environ["GIVEN"])'), ("code", "1 + 1")]


def test_an_executed_notebook_holds_its_output_and_is_the_same_each_time(tmp_path):
    found = []
    for _ in range(2):
        notebook = make_notebook(TEXT)
        html = execute(notebook, {"GIVEN": str(tmp_path)})
        found.append((notebook_text(notebook), html))
    assert found[0] == found[1]
    assert f"got {tmp_path}" in found[0][0] and f"got {tmp_path}" in found[0][1]
    assert '"2"' in found[0][0]


def test_a_failing_cell_is_named_by_its_fault():
    with pytest.raises(InputError, match="ZeroDivisionError"):
        execute(make_notebook("# %%\n1 / 0\n"), {})
