"""Checks of lesson 1: one test for each task, on the files in ``work``."""

import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

# pylint: disable=wrong-import-position,import-outside-toplevel
from checking import MODULE, function, load, shortened, text_of, work_folder  # noqa: E402


def test_taken_apart() -> None:
    """Each fault of the notebook is found in its cell."""
    from notebook_faults import cell_of_fault
    text = text_of(work_folder(__file__, "taken_apart") / "answers.toml")
    try:
        answers = tomllib.loads(text)
    except tomllib.TOMLDecodeError as err:
        raise AssertionError(f"answers.toml is no TOML any more: {err}") from err
    right = cell_of_fault(MODULE / "lessons" / "before" / "churn_notebook.py")
    wrong = [name for name, cell in right.items() if answers.get(name) != cell]
    assert not wrong, (f"{len(right) - len(wrong)} of {len(right)} faults are found. Look again "
                       f"for: {wrong[0]}; cell {answers.get(wrong[0])} is not the one.")


def test_modular() -> None:
    """The cell became functions with docstrings that do what the cell should have done."""
    import modular_laws as laws
    path = work_folder(__file__, "modular") / "exercise.py"
    laws.require_no_code_outside_functions(text_of(path))
    exercise = load(path)
    encode = function(exercise, "encoder_helper", "encoder_helper(df, category_lst, response)")
    split = function(exercise, "perform_feature_engineering",
                     "perform_feature_engineering(df, response)")
    laws.require_short_documented(text_of(path), (encode, split))
    laws.require_encoding(encode)
    laws.require_split(split)
    laws.require_nothing_learned_from_test_rows(split)


def test_fast() -> None:
    """The features are the same and at least 50 times as fast, side by side in one run."""
    import pandas as pd

    from benchmarks.row_wise import row_wise
    from churn.synthetic import generate_customers
    from ratio import fastest
    exercise = load(work_folder(__file__, "fast") / "exercise.py")
    ours = function(exercise, "vectorised", "vectorised(customers)")
    customers = generate_customers(5000, seed=20)
    shuffled = customers.sample(frac=0.2, random_state=3)
    empty_year = shuffled.assign(Total_Trans_Ct=[0, 3] * (len(shuffled) // 2))
    for name, table in {"shuffled rows": shuffled, "no transactions": empty_year,
                        "one row": customers.iloc[[7]], "no rows": customers.iloc[:0]}.items():
        before = table.copy()
        try:
            pd.testing.assert_frame_equal(ours(table), row_wise(table), rtol=1e-12)
        except AssertionError as err:
            raise AssertionError(f"Other features than row by row ({name}): {err}") from err
        assert table.equals(before), f"vectorised changed the table it was given ({name})"
    slow, quick = fastest((row_wise, ours), customers)
    assert slow >= 50 * quick, (
        f"Equal, but only {slow / quick:.0f} times as fast as row by row on {len(customers)} "
        f"rows ({slow:.3f} s and {quick:.4f} s of CPU); 50 times is asked for. "
        "Is there still an apply, a loop over rows, or .loc with one label?")


def test_pep8() -> None:
    """The file is clean, and its functions do what they did."""
    import numpy as np
    import pycodestyle
    import pytest

    from churn.errors import InputError
    from churn.schema import FEATURES, LEFT, TARGET
    from churn.synthetic import generate_customers
    path = work_folder(__file__, "pep8") / "exercise.py"
    exercise = load(path)
    split = function(exercise, "split_target", "split_target(customers)")
    require = function(exercise, "require_both_classes", "require_both_classes(has_left)")
    customers = generate_customers(200, seed=4)
    features, has_left = split(customers)
    assert list(features.columns) == list(FEATURES), (
        f"split_target: other columns than before: {shortened(list(features.columns))}")
    expected = np.where(customers[TARGET] == LEFT, 1, 0)
    assert has_left.name == "has_left" and np.array_equal(has_left, expected), (
        f"split_target: the answers changed; got {shortened(has_left.head().tolist())}, "
        f"expected {expected[:5].tolist()}, named has_left")
    assert require([0, 1]) is None, "require_both_classes([0, 1]) must return nothing"
    with pytest.raises(InputError):
        require([1, 1])
    style = pycodestyle.StyleGuide(quiet=True, max_line_length=99, ignore=[])
    for source in {path, Path(split.__code__.co_filename)}:
        report = style.init_report(pycodestyle.StandardReport)
        style.input_file(str(source))
        first = sorted(report._deferred_print)[:1]  # pylint: disable=protected-access
        assert not first, (f"{source.name}, line {first[0][0]}: {first[0][2]} {first[0][3]}\n"
                           f"{report.total_errors} remarks of pycodestyle in all.")
    for bad, why in (("import *", "names from nowhere: import what you use"),
                     ("l =", "a name that looks like the digit 1 (E741)")):
        assert bad not in text_of(path), f"exercise.py still has `{bad}`: {why}"


def test_hook(tmp_path: Path) -> None:
    """A real repository with the hook takes good commits and refuses bad ones."""
    from hook_trials import TRIALS, trial
    work = work_folder(__file__, "hook")
    text_of(work / "hooks" / "pre-commit")
    tools = tomllib.loads(text_of(work / "pyproject.toml")).get("tool", {})
    limits = (tools.get("pylint", {}).get("format", {}).get("max-line-length"),
              tools.get("autopep8", {}).get("max_line_length"))
    assert limits in ((79, 79), (88, 88), (99, 99), (100, 100)), (
        f"pyproject.toml: pylint takes lines of {limits[0]}, autopep8 makes lines of {limits[1]}; "
        "give both 99, or both 79")
    with ThreadPoolExecutor(len(TRIALS)) as pool:
        faults = list(pool.map(lambda name: trial(name, work, tmp_path / name), TRIALS))
    assert not any(faults), next(fault for fault in faults if fault)
