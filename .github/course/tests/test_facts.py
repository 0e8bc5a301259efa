"""What tools say of a submission's text, without its own pragmas and configuration."""

import pytest
from small_rubric import needs_bubblewrap

from coursekit import sandbox
from coursekit.facts import Facts, strip_pragmas

CLEAN = ('"""A file."""\n\n\ndef double(number):\n    """Return it twice."""\n'
         '    return 2 * number\n')
BRIEF = ('"""A file."""\n\n\ndef report(X_train, X_test, y_train, y_test, preds_lr, preds_rf):\n'
         '    """Return all."""\n    X = [X_train, X_test]\n'
         '    return X, y_train, y_test, preds_lr, preds_rf\n')
DIRTY = "# pylint: disable=all\nimport os\ndef f( x ):\n    y=1\n    return x\n"


def test_pragmas_go_and_lines_stay():
    text = 'x = "# pylint: disable=all"  # why\ny = 1  # noqa\nz = 2  # kept # pylint: disable=x\n'
    assert strip_pragmas(text).splitlines() == ['x = "# pylint: disable=all"  # why', "y = 1",
                                                "z = 2  # kept"]
    assert strip_pragmas("def broken(:\n") == "def broken(:\n"


@needs_bubblewrap
@pytest.mark.xdist_group("sandbox")
def test_pylint_and_autopep8_are_not_silenced(tmp_path):
    (tmp_path / "clean.py").write_text(CLEAN, encoding="utf-8")
    (tmp_path / "dirty.py").write_text(DIRTY, encoding="utf-8")
    (tmp_path / ".pylintrc").write_text("[MAIN]\ninit-hook=open('ran', 'w')\ndisable=all\n",
                                        encoding="utf-8")
    clean = Facts(tmp_path, ["clean.py"], [], sandbox.STRONG)
    assert clean.pylint_score == 10 and clean.autopep8_diff == ""
    dirty = Facts(tmp_path, ["dirty.py"], [], sandbox.STRONG)
    assert dirty.pylint_score < 5
    assert {"unused-import", "missing-function-docstring"} <= {
        message.symbol for message in dirty.pylint_messages}
    assert "+def f(x):" in dirty.autopep8_diff
    assert not (tmp_path / "ran").exists()


@needs_bubblewrap
@pytest.mark.xdist_group("sandbox")
def test_names_and_arguments_that_a_brief_gives_cost_nothing(tmp_path):
    (tmp_path / "brief.py").write_text(BRIEF, encoding="utf-8")
    assert not Facts(tmp_path, ["brief.py"], [], sandbox.STRONG).pylint_messages
    slices = ("\n\ndef inner(X, start, stop):\n    '''Cut.'''\n"
              "    return X[start + 1 : stop - 1]\n")
    (tmp_path / "brief.py").write_text(BRIEF + slices, encoding="utf-8")
    assert Facts(tmp_path, ["brief.py"], [], sandbox.STRONG).autopep8_diff == ""
    (tmp_path / "more.py").write_text(BRIEF.replace("preds_rf", "preds_rf, Bad"), encoding="utf-8")
    assert {message.symbol for message in
            Facts(tmp_path, ["more.py"], [], sandbox.STRONG).pylint_messages} \
        == {"too-many-arguments", "too-many-positional-arguments", "invalid-name"}


def test_docstrings_and_tests_are_found(tmp_path):
    (tmp_path / "clean.py").write_text(CLEAN, encoding="utf-8")
    (tmp_path / "dirty.py").write_text(DIRTY, encoding="utf-8")
    (tmp_path / "broken.py").write_text("def (:\n", encoding="utf-8")
    (tmp_path / "test_a.py").write_text("def test_one():\n    pass\n", encoding="utf-8")
    facts = Facts(tmp_path, ["clean.py", "dirty.py", "broken.py"], ["test_a.py"], sandbox.WEAK)
    assert facts.docstrings_missing == ["broken.py: not Python", "dirty.py: the file itself",
                                        "dirty.py:3: f"]
    assert facts.tests_found == ["test_a.py::test_one"]
    empty = Facts(tmp_path, [], [], sandbox.WEAK)
    assert (empty.pylint_score, empty.pylint_messages, empty.autopep8_diff) == (0, [], "")
