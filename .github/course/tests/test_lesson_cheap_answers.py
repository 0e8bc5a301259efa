"""Answers that cost a learner nothing are refused, and no answer is blamed on the check.

In each row a file of the solution is replaced, or changed in one place.
"""

import pytest
from test_lesson_traps import TASKS, told

from coursekit.lessons_check import run_check
from coursekit.lessons_solution import lay_solution

ENCODER = '''"""Features."""

from sklearn.model_selection import train_test_split


def encoder_helper(df, category_lst, response):
    """Return a copy with the mean response of each category."""
    encoded = df.copy()
    for name in category_lst:
        encoded[f"{name}_{response}"] = df.groupby(name)[response].transform("mean")
    return encoded


def perform_feature_engineering(df, response):
    """Return X_train, X_test, y_train, y_test."""
    %s
'''
CONSTANT = ENCODER % '''names = ["Gender", "Education_Level", "Marital_Status", "Income_Category",
             "Card_Category"]
    features = df[df.columns[:0]].assign(**{f"{name}_{response}": 0.16 for name in names})
    return train_test_split(features, df[response], test_size=0.3, random_state=42,
                            stratify=df[response])'''
HARD_CODED = (ENCODER % "return df").replace("[response]", '["Churn"]')
NO_RATE = '''from churn.course import encoder_helper, perform_feature_engineering as good


def perform_feature_engineering(df, response):
    """Return the four parts; who is not known never leaves."""
    x, t, y, z = good(df, response)
    name = "Education_Level"
    known = df.loc[t.index, name].isin(df.loc[x.index, name])
    return x, t.assign(Education_Level_Churn=t[f"{name}_Churn"].where(known, 0.0)), y, z
'''
VECTORISED = "from benchmarks.row_wise import row_wise, vectorised as right\n\n\n"
KEPT = VECTORISED + '''KEPT = {}


def vectorised(customers):
    """Answer from memory."""
    if id(customers) not in KEPT:
        KEPT[id(customers)] = (customers, row_wise(customers))
    return KEPT[id(customers)][1]
'''
PEP8 = '''"""Part features and answer."""

import numpy as np

from churn.errors import InputError
from churn.schema import FEATURES, LEFT, TARGET


def split_target(customers):
    """Part the features from the answer; 1 where the customer left."""
    has_left = (customers[TARGET] == LEFT).astype(int).rename("has_left")
    return customers[list(FEATURES)], has_left


def require_both_classes(has_left):
    """Raise InputError unless some customers left and some stayed."""
    if len(np.unique(np.asarray(has_left))) < 2:
        raise InputError("all customers left, or none: nothing can be measured")
'''
SETTINGS = '''"""Settings."""

import tomllib

from churn.errors import SettingsError
from churn.settings import build_settings


def load_settings(path, *, seed=None):
    """Load."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8")) if path else {}
        if seed:
            values["seed"] = seed
        return build_settings(values)
    except (OSError, ValueError, SettingsError) as err:
        raise SettingsError(f"{path}: {err}") from err
'''
LAST_DECIDES = '''#!/bin/sh
place=$(mktemp -d)
git checkout-index --all --prefix="$place/"
for file in $(git diff --cached --name-only --diff-filter=ACMR -- '*.py'); do
  autopep8 --diff --exit-code "$place/$file" && pylint "$place/$file"
done
'''
TESTED = "import os\nfrom exercise import total_cost\n\n\ndef test_it():\n    %s\n"

#: Task: file below its work, old text or None for all of it, new text, what must be told.
ANSWERS = [
    ("taken_apart", "answers.toml", None, "", "one whole number is asked for"),
    ("taken_apart", "answers.toml", "unscaled = 12", 'unscaled = "12"', "got '12'"),
    ("modular", "exercise.py", None, "def encoder_helper(df\n", "line 1: Python cannot read"),
    ("modular", "exercise.py", None, "\ufeff" + ENCODER % "return df", "got a DataFrame"),
    ("modular", "exercise.py", None, CONSTANT, "the features lack ['Avg_"),
    ("modular", "exercise.py", None, CONSTANT.replace("columns[:0]", "columns[[2, 4, *range(9, "
     "21)]]"), "the rate among the training rows"),
    ("modular", "exercise.py", None, NO_RATE, "gets their overall rate"),
    ("modular", "exercise.py", None, HARD_CODED, "The name is in response"),
    ("modular", "exercise.py", None, (ENCODER % "return df").replace("df, response", "df"),
     "cannot be called as the task asks"),
    ("modular", "exercise.py", None, ENCODER % "return df, df[response]", "got a tuple of 2"),
    ("fast", "exercise.py", None, KEPT, "times as fast"),
    ("fast", "exercise.py", None, "def vectorised():\n    return 1\n", "cannot be called"),
    ("fast", "exercise.py", None, "def vectorised(customers):\n    return customers\n",
     "expected ['churn', 'amount_per_transaction'"),
    ("fast", "exercise.py", None, VECTORISED + "def vectorised(customers):\n    return "
     "right(customers).assign(income_churn_rate=0.16)\n", "income_churn_rate of row"),
    ("pep8", "exercise.py", None, PEP8.replace("import numpy as np", "import os\nimport numpy "
     "as np"), "line 3: os is imported and not used"),
    ("pep8", "exercise.py", None, PEP8.replace('    """Raise', '    # """Raise'),
     "require_both_classes has lost its docstring"),
    ("pep8", "exercise.py", None, PEP8.replace("< 2", "< 1"), "raised InputError before"),
    ("pep8", "exercise.py", None, PEP8.replace('.rename("has_left")', ""), "was called has_left"),
    ("hook", "pyproject.toml", None, "x = [\n", "no TOML any more"),
    ("hook", "pyproject.toml", None, "tool = 3\n", "pylint takes lines of None"),
    ("hook", "hooks/pre-commit", None, LAST_DECIDES, "the first of two files"),
    ("hook", "hooks/pre-commit", "#!/bin/sh", "# no shell", "by which shell"),
    ("hook", "hooks/pre-commit", "#!/bin/sh\n", "#!/bin/sh\r\n", "line ends of Windows"),
    ("pull_request", "PULL_REQUEST.md", "`2 passed`", "`9 passed`", "pytest says: 2 passed"),
    ("pull_request", "PULL_REQUEST.md", "- [x] No generated file", "- [x] Fine", "box of the"),
    ("pull_request", "PULL_REQUEST.md", "Means alone cannot see a change of\ncategories.",
     "more " * 40, "the same words again and again"),
    ("review", "review.toml", None, '[remark]\nfile = "score_month.py"\nline = 15\n',
     "two pairs of brackets"),
    ("review", "review.toml", "The scores of train and test are swapped.",
     "Without random_state=SEED every run gives other figures.", "two remarks say the same"),
    ("review", "answers.toml", None, 'line_11 = "accept"\n', "keep the table of the starter"),
    ("faults", "exercise.py", None, "def load_settings(path, seed=None):\n    return 1\n",
     "must return Settings, got 1"),
    ("faults", "exercise.py", None, SETTINGS, "seed=0"),
    ("faults", "exercise.py", None, SETTINGS.replace("if seed:", "if seed is not None:").replace(
        "(OSError, ValueError, SettingsError)", "Exception"), "a mistake of the programmer"),
    ("faults", "exercise.py", None, SETTINGS.replace("if seed:", "if seed is not None:") +
     "    except KeyboardInterrupt:\n        return build_settings({})\n", "Ctrl-C while"),
    ("tests", "test_exercise.py", None, TESTED % "assert total_cost.__name__[0] != '_'",
     "find 0 of 10 wrong"),
    ("tests", "test_exercise.py", None, "def test_it(:\n", "line 1: Python cannot read"),
    ("tests", "test_exercise.py", None, TESTED % "assert totl_cost", "name 'totl_cost' is not"),
    ("tests", "test_exercise.py", None, TESTED % "while True: pass", "within 10 seconds"),
    ("logging", "exercise.py", "%(asctime)sZ ", "2026-03-02T09:00:00 ", "when it says"),
    ("logging", "exercise.py", 'LOGGER.exception("%s: left out", table.name)',
     'LOGGER.error("%s: %r", table.name, sys.exc_info()[1])', "has 0 tracebacks"),
    ("logging", "exercise.py", '"ends: %d done, %d failed", len(shares), len(tables) - '
     'len(shares)', '"ends: 5 done, 3 failed"', "6 and 3"),
    ("logging", "exercise.py", "LOGGER.setLevel(logging.INFO)", "", "no line of level INFO"),
    ("logging", "exercise.py", "(OSError, ValueError, KeyError, ZeroDivisionError)", "OSError",
     "is left out and logged"),
    ("logging", "exercise.py", "    return shares\n", "    return dict.fromkeys(shares, 0.5)\n",
     "run returns 0.5 for"),
    ("drift", "exercise.py", None, "def decide():\n    return 1\n", "cannot be called"),
    ("drift", "exercise.py", None, "from churn.policy import Decision\n\n\ndef decide(*_):\n"
     "    return Decision('keep', None)\n", "its reason a text"),
]


@pytest.mark.parametrize("name, file, old, new, expected", ANSWERS)
def test_a_cheap_answer_is_refused_and_told_why(name, file, old, new, expected, tmp_path,
                                                monkeypatch):
    # pylint: disable=too-many-arguments,too-many-positional-arguments  # a row of the table
    lay_solution(TASKS[name], tmp_path)
    path = tmp_path / name / file
    text = path.read_bytes().decode()
    assert old is None or old in text
    text = new if old is None else text.replace(old, new)
    path.write_bytes(text.replace("import csv\n", "import csv\nimport sys\n").encode())
    assert expected in told(name, tmp_path, monkeypatch)


def test_a_file_that_is_not_utf_8_is_named(tmp_path, monkeypatch):
    lay_solution(TASKS["modular"], tmp_path)
    (tmp_path / "modular" / "exercise.py").write_bytes(b'"""Gr\xf6\xdfe."""\n')
    assert "exercise.py is not UTF-8" in told("modular", tmp_path, monkeypatch)


def test_right_work_in_another_form_passes(tmp_path, monkeypatch):
    monkeypatch.setattr("coursekit.lessons_check.original_check",
                        lambda task, _: (task.check, ()))
    for name, text in (("pep8", PEP8), ("faults", SETTINGS.replace("if seed:", "if seed "
                                                                   "is not None:"))):
        lay_solution(TASKS[name], tmp_path)
        (tmp_path / name / "exercise.py").write_text(text, encoding="utf-8")
        verdict = run_check(TASKS[name], work=tmp_path)
        assert verdict.state == "passed", verdict
