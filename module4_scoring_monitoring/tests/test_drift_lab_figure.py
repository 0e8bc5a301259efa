"""The table and the picture show the rates that were measured."""

import csv
import io

from riskwatch.drift_lab import Rate
from riskwatch.drift_lab_figure import rates_figure, rates_table

RATES = (Rate("careful", "normal", True, 1, 40), Rate("careful", "flip", False, 9, 10),
         Rate("wolf", "normal", True, 20, 40), Rate("wolf", "flip", False, 10, 10))


def test_the_table_has_a_line_for_each_rate() -> None:
    rows = list(csv.DictReader(io.StringIO(rates_table(RATES))))
    assert [row["rule"] for row in rows] == ["careful", "careful", "wolf", "wolf"]
    assert rows[0] == {"rule": "careful", "kind": "normal", "should_alarm": "no", "alarms": "1",
                       "pairs": "40", "rate": "0.0250", "low": "0.0006", "high": "0.1316"}
    assert rows[3]["should_alarm"] == "yes"


def test_the_picture_has_a_bar_for_each_rule_on_both_sides() -> None:
    figure = rates_figure(RATES)
    left, right = figure.axes
    assert sorted(patch.get_width() for patch in left.patches) == [0.025, 0.5]
    assert sorted(patch.get_width() for patch in right.patches) == [0.9, 1.0]
    assert [tick.get_text() for tick in left.get_yticklabels()] == ["wolf", "careful"]
    assert "wolf" in left.get_title() and "share of pairs" in right.get_xlabel()
    texts = [text.get_text() for text in left.texts]
    assert "50.0% of 40" in texts and "2.5% of 40" in texts
    figure.canvas.draw()
