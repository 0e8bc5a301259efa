"""Charts are sound XML, put things where they belong, and escape every text."""

from xml.etree import ElementTree

import pytest
from markupsafe import Markup
from web_story import HOSTILE

from riskwatch.web.charts import HEIGHT, WIDTH, Bar, Cell, Point, bars, heatmap, score_chart


def parsed(chart: Markup) -> ElementTree.Element:
    """The chart as a tree; a script would be found as an element."""
    root = ElementTree.fromstring(str(chart))
    assert not list(root.iter("script")) and root.get("role") == "img" and root.get("aria-label")
    return root


def test_higher_scores_stand_higher_and_holes_stay_holes() -> None:
    root = parsed(score_chart([Point("a", 0.2, 0.1, 0.3), Point("b", None, None, None),
                               Point("c", 0.9, 0.8, 1.0, True)]))
    dots = [(float(dot.get("cx", 0)), float(dot.get("cy", 0))) for dot in root.iter("circle")]
    assert len(dots) == 2 and dots[0][0] < dots[1][0] and dots[0][1] > dots[1][1]
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in dots)
    kinds = [line.get("class") for line in root.iter("line")]
    assert kinds.count("interval") == 2 and kinds.count("release") == 1
    assert [t.text for t in root.iter("title")][0] == "a: 0.200 (0.100 to 0.300)"


def test_the_heatmap_shows_states_by_sign_and_by_class() -> None:
    root = parsed(heatmap(["x", "y"], ["d1", "d2"], [
        [Cell("drift", "t1"), Cell("no_drift", "t2")],
        [Cell("not_enough_data", "t3"), Cell("unknown", "t4")]]))
    assert [r.get("class") for r in root.iter("rect")] == [
        "cell drift", "cell no_drift", "cell not_enough_data", "cell unknown"]
    signs = [t.text or "" for t in root.iter("text") if "sign" in t.get("class", "")]
    assert signs == ["●", "·", "–", ""]


def test_the_longest_run_has_the_tallest_bar() -> None:
    root = parsed(bars([Bar(1, "good", "a"), Bar(4, "bad", "b"), Bar(0, "plain", "c")]))
    heights = [float(r.get("height", 0)) for r in root.iter("rect") if r.get("class") == "bar"]
    assert heights[1] == max(heights) == pytest.approx(4 * heights[0], abs=0.2)
    feet = [r.get("class") for r in root.iter("rect")][1::2]
    assert feet == ["end good", "end bad", "end plain"]


def test_hostile_texts_are_texts_and_nothing_is_a_chart_too() -> None:
    parsed(score_chart([Point(HOSTILE, 0.5, None, None)]))
    parsed(heatmap([HOSTILE], [HOSTILE], [[Cell('" onload="x', HOSTILE)]]))
    parsed(bars([Bar(1, '"><script>', HOSTILE)]))
    for chart in (score_chart([]), heatmap([], [], []), bars([])):
        parsed(chart)
