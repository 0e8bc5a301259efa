"""The files of the repositories in which the tasks of this lesson play.

In: nothing. Out: texts of small programs at several moments of their history.
"""

from collections.abc import Iterator

_BANDS = '''def age_band(age):
    """Return the age band: under 20, 20-39, 40-59, 60 and over."""
    if age < 20:
        return "under 20"
    if age < 40:
        return "20-39"
    if age < 60:
        return "40-59"
    return "60 and over"
'''
_BANDS_TIDIED = '''BANDS = ((19, "under 20"), (40, "20-39"), (59, "40-59"))


def age_band(age):
    """Return the age band: under 20, 20-39, 40-59, 60 and over."""
    for last, name in BANDS:
        if age <= last:
            return name
    return "60 and over"
'''
_STEPS = (
    ("share", "(part, whole)", "Return a share, 0 of nothing.", "part / whole if whole else 0.0"),
    ("percent", "(share)", "Return a share as text.", 'f"{100 * share:.1f} %"'),
    ("mean", "(values)", "Return the mean.", "sum(values) / len(values)"),
    ("spread", "(values)", "Return the range.", "max(values) - min(values)"),
    ("churn_rate", "(has_left)", "Return the share of leavers.", "share(sum(has_left), "
     "len(has_left))"),
    ("stayed", "(has_left)", "Return how many stayed.", "sum(not left for left in has_left)"),
    ("years", "(months)", "Return whole years.", "months // 12"),
    ("is_new", "(months)", "Tell if a customer is new.", "months < 12"),
    ("is_inactive", "(months)", "Tell if an account sleeps.", "months >= 3"),
    ("per_month", "(amount)", "Return the amount of a month.", "amount / 12"),
    ("utilization", "(balance, limit)", "Return the used share.", "share(balance, limit)"),
    ("headroom", "(balance, limit)", "Return what is left.", "limit - balance"),
    ("ratio", "(now, before)", "Return now over before.", "now / before if before else 0.0"),
    ("has_risen", "(now, before)", "Tell if it rose.", "now > before"),
    ("rounded", "(amount)", "Return whole dollars.", "round(amount)"),
    ("clipped", "(value, low, high)", "Return it in bounds.", "min(max(value, low), high)"),
    ("is_adult", "(age)", "Tell if of age.", "age >= 18"),
    ("initials", "(name)", "Return the initials.", '"".join(word[0] for word in name.split())'),
    ("dollars", "(amount)", "Return an amount as text.", 'f"${amount:,.0f}"'),
    ("longest", "(names)", "Return the longest name.", "max(names, key=len)"),
    ("known", "(values)", "Return what is known.", '[v for v in values if v != "Unknown"]'),
    ("weighted", "(values, weights)", "Return the weighted mean.",
     "sum(v * w for v, w in zip(values, weights)) / sum(weights)"),
)


def bisect_history() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield messages and files of a history in which ``age_band`` breaks without a word."""
    functions: list[str] = []
    bands = _BANDS

    def files() -> dict[str, str]:
        parts = ['"""Small sums about customers."""\n', *functions[:9], bands, *functions[9:]]
        return {"customers.py": "\n\n".join(parts)}

    for number, (name, arguments, meaning, answer) in enumerate(_STEPS):
        functions.append(f'def {name}{arguments}:\n    """{meaning}"""\n    return {answer}\n')
        yield f"Add {name}", files()
        if number == 3:
            yield "Release 1.0", {"CHANGES.md": "1.0: the first sums.\n"}
        elif number == 13:
            bands = _BANDS_TIDIED
            yield "Tidy the age bands into a table", files()
        elif number == 16:
            yield "Say how to run the tests", {"README.md": "Tests: `python -m pytest`\n"}
    yield "Release 1.1", {"CHANGES.md": "1.1: more sums, tidied.\n1.0: the first sums.\n"}


_OFFER = '''"""Who gets an offer."""

THRESHOLD = {threshold}


def gets_offer({arguments}):
    """Tell if a customer gets an offer."""
    return {answer}
'''
_OFFER_NOTES = "# Offers\n\nA customer gets an offer when `gets_offer` says so.\n"
OFFER_BASE = {"offer.py": _OFFER.format(
    threshold="0.5", arguments="probability, months_inactive",
    answer="probability >= THRESHOLD"), "README.md": _OFFER_NOTES}
OFFER_BEN = {"offer.py": _OFFER.format(
    threshold="0.6", arguments="probability, months_inactive, has_consented=True",
    answer="has_consented and probability >= THRESHOLD")}
OFFER_BEN_NOTES = {"README.md": _OFFER_NOTES + "\nThe head of marketing sets the threshold.\n"}
OFFER_YOU = {"offer.py": _OFFER.format(
    threshold="0.5", arguments="probability, months_inactive",
    answer="probability >= (0.3 if months_inactive >= 3 else THRESHOLD)")}

_SPEND = '''"""What customers spend."""


def mean_amount(amount, count):
    """Return the mean amount of a transaction{more}."""
    return {answer}
'''
_SPEND_TEST = '''"""Tests of spending."""

from spending import mean_amount


def test_mean_amount():
    """Amount over count."""
    assert mean_amount(100, 4) == 25
'''
SPEND_BASE = {"spending.py": _SPEND.format(more="", answer="amount / count"),
              "test_spending.py": _SPEND_TEST}
SPEND_BEN = {
    "spending.py": _SPEND.format(more=", 0 without any",
                                 answer="amount / count if count else 0.0"),
    "test_spending.py": _SPEND_TEST + '''

def test_mean_amount_without_transactions():
    """Nothing spent, nothing to divide by."""
    assert mean_amount(0, 0) == 0
'''}
SPEND_WIP = {
    "segments.py": '''"""Segments of customers by their transactions of a year."""


def segment(count):
    """Return the segment: rare below 30, usual below 80, frequent from 80 on."""
    return "rare"
''',
    "test_segments.py": '''"""Tests of segments."""

import pytest

from segments import segment


@pytest.mark.parametrize("count, expected", [
    (0, "rare"), (29, "rare"), (30, "usual"), (79, "usual"), (80, "frequent")])
def test_segment(count, expected):
    """The edges belong to the upper segment."""
    assert segment(count) == expected
'''}

_REPORT_UGLY = '''"""The report as text."""
def line(name,value):
    """Return one line."""
    return name.ljust(20)+'%.3f'%value
def report( figures ):
    """Return all lines."""
    return '\\n'.join([ line(name,value) for name,value in sorted(figures.items()) ])
'''
_REPORT_CLEAN = '''"""The report as text."""


def line(name, value):
    """Return one line."""
    return name.ljust(20) + '%.3f' % value


def report(figures):
    """Return all lines."""
    return '\\n'.join([line(name, value) for name, value in sorted(figures.items())])
'''
_DRIFT = '''"""Drift of one column."""


def mean_shift(reference, current):
    """Return by how much the mean moved."""
    return sum(current) / len(current) - sum(reference) / len(reference)
'''
_DRIFT_NEW = _DRIFT + '''

def share_gap(reference, current, category):
    """Return by how much the share of a category moved."""
    return current.count(category) / len(current) - reference.count(category) / len(reference)
'''
_DRIFT_TEST = '''"""Tests of drift."""

from drift import mean_shift


def test_mean_shift():
    """Later minus earlier."""
    assert mean_shift([1, 3], [4, 4]) == 2
'''
_DRIFT_TEST_NEW = _DRIFT_TEST.replace("import mean_shift", "import mean_shift, share_gap") + '''

def test_share_gap():
    """Later minus earlier."""
    assert share_gap(["a", "b"], ["a", "a"], "a") == 0.5
'''
DRIFT_BASE = {"report.py": _REPORT_UGLY, "drift.py": _DRIFT, "test_drift.py": _DRIFT_TEST}
DRIFT_STUFF = {"report.py": _REPORT_CLEAN, "drift.py": _DRIFT_NEW,
               "test_drift.py": _DRIFT_TEST_NEW,
               "out/report.html": "<html><body>made on a Tuesday</body></html>\n",
               "notes.md": "# Notes\n\nShares are compared, not counts: tables differ in size.\n"}
