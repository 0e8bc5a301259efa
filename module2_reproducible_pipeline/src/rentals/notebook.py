"""Make, execute and print the notebook of the exploration.

In: cells as text, and the environment that they read. Out: an executed notebook, and its HTML.
A notebook that is executed by the pipeline cannot show figures of other data than the run's.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.resources import files
from tempfile import TemporaryDirectory
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from rentals.errors import InputError

_SECONDS_A_CELL = 300
_PAGE = "notebook.html"
_MARKDOWN, _CODE = "# %% [markdown]", "# %%"


def make_notebook(text: str) -> Any:
    """Return a notebook from text in the percent format.

    Parameters
    ----------
    text : str
        Cells begin with a line ``# %%``, or ``# %% [markdown]`` with text in comments.

    Returns
    -------
    NotebookNode
        Ids of cells are their numbers, so that the same text is the same notebook.
    """
    nbformat = import_module("nbformat")  # it publishes wrong types
    cells = []
    for number, part in enumerate(re.split(r"^(?=# %%)", text, flags=re.MULTILINE)[1:]):
        head, _, body = part.partition("\n")
        if head.strip() == _MARKDOWN:
            plain = "\n".join(line.removeprefix("#").removeprefix(" ")
                              for line in body.strip().splitlines())
            cell = nbformat.v4.new_markdown_cell(plain)
        else:
            cell = nbformat.v4.new_code_cell(body.strip())
        cell["id"] = f"cell-{number}"
        cells.append(cell)
    return nbformat.v4.new_notebook(cells=cells, metadata={
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"}})


def execute(notebook: Any, environment: Mapping[str, str]) -> str:
    """Execute a notebook in place, in a process and a folder of its own; return its HTML.

    Parameters
    ----------
    notebook : NotebookNode
        Of `make_notebook`.
    environment : mapping of str to str
        Added to that of the notebook's process.

    Returns
    -------
    str

    Raises
    ------
    InputError
        A cell failed; the text holds the last line of its fault.
    """
    metadata = dict(notebook.metadata)
    with TemporaryDirectory(prefix="rentals-") as folder, _environment(
            {**environment, "IPYTHONDIR": f"{folder}/ipython",
             "JUPYTER_RUNTIME_DIR": f"{folder}/runtime", "JUPYTER_CONFIG_DIR": folder,
             "JUPYTER_DATA_DIR": f"{folder}/data", "PYTHONHASHSEED": "0"}):
        client = NotebookClient(notebook, timeout=_SECONDS_A_CELL, kernel_name="python3",
                                record_timing=False, resources={"metadata": {"path": folder}})
        # Not over TCP, where any other user of the machine could listen.
        manager = client.create_kernel_manager()
        manager.transport, manager.ip = "ipc", f"{folder}/kernel"
        try:
            client.execute()
        except CellExecutionError as err:
            last = [line for line in str(err).splitlines() if line.strip()][-1]
            raise InputError(f"the notebook of the exploration failed: {last[:200]}") from err
    # The kernel adds its Python's version and paths of its own.
    notebook["metadata"].clear()
    notebook["metadata"].update(metadata)
    exporter = import_module("nbconvert").HTMLExporter(
        template_name="basic", exclude_anchor_links=True, exclude_input_prompt=True,
        exclude_output_prompt=True)
    page = files("rentals").joinpath("templates", _PAGE).read_text("utf-8")
    return page.replace("<!-- the notebook -->", str(exporter.from_notebook_node(notebook)[0]))


def notebook_text(notebook: Any) -> str:
    """Return a notebook as the text of its file."""
    return f"{import_module('nbformat').writes(notebook)}\n"


@contextmanager
def _environment(added: Mapping[str, str]) -> Iterator[None]:
    """Let child processes see ``added`` while the context lasts."""
    before = {name: os.environ.get(name) for name in added}
    os.environ.update(added)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
