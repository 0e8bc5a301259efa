"""Suites that assert nothing of the code, but try to learn which run it is they are in."""

from concurrent.futures import Future
from types import SimpleNamespace

import pytest
from small_rubric import BUGS, needs_bubblewrap, pool_of, write_rubric, write_submission

from coursekit import contract, suites
from coursekit.probe import Probe

pytestmark = [needs_bubblewrap, pytest.mark.xdist_group("sandbox")]
CALL = "import numbers_library\n\ndef test_it(request):\n    numbers_library.double(2)\n"
#: Red when they take the run for one with a bug.
CHEATS = {
    "asks pytest whether it stops at a failure":
        CALL + "    assert not request.config.getoption('maxfail')\n",
    "asks pytest for more words":
        CALL + "    assert set(request.config.invocation_params.args) - {'-x'} == "
               "set(request.config.invocation_params.args)\n",
    "reads the job on the stack":
        CALL + "    import sys\n    frame, told = sys._getframe(), ''\n    while frame:\n"
               "        told += repr(frame.f_locals)[:9999]\n        frame = frame.f_back\n"
               "    assert \"'bug', 'adds_one'\" not in told\n"}


def verdicts(folder, text):
    """Return whether each run of a suite is green, in the order in which a rubric asks."""
    root = write_submission(folder / "s", {"test_numbers.py": text})
    mapping = contract.map_submission(contract.load_contract(write_rubric(folder)), root)
    pool = pool_of(root)
    try:
        suite = suites.Suite(Probe(pool, mapping, ""), BUGS, ["test_numbers.py"], {"double"}, 3)
        return {"plain": suite.plain.green, "traced": suite.traced.green,
                "control": suite.controls["the_same"].green, "bug": suite.bugs["adds_one"].green}
    finally:
        pool.close()


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_suite_that_guesses_the_run_finds_no_bug(tmp_path, cheat):
    found = verdicts(tmp_path, CHEATS[cheat])
    # Green on everything, or red already where nothing is wrong.
    assert found["bug"] or not (found["plain"] and found["traced"] and found["control"])


def order_of(text, seed):
    """Return the order in which a suite begins to run with faults and controls; nothing runs."""
    asked = []

    def begin(_task, _ran, seeded=None, stop=False, **_):
        asked.append(seeded or stop and ("alone", "double"))
        done = Future()
        done.set_result(suites.Tests(calls={"test_numbers.py::test_it": ["double"]}))
        return done

    suite = suites.Suite(SimpleNamespace(begin=begin), text, ["test_numbers.py"], {"double"}, seed)
    assert suite.controls["same_0"].calls
    return tuple(tuple(seeded) for seeded in asked if seeded)


def test_a_suite_that_counts_its_runs_does_not_learn_which_are_controls():
    kinds = [*(("bug", f"fault_{n}") for n in range(22)),
             *(("control", f"same_{n}") for n in range(7))]
    text = "\n".join(f"@{kind}('double', 'a title')\ndef {name}(original): ..."
                     for kind, name in kinds)
    orders = {order_of(text, seed) for seed in range(200)}
    assert len(orders) == 200
    assert {tuple(sorted(order)) for order in orders} == {
        tuple(sorted([*kinds, ("alone", "double"), ("sentinel", "double")]))}
    # Green until the last control, red from then on: how many faults would be "noticed"?
    unnoticed = 0
    for order in orders:
        last = max(at for at, (kind, _) in enumerate(order) if kind == "control")
        unnoticed += sum(kind == "bug" for kind, _ in order[last:]) >= 0.6 * 22
    assert unnoticed <= 1
