"""The picture of slices shows each value, its interval, and what is small or undefined."""

import pytest
from audit_tables import by, random_predictions
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgba

from census.figures import png_bytes
from census.settings import SliceSettings
from census.training.slice_figures import slice_figure
from census.training.slices import ALL, SLICE_METRICS, count_slices, slice_table

SETTINGS = SliceSettings()
GROUPS = {"Black": (50, 5, 5, 20), "Other": (9, 0, 0, 0), "White": (60, 10, 10, 40)}


@pytest.fixture(name="table")
def table_fixture():
    """The slices of three races, one of them small."""
    return slice_table(count_slices([by("race", GROUPS)], SETTINGS), SETTINGS)


def _dots(axis):
    return [found for found in axis.collections if isinstance(found, PathCollection)]


def test_a_dot_stands_at_each_value_in_the_middle_of_its_line(table):
    rows = table[table["feature"] == "race"].reset_index()
    for axis, metric in zip(slice_figure(table, "race").get_axes(), SLICE_METRICS):
        drawn = {int(y): x for dots in _dots(axis)
                 for x, y in dots.get_offsets().tolist() if x is not None}
        lines = next(found for found in axis.collections if isinstance(found, LineCollection))
        ends = {int(line[0][1]): (line[0][0], line[1][0]) for line in lines.get_segments()
                if len(line)}
        for place, row in rows.iterrows():
            if row[metric] == row[metric]:
                assert drawn[place] == row[metric]
                assert ends[place] == (row[f"{metric}_low"], row[f"{metric}_high"])


def test_slices_are_named_with_their_rows_and_axes_with_their_metric(table):
    axes = list(slice_figure(table, "race").axes)
    assert [label.get_text() for label in axes[0].get_yticklabels()] == [
        "Black  (n = 80)", "Other  (n = 9)", "White  (n = 120)"]
    assert [axis.get_xlabel() for axis in axes] == [
        "precision", "recall", "F1", "false positive rate", "selection rate"]


def test_small_slices_are_hollow_and_undefined_ones_say_so(table):
    for axis, metric in zip(slice_figure(table, "race").get_axes(), SLICE_METRICS):
        full, hollow = _dots(axis)
        assert tuple(hollow.get_facecolor()[0]) == to_rgba("white")
        assert tuple(full.get_facecolor()[0]) != to_rgba("white")
        assert len(hollow.get_offsets()) == 1 and len(full.get_offsets()) == 2
        words = [text.get_text() for text in axis.texts]
        assert words == (["undefined"] if metric in ("precision", "recall", "f1") else [])


def test_the_line_of_all_rows_stands_at_their_value(table):
    overall = table[table["feature"] == ALL].iloc[0]
    for axis, metric in zip(slice_figure(table, "race").get_axes(), SLICE_METRICS):
        assert overall[metric] in [line.get_xdata()[0] for line in axis.lines]


def test_of_many_slices_the_largest_are_drawn_and_the_others_counted():
    predictions = random_predictions(3000, seed=1)
    table = slice_table(count_slices([predictions], SETTINGS), SETTINGS)
    figure = slice_figure(table, "native-country")
    labels = [label.get_text().split("  ")[0] for label in figure.get_axes()[0].get_yticklabels()]
    largest = predictions["native-country"].value_counts()
    assert len(labels) == 20 and largest[labels].min() >= sorted(largest, reverse=True)[19]
    assert "22 smaller ones are in slices.csv" in figure.get_suptitle()


def test_equal_tables_give_equal_pictures(table):
    assert png_bytes(slice_figure(table, "race")) == png_bytes(slice_figure(table, "race"))
