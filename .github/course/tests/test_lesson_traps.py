"""Work that is wrong in a likely way fails its task, and is told what is wrong.

In each trap the solution is laid out and then spoilt in one place.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from coursekit import lessons_check
from coursekit.lessons import all_tasks
from coursekit.lessons_check import run_check
from coursekit.lessons_solution import lay_solution

ROOT = Path(__file__).resolve().parents[3]
TASKS = {task.name: task for task in all_tasks(ROOT)}
COURSE = "from churn.course import encoder_helper, perform_feature_engineering as good\n\n\n"
SPLIT = COURSE + '''def perform_feature_engineering(df, response):
    """Return the four parts, spoilt."""
    {body}
'''
LEAKY = SPLIT.format(body='''x, t, y, z = good(df, response)
    means = df.groupby("Education_Level")[response].mean()
    new = {"Education_Level_Churn": df["Education_Level"].map(means)}
    return x.assign(**new), t.assign(**new), y, z''')
INDEX = SPLIT.format(body='''x, t, y, z = good(df, response)
    return x.join(df["Unnamed: 0"]), t.join(df["Unnamed: 0"]), y, z''')
EMPTY = SPLIT.format(body='''x, t, y, z = good(df, response)
    means = df.loc[x.index].groupby("Education_Level")[response].mean()
    name = "Education_Level_Churn"
    return (x.assign(**{name: df.loc[x.index, "Education_Level"].map(means)}),
            t.assign(**{name: df.loc[t.index, "Education_Level"].map(means)}), y, z)''')
SETTINGS = '''import tomllib
from churn.errors import SettingsError
from churn.settings import build_settings


def load_settings(path, *, seed=None):
    """Load."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8")) if path else {}
        values |= {} if seed is None else {"seed": seed}
        return build_settings(values)
    except %s as err:
        raise SettingsError(f"{path}: {err}") %s
'''
ALWAYS_RETRAIN = '''from churn.policy import Decision


def decide(report, reference_auc=None, current_auc=None):
    """Answer."""
    return Decision("%s", "because it is so today")
'''

#: Task: file below its work, old text or None for all of it, new text, what must be told.
TEXTS = [
    ("taken_apart", "answers.toml", "unscaled = 12", "unscaled = 11", "10 of 11 faults"),
    ("taken_apart", "answers.toml", "unscaled = 12", "unscaled = ", "no TOML any more"),
    ("modular", "exercise.py", None, LEAKY, "learned from them"),
    ("modular", "exercise.py", None, EMPTY, "is empty (NaN)"),
    ("modular", "exercise.py", None, INDEX, "must not be a feature"),
    ("modular", "exercise.py", None, COURSE + "print('hello')\n", "runs on import"),
    ("modular", "exercise.py", "import encoder_helper", "import import_data", "encoder_helper"),
    ("fast", "exercise.py", None, "from benchmarks.row_wise import row_wise as vectorised\n",
     "times as fast"),
    ("fast", "exercise.py", None, "from benchmarks.row_wise import vectorised as v\n\n\n"
     "def vectorised(table):\n    return v(table).iloc[::-1]\n", "Other features"),
    ("pep8", "exercise.py", "import split_target", "import  split_target", "line 3: E"),
    ("hook", "hooks/pre-commit", 'pylint "$file"', 'true "$file"', "unused import"),
    ("hook", "hooks/pre-commit", 'cd "$place" ||', 'true ||', "not staged"),
    ("hook", "hooks/pre-commit", "exit $status", "exit 1", "a clean file must be taken"),
    ("hook", "pyproject.toml", "max_line_length = 99", "max_line_length = 199", "199"),
    ("faults", "exercise.py", None, SETTINGS % ("Exception", ""), "cause is lost"),
    ("faults", "exercise.py", None, SETTINGS % ("BaseException", "from err"), "SettingsError"),
    ("faults", "exercise.py", None, SETTINGS % ("FileNotFoundError", "from err"), "a folder"),
    ("tests", "test_exercise.py", "== pytest.approx(expected)", "> -1", "of 10 wrong"),
    ("tests", "test_exercise.py", "== 5\n", "== 6\n", "fail on a right implementation"),
    ("logging", "exercise.py", "LOGGER.exception", "LOGGER.info", "no line of level ERROR"),
    ("logging", "exercise.py", "        LOGGER.removeHandler(handler)\n", "",
     "leaves a handler behind"),
    ("logging", "exercise.py", "%(asctime)sZ ", "", "begins with a date"),
    ("logging", "exercise.py", '"ends: %d done, %d failed", len(shares), len(tables) - '
     'len(shares)', '"ends"', "The last line must count"),
    ("drift", "exercise.py", None, ALWAYS_RETRAIN % "retrain", "of 12 histories"),
    ("drift", "exercise.py", "return RetrainingPolicy", "return Decision(RetrainingPolicy",
     "exercise.py"),
    ("review", "review.toml", "line = 15", "line = 25", "Score 8"),
    ("review", "answers.toml", '"decline"', '"accept"', "not the right answer"),
    ("pull_request", "PULL_REQUEST.md", "`2 passed`", "fine", "what pytest's last line said"),
]


def told(name: str, work: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what a failed check says."""
    monkeypatch.setattr(lessons_check, "original_check", lambda task, _: (task.check, ()))
    verdict = run_check(TASKS[name], work=work)
    assert verdict.state == "failed", verdict
    return f"{verdict.message} {verdict.place}"


@pytest.mark.parametrize("name, file, old, new, expected", TEXTS)
def test_spoilt_work_is_told_what_is_wrong(name, file, old, new, expected, tmp_path, monkeypatch):
    # pylint: disable=too-many-arguments,too-many-positional-arguments  # a row of the table
    lay_solution(TASKS[name], tmp_path)
    path = tmp_path / name / file
    text = path.read_text(encoding="utf-8")
    assert old is None or old in text
    path.write_text(new if old is None else text.replace(old, new), encoding="utf-8")
    if (name, expected) == ("review", "Score 8"):
        # One false alarm in place of a find costs two points: 8 are left; a third alarm fails.
        spoilt = path.read_text(encoding="utf-8") + (
            '\n[[remark]]\nfile = "score_month.py"\nline = 3\nsays = "I do not like this line."\n')
        path.write_text(spoilt, encoding="utf-8")
        expected = "Score 7"
    assert expected in told(name, tmp_path, monkeypatch)


#: Task: shell lines run in you/ after (or, with "-", in place of) the solution, and what is told.
HISTORIES = [
    ("bisect", "git commit -q --allow-empty -m 'fix'", "say what the commit does"),
    ("bisect", "git commit -q --amend -m 'Test the bands' && git push -qf && "
     "git rebase -q --onto v1.1 main~1", "two are asked for"),
    ("bisect", "sed -i.x s/40-59/41-59/ customers.py; git commit -qam 'Rename a band of ages'",
     "age_band(40)"),
    ("bisect", "git bisect start -q v1.1 v1.0 || git bisect start v1.1 v1.0", "still under way"),
    ("conflict", "git commit -q --allow-empty -m 'One more'", "push it"),
    ("conflict", "sed -i.x s/0.6/0.5/ offer.py; git commit -qam 'Back'; git push -q",
     "gets_offer(0.5, 0, True)"),
    ("conflict", "git reset -q --hard HEAD~1; git push -qf", "straight line"),
    ("branch", "hotfix=$(git rev-parse main^1); git switch -q segments; git rebase -q $hotfix; "
     "git branch -qf main; git switch -q main; git push -qf", "must be the merge"),
    ("branch", "git reset -q --hard HEAD~1; git push -qf", "does not have the commit"),
    ("branch", "sed -i.x 's/return \"rare\"/return \"odd\"/' segments.py; git commit -q --amend "
     "-a --no-edit; git push -qf", "main was not green"),
    ("branch", "git branch -qD segments", "no branch segments"),
    ("pull_request", "git reset -q --soft main; git commit -qm 'Add a lot of things'; "
     "git push -qf", "after main: 1;"),
    ("pull_request", "git checkout -q before -- out && git commit -qm 'Add the made page' && "
     "git push -q", "out/report.html"),
    ("pull_request", "git rm -q notes.md; git commit -qm 'Take the notes away'; git push -q",
     "lost or new in: ['notes.md']"),
    ("pull_request", "echo 'x = 1' >> report.py; git commit -qam 'Set a name to one'; "
     "git push -q", "says something else"),
    ("conflict", "sed -i.x s/gets_offer/get_offer/ offer.py; git commit -qam 'Name it anew'; "
     "git push -q", "no function gets_offer"),
    ("conflict", "sed -i.x 's/return has/return hash/' offer.py; git commit -qam 'Mistype a name'"
     "; git push -q", "gets_offer(0.1, 0, True) in offer.py: NameError"),
    ("branch", "git branch -qf segments start", "must hold the half-done commit"),
    ("bisect", "echo 'import nothing_like_it' >> customers.py; git commit -qam 'Import a thing'; "
     "git push -q", "stopped with ModuleNotFoundError"),
]


@pytest.mark.parametrize("name, lines, expected", HISTORIES)
def test_a_spoilt_history_is_told_what_is_wrong(name, lines, expected, tmp_path, monkeypatch):
    lay_solution(TASKS[name], tmp_path)
    subprocess.run(["sh", "-c", lines], cwd=tmp_path / name / "you", check=True,
                   capture_output=True)
    assert expected in told(name, tmp_path, monkeypatch)


def test_a_repository_that_is_gone_is_no_fault_of_the_check(tmp_path, monkeypatch):
    lay_solution(TASKS["bisect"], tmp_path)
    shutil.rmtree(tmp_path / "bisect" / "you")
    assert "no repository you/" in told("bisect", tmp_path, monkeypatch)
