"""Pictures: the matrix the right way round, gaps where nothing is known, equal bytes."""

from functools import partial
from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from web_story import score

from riskwatch.ledger import Entry
from riskwatch.report_confusion import Confusion
from riskwatch.report_figures import (draw_confusion, draw_missing, draw_scores, draw_seconds,
                                      figure_of, png_bytes)
from riskwatch.report_history import CycleSeconds, MissingShare, ScoredDrop
from riskwatch.report_parts import Picture

MATRIX = Confusion(stayed_said_stay=4, stayed_said_leave=3, left_said_stay=1, left_said_leave=2)


def axes_of(draw: Any, *given: Any) -> Axes:
    """Axes in which something was drawn."""
    axes = Figure().add_subplot()
    draw(axes, *given)
    return axes


def drops(*figures: float | None, versions: str = "") -> list[ScoredDrop]:
    """Scores of drops."""
    return [ScoredDrop(f"2026-03-{number + 1:02}", Entry(number, "2026", 1, score(
        (versions or "a" * 99)[number], number, figure)))
        for number, figure in enumerate(figures)]


def test_the_matrix_is_the_right_way_round() -> None:
    axes = axes_of(draw_confusion, MATRIX)
    across = {tick: label.get_text() for tick, label in zip(axes.get_xticks(),
                                                            axes.get_xticklabels())}
    down = {tick: label.get_text() for tick, label in zip(axes.get_yticks(),
                                                          axes.get_yticklabels())}
    counts = {(down[round(text.get_position()[1])], across[text.get_position()[0]]):
              text.get_text() for text in axes.texts if text.get_text().isdigit()}
    assert counts == {("stayed", "would stay"): "4", ("stayed", "would leave"): "3",
                      ("left", "would stay"): "1", ("left", "would leave"): "2"}
    assert "said" in axes.get_xlabel() and "happened" in axes.get_ylabel()
    assert axes.yaxis_inverted()  # the first line of the matrix stands above
    colours = axes.images[0].get_array()
    assert colours is not None and colours.tolist() == [
        [pytest.approx(4 / 7), pytest.approx(3 / 7)], [pytest.approx(1 / 3), pytest.approx(2 / 3)]]


def test_each_count_says_what_it_is() -> None:
    notes = {text.get_position()[0] + 10 * round(text.get_position()[1]): text.get_text()
             for text in axes_of(draw_confusion, MATRIX).texts if "line" in text.get_text()}
    assert notes == {0: "rightly, 57% of the line", 1: "false alarms, 43% of the line",
                     10: "missed, 33% of the line", 11: "rightly, 67% of the line"}


def test_a_class_without_rows_divides_nothing() -> None:
    axes = axes_of(draw_confusion, Confusion(0, 0, 1, 2))
    assert axes.images[0].get_array()[0].tolist() == [0.0, 0.0]  # type: ignore[index]


def test_scores_have_intervals_gaps_and_changes_of_the_model() -> None:
    axes = axes_of(draw_scores, drops(0.8, None, 0.6, 0.7, versions="aabb"), "f1")
    line = next(one for one in axes.lines if one.get_label() == "F1")
    assert line.get_xydata().tolist() == [[0, 0.8], [2, 0.6], [3, 0.7]]  # type: ignore[union-attr]
    ends = axes.collections[0].get_segments()  # type: ignore[attr-defined]
    assert [segment.round(2).tolist() for segment in ends] == [
        [[0, 0.7], [0, 0.9]], [[2, 0.5], [2, 0.7]], [[3, 0.6], [3, 0.8]]]
    change = [one for one in axes.lines if one.get_label() == "another release"]
    assert [one.get_xdata() for one in change] == [[1.5, 1.5]]
    assert [label.get_text() for label in axes.get_xticklabels()][0] == "2026-03-01"


def test_seconds_stand_stage_upon_stage() -> None:
    cycles = [CycleSeconds("2026-03-01T1", (("ingest", 1.0), ("train", 2.0))),
              CycleSeconds("2026-03-02T1", (("ingest", 0.5),))]
    axes = axes_of(draw_seconds, cycles)
    bars = {one.get_label(): [(patch.get_y(), patch.get_height()) for patch in one]
            for one in axes.containers}
    assert bars == {"train": [(0, 2.0), (0, 0.0)], "ingest": [(2.0, 1.0), (0.0, 0.5)]}


def test_small_stages_are_drawn_together_and_none_is_lost() -> None:
    stages = tuple((f"stage {number}", 1.0 + number) for number in range(9))
    axes = axes_of(draw_seconds, [CycleSeconds("2026", stages)])
    bars = {one.get_label(): one[0].get_height() for one in axes.containers}
    assert len(bars) == 7 and bars["others"] == 1.0 + 2.0 + 3.0
    assert sum(bars.values()) == sum(seconds for _, seconds in stages)


def test_missing_shares_stand_beneath_their_limit() -> None:
    axes = axes_of(draw_missing, [MissingShare("a", ("2026-03-01T1", "2026-03-02T1"),
                                               (0.0, 0.25))], 0.2)
    lines = {line.get_label(): list(line.get_ydata()) for line in axes.lines}
    assert lines == {"a": [0.0, 25.0], "limit": [20.0, 20.0]}


@pytest.mark.parametrize(("draw", "given"), [
    (draw_scores, ((), "f1")), (draw_seconds, ((),)), (draw_missing, ((), 0.2)),
    (draw_scores, (drops(None), "roc_auc"))])
def test_nothing_can_be_drawn_too(draw: Any, given: Any) -> None:
    axes_of(draw, *given).figure.draw_without_rendering()  # type: ignore[union-attr]


def test_a_hostile_name_is_text() -> None:
    one = drops(0.5)[0]
    hostile = ScoredDrop("$\\frac{$ 漢\n" + "x" * 99, one.entry)
    axes = axes_of(draw_scores, [hostile], "f1")
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]
    assert axes.get_xticklabels()[0].get_text() == "$\\frac{$ ??xx…"


def test_equal_facts_give_equal_bytes_and_another_fact_others() -> None:
    def drawn(matrix: Confusion) -> bytes:
        return png_bytes(figure_of(Picture("m", partial(draw_confusion, confusion=matrix), "")))

    assert drawn(MATRIX) == drawn(MATRIX) != drawn(Confusion(4, 1, 3, 2))
    assert drawn(MATRIX).startswith(b"\x89PNG")
