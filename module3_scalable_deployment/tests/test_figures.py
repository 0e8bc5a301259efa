"""Figures are objects, and their bytes are a function of what is drawn."""

import pytest

from census.figures import new_figure, plain_label, png_bytes


def _drawn(value):
    figure, (axis,) = new_figure("a title")
    axis.bar(["a", "b"], [1, value])
    return figure


def test_equal_figures_give_equal_bytes_and_others_do_not():
    assert png_bytes(_drawn(2)) == png_bytes(_drawn(2)) != png_bytes(_drawn(3))


def test_the_bytes_are_a_png():
    assert png_bytes(_drawn(1)).startswith(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize("panels", [1, 3])
def test_a_figure_has_as_many_panels_as_asked(panels):
    figure, axes = new_figure("x", panels=panels)
    assert list(figure.axes) == axes and len(axes) == panels


def test_a_range_of_dollars_is_drawn_as_it_stands_and_not_as_a_formula():
    def drawn(label):
        figure, (axis,) = new_figure("x")
        axis.set_xlabel(label)
        return png_bytes(figure)

    assert drawn(plain_label("$40K - $60K")) != drawn("$40K - $60K")
    assert plain_label("Less than $40K") == r"Less than \$40K"
