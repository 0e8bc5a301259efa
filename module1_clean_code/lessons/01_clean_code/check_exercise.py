"""Checks of lesson 1: one test for each task, on the files in ``work``."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

# pylint: disable=wrong-import-position,import-outside-toplevel
from checking import (MODULE, function, load, parsed, shortened, text_of,  # noqa: E402
                      toml_of, work_folder)


def test_taken_apart() -> None:
    """Each fault of the notebook is found in its cell."""
    from notebook_faults import cell_of_fault
    answers = toml_of(work_folder(__file__, "taken_apart") / "answers.toml")
    right = cell_of_fault(MODULE / "lessons" / "before" / "churn_notebook.py")
    for name in right:
        assert type(answers.get(name)) is int, (  # pylint: disable=unidiomatic-typecheck
            f"answers.toml, {name}: one whole number is asked for, such as {name} = 7; "
            f"got {answers.get(name)!r}")
    wrong = [name for name, cell in right.items() if answers[name] != cell]
    assert not wrong, (f"{len(right) - len(wrong)} of {len(right)} faults are found. Look again "
                       f"for: {wrong[0]}; cell {answers[wrong[0]]} is not the one.")


def test_modular() -> None:
    """The cell became functions with docstrings that do what the cell should have done."""
    import modular_laws as laws
    path = work_folder(__file__, "modular") / "exercise.py"
    laws.require_no_code_outside_functions(parsed(path))
    exercise = load(path)
    encode = function(exercise, "encoder_helper", "encoder_helper(df, category_lst, response)")
    split = function(exercise, "perform_feature_engineering",
                     "perform_feature_engineering(df, response)")
    laws.require_short_documented(parsed(path), (encode, split))
    laws.require_encoding(encode)
    laws.require_split(split)
    laws.require_features(split)
    laws.require_nothing_learned_from_test_rows(split)


def test_fast() -> None:
    """The features are the same and at least 50 times as fast, side by side in one run."""
    from benchmarks.row_wise import row_wise
    from churn.synthetic import generate_customers
    from ratio import difference, fastest
    exercise = load(work_folder(__file__, "fast") / "exercise.py")
    ours = function(exercise, "vectorised", "vectorised(customers)")
    customers = generate_customers(5000, seed=20)
    shuffled = customers.sample(frac=0.2, random_state=3)
    empty_year = shuffled.assign(Total_Trans_Ct=[0, 3] * (len(shuffled) // 2))
    for name, table in {"shuffled rows": shuffled, "no transactions": empty_year,
                        "one row": customers.iloc[[7]], "no rows": customers.iloc[:0]}.items():
        before = table.copy()
        found = difference(ours(table), row_wise(table))
        assert not found, f"Other features than row by row ({name}): {found}"
        assert table.equals(before), f"vectorised changed the table it was given ({name})"
    slow, quick = fastest((row_wise, ours), customers)
    assert slow >= 50 * quick, (
        f"Equal, but only {slow / quick:.1f} times as fast as row by row on {len(customers)} "
        f"rows ({slow:.3f} s and {quick:.4f} s of CPU); 50 times is asked for. "
        "Is there still an apply, a loop over rows, or .loc with one label?")


def test_pep8() -> None:
    """The file is clean, and its functions do what they did."""
    import numpy as np
    import pandas as pd
    from tidy import require_style, require_tidy

    from churn.errors import InputError
    from churn.schema import FEATURES, LEFT, TARGET
    from churn.synthetic import generate_customers
    path = work_folder(__file__, "pep8") / "exercise.py"
    exercise = load(path)
    split = function(exercise, "split_target", "split_target(customers)")
    require = function(exercise, "require_both_classes", "require_both_classes(has_left)")
    customers = generate_customers(200, seed=4)
    parts = split(customers)
    assert isinstance(parts, tuple) and len(parts) == 2, (
        f"split_target must return features and answers as before; got {shortened(parts)}")
    features, has_left = parts
    assert isinstance(features, pd.DataFrame), (
        f"split_target: the features must be a table, got {shortened(features)}")
    assert list(features.columns) == list(FEATURES), (
        f"split_target: other columns than before: {shortened(list(features.columns))}")
    expected = np.where(customers[TARGET] == LEFT, 1, 0)
    assert np.array_equal(has_left, expected), (
        f"split_target: the answers changed; got {shortened(list(has_left)[:5])}, "
        f"expected {expected[:5].tolist()}")
    assert getattr(has_left, "name", None) == "has_left", (
        "split_target: the column of the answers was called has_left before; it is "
        f"{getattr(has_left, 'name', None)!r} now")
    assert require([0, 1]) is None, "require_both_classes([0, 1]) must return nothing"
    try:
        require([1, 1])
    except InputError:
        pass
    else:
        raise AssertionError("require_both_classes([1, 1]) raised InputError before, and returns "
                             "now as if nothing were wrong")
    require_style({path, Path(split.__code__.co_filename)})
    assert "import *" not in text_of(path), (
        "exercise.py still has `import *`: names from nowhere; import what you use")
    if split.__module__ == require.__module__ == exercise.__name__:
        require_tidy(parsed(path))


def test_hook(tmp_path: Path) -> None:
    """A real repository with the hook takes good commits and refuses bad ones."""
    from hook_trials import TRIALS, require_program, setting, trial
    work = work_folder(__file__, "hook")
    require_program(work / "hooks" / "pre-commit")
    content = toml_of(work / "pyproject.toml")
    limits = (setting(content, "tool", "pylint", "format", "max-line-length"),
              setting(content, "tool", "autopep8", "max_line_length"))
    assert limits in ((79, 79), (88, 88), (99, 99), (100, 100)), (
        f"pyproject.toml: pylint takes lines of {limits[0]}, autopep8 makes lines of {limits[1]}; "
        "give both 99, or both 79")
    with ThreadPoolExecutor(len(TRIALS)) as pool:
        faults = list(pool.map(lambda name: trial(name, work, tmp_path / name), TRIALS))
    assert not any(faults), next(fault for fault in faults if fault)
