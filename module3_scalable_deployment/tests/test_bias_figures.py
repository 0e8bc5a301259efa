"""Aequitas draws; what is undefined is not painted as fair."""

import pytest
from audit_tables import by
from matplotlib.colors import to_hex

from census.figures import LEFT_COLOUR, STAYED_COLOUR, png_bytes
from census.settings import BiasSettings
from census.training.bias import audit
from census.training.bias_figures import fairness_figure

SETTINGS = BiasSettings(reference={"race": "White"}, pairs=())


def _figure(groups):
    return fairness_figure(audit([by("race", groups)], SETTINGS), "race")


@pytest.fixture(name="axes")
def axes_fixture():
    """The panels of three groups, by metric."""
    return dict(zip(("pprev", "fpr", "tpr", "precision"), _figure({
        "White": (30, 10, 10, 30), "Black": (39, 1, 10, 30), "NA": (20, 0, 0, 0)}).get_axes()))


def _bars(axis):
    return {to_hex(each.get_facecolor()).upper(): each.get_width() for each in axis.patches}


def test_fair_and_unequal_groups_have_colours_that_everybody_can_tell_apart(axes):
    bars = _bars(axes["fpr"])
    assert bars[STAYED_COLOUR] == 0.25  # White, the reference
    assert {round(each.get_width(), 4) for each in axes["fpr"].patches
            if to_hex(each.get_facecolor()).upper() == LEFT_COLOUR} == {0.0, 0.025}
    assert not {"#1B7837", "#A50026"} & set(bars)


def test_a_group_whose_metric_is_undefined_is_left_out(axes):
    assert len(axes["tpr"].patches) == 2 and len(axes["fpr"].patches) == 3
    assert not any("NA" in text.get_text() for text in axes["tpr"].texts)


def test_every_bar_has_its_group_and_value(axes):
    words = [text.get_text() for text in axes["tpr"].texts]
    assert any("White (Num: 80)" in word for word in words)
    assert any("0.75" in word for word in words)


def test_a_metric_that_nobody_has_says_undefined():
    axes = list(_figure({"White": (5, 0, 5, 0), "Black": (5, 0, 5, 0)}).axes)
    assert [text.get_text() for text in axes[3].texts] == ["undefined"]
    assert [text.get_text() for text in axes[2].texts] == ["undefined"]  # ratios over 0


def test_drawing_leaves_no_picture_open_behind_it_and_is_the_same_twice():
    from matplotlib import pyplot  # pylint: disable=import-outside-toplevel

    before = pyplot.get_fignums()
    groups = {"White": (30, 10, 10, 30), "Black": (39, 1, 10, 30)}
    assert png_bytes(_figure(groups)) == png_bytes(_figure(groups))
    assert pyplot.get_fignums() == before
