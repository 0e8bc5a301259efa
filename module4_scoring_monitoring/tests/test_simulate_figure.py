"""The timeline shows what the story says, and its bytes depend on nothing else."""

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from played_days import DAYS
from played_days import story_of_days, told_days  # noqa: F401  pylint: disable=unused-import

from riskwatch.records import File
from riskwatch.simulate_figure import picture_bytes, timeline_figure
from riskwatch.simulate_story import Arrived, Story

ERAS = (("stable", 0, 8), ("covariate_drift", 9, 24))


@pytest.fixture(name="drawn")
def drawn_timeline(story: Story) -> Figure:
    """The timeline of the story."""
    return timeline_figure(story, ERAS)


def cells(figure: Figure) -> np.ndarray:
    """The values of the heat strip: 0 not judged, 1 no drift, 2 drift; masked without a drop."""
    (mesh,) = [child for child in figure.axes[1].get_children() if isinstance(child, QuadMesh)]
    return np.asarray(np.ma.filled(mesh.get_array().astype(float), -1)).reshape(-1, DAYS)


def test_scores_and_intervals_are_those_of_the_story(drawn: Figure, story: Story) -> None:
    drops = [one for one in story.scores if one.file_id is not None]
    lines = {line.get_label(): line for line in drawn.axes[0].get_lines()}
    for label, name in (("ROC AUC", "roc_auc"), ("F1", "f1")):
        line = next(line for text, line in lines.items() if str(text).startswith(label))
        known = [getattr(one, name) for one in drops if getattr(one, name).value is not None]
        np.testing.assert_array_equal(line.get_ydata(), [figure.value for figure in known])
        days = [one.day for one in drops if getattr(one, name).value is not None]
        np.testing.assert_allclose(line.get_xdata(), days, atol=0.2)
        ends = [[figure.low, figure.high] for figure in known]
        drawn_ends = [[path.vertices[0, 1], path.vertices[1, 1]] for bars in (
            drawn.axes[0].collections) for path in bars.get_paths() if len(path.vertices) == 2]
        assert all(end in drawn_ends for end in ends)


def test_every_verdict_is_a_cell_and_nothing_else_is(drawn: Figure, story: Story) -> None:
    found = cells(drawn)
    names = [label.get_text() for label in drawn.axes[1].get_yticklabels()]
    place = names.index("number of employees")
    for day in range(DAYS):
        here = {verdict for (file_id, column), verdict in story.verdicts.items()
                if story.day_of(file_id) == day and column == "number_of_employees"}
        value = 2 if "drift" in here else 1 if "no_drift" in here else 0 if here else -1
        assert found[place, day] == value
    assert len(names) == 7 and (found == 2).any() and (found == -1).any()


def test_a_verdict_that_changes_is_seen(story: Story, drawn: Figure) -> None:
    key = next(key for key, verdict in story.verdicts.items() if verdict == "no_drift")
    other = timeline_figure(replace(story, verdicts={**story.verdicts, key: "drift"}), ERAS)
    assert (cells(other) != cells(drawn)).sum() == 1
    assert picture_bytes(other, "svg") != picture_bytes(drawn, "svg")


def test_decisions_and_releases_stand_on_their_days(drawn: Figure, story: Story) -> None:
    names = [label.get_text() for label in drawn.axes[2].get_yticklabels()]
    lines = [line for line in drawn.axes[2].get_lines() if line.get_linestyle() == "None"]
    for words, kind, action in (("retrain", "drift", "retrain"), ("keep", "drift", "keep"),
                                ("challenger deployed", "gate", "deploy")):
        found = lines[names.index(words)]
        assert tuple(found.get_xdata()) == story.by_action(kind)[action]
        assert set(found.get_ydata()) == {names.index(words)}
    dashed = [line.get_xdata()[0] for line in drawn.axes[0].get_lines()
              if line.get_linestyle() == "--"]
    assert dashed == [day + 0.5 for day, _ in story.deployments]


def test_eras_are_named_and_own_files_have_none(drawn: Figure, story: Story) -> None:
    texts = [text.get_text() for text in drawn.axes[0].texts]
    assert texts == ["stable", "covariate drift"]
    own: Figure = timeline_figure(story)
    (scores, *_) = own.axes
    assert not scores.texts


def test_the_same_story_gives_the_same_bytes_and_both_kinds_are_pictures(story: Story) -> None:
    first, second = (timeline_figure(story, ERAS) for _ in range(2))
    for kind in ("png", "svg"):
        assert picture_bytes(first, kind) == picture_bytes(second, kind)  # type: ignore[arg-type]
    assert picture_bytes(first, "png").startswith(b"\x89PNG")
    root = ElementTree.fromstring(picture_bytes(first, "svg"))
    assert root.tag.endswith("svg")
    assert not [element for element in root.iter() if element.tag.endswith("date")]


def test_a_day_without_anything_can_be_drawn() -> None:
    nothing = Story(1, (Arrived(0, 1, File(sha256="", name="a.csv", byte_count=0,
                                           status="refused")),), (), {}, (), (), {}, {})
    assert picture_bytes(timeline_figure(nothing), "png").startswith(b"\x89PNG")
