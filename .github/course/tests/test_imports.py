"""What a submission imports is loaded beforehand, but never anything of its own."""

import ast

import pytest

from coursekit.imports import foreign_imports


@pytest.mark.parametrize(("text", "expected"), [
    ("import pandas as pd, os", ("pandas",)),
    ("from sklearn.inspection import permutation_importance", ("sklearn.inspection",)),
    ("def late():\n    import shap.plots\n", ("shap.plots",)),
    ("from . import pandas\nfrom .data import numpy\n", ()),
    ("import churn_library\nfrom churn_library import import_data", ()),
    ("import helpers.data\nfrom helpers import pictures", ()),
    ("import json\nimport xml.dom", ()),
    ("import numpy\nimport numpy\nimport numpy.linalg", ("numpy", "numpy.linalg")),
])
def test_only_libraries_are_named(text, expected):
    files = ["churn_library.py", "src/helpers/data.py", "README.md"]
    assert foreign_imports([ast.parse(text)], files) == expected


def test_all_files_count():
    trees = [ast.parse("import seaborn"), ast.parse("import hypothesis")]
    assert foreign_imports(trees, []) == ("hypothesis", "seaborn")
