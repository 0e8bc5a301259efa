"""Put a report together: facts become words, tables and pictures, and those a page.

In: facts. Out: a `Page`, and its HTML, which needs nothing from anywhere else.
"""

from base64 import b64encode
from functools import partial

from jinja2 import Environment, PackageLoader, StrictUndefined

from riskwatch.report_facts import Judged, ReportFacts
from riskwatch.report_figures import (draw_confusion, draw_missing, draw_scores, draw_seconds,
                                      figure_of, png_bytes)
from riskwatch.page import Table
from riskwatch.report_parts import Card, Page, Picture, Section
from riskwatch.report_tables import (checks_section, dependencies_section, drift_section,
                                     drifting_columns, incidents_sections, moment, number,
                                     statistics_section)
from riskwatch.report_words import decision_in_words, headline, to_do, what_happened

CONFUSION = "confusion_matrix"


def build_page(facts: ReportFacts) -> Page:
    """Return the report.

    Parameters
    ----------
    facts : ReportFacts

    Returns
    -------
    Page
    """
    run = facts.run
    return Page(
        "Report on the attrition-risk model",
        f"Run {run.id} ({run.record.command}, asked for by {run.record.trigger}), begun "
        f"{moment(run.made_utc)} UTC. All times are UTC.", _cards(facts),
        (Section("In words", (what_happened(facts), *decision_in_words(facts))),
         Section("What to do", to_do(facts)),
         *incidents_sections(facts), _confusion(facts), _trends(facts), drift_section(facts),
         checks_section(facts),
         statistics_section(facts), dependencies_section(facts)),
        f"riskwatch {run.record.program_version} · run {run.id} · {moment(run.made_utc)} UTC · "
        "made from the ledger: the same ledger gives the same report")


def render(page: Page) -> str:
    """Return a page as HTML that fetches nothing.

    Parameters
    ----------
    page : Page

    Returns
    -------
    str
        Every text is escaped.
    """
    engine = Environment(loader=PackageLoader("riskwatch"), autoescape=True,
                         undefined=StrictUndefined, keep_trailing_newline=True)
    pictures = {picture.name: b64encode(png_bytes(figure_of(picture))).decode("ascii")
                for section in page.sections for picture in section.pictures}
    text = engine.get_template("report.html.j2").render(page=page, pictures=pictures)
    # A file name that is not UTF-8 reaches us as characters that no file can hold.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _cards(facts: ReportFacts) -> tuple[Card, ...]:
    action = "" if facts.decision is None else facts.decision.record.action
    cards = [Card(headline(facts), "the decision", "warn" if action in (
        "ask_person", "insufficient_evidence") else "good" if action else "plain")]
    if isinstance(facts.judged, Judged) and facts.judged.score.roc_auc is not None:
        score = facts.judged.score
        cards.append(Card(f"{score.roc_auc:.3f}", f"ROC AUC on the hold-out, 95 % interval "
                          f"{score.roc_auc_low:.3f} to {score.roc_auc_high:.3f}"))
    if facts.seen is not None:
        columns = drifting_columns(facts)
        cards.append(Card(f"Drift in {len(columns)}" if columns else "No drift",
                          f"{'of the columns' if columns else 'seen in the columns'} of the "
                          f"drop {facts.seen.label}",
                          "warn" if columns else "good"))
    failed = len(facts.failed)
    unknown = sum(check.status == "unknown" for check in facts.checks)
    cards.append(Card(f"{failed} failed" if failed else "None failed",
                      f"of {len(facts.checks)} checks, {unknown} unknown",
                      "bad" if failed else "good"))
    return tuple(cards)


def _confusion(facts: ReportFacts) -> Section:
    title, serving = "Right and wrong answers", facts.serving
    if isinstance(facts.judged, str) or serving is None:
        return Section(title, (f"Nobody can tell now: {facts.judged}.",))
    judged, confusion = facts.judged, facts.judged.confusion
    share = _shares(judged)
    picture = Picture(CONFUSION, partial(draw_confusion, confusion=confusion),
                      f"Confusion matrix of release {serving.record.version} on the latest "
                      f"{confusion.rows:,} labelled rows of the hold-out, from a probability of "
                      f"{judged.threshold:g} on.", width=5.4, height=3.6)
    return Section(title, (
        f"Release {serving.record.version} serves since {moment(serving.made_utc)}; the reason "
        f"given then: {serving.record.reason}. It never learned from the rows of the hold-out. "
        f"{share}",),
        (picture,), (_score_table(judged),))


def _shares(judged: Judged) -> str:
    recall, precision = judged.confusion.recall, judged.confusion.precision
    caught = "None of them left." if recall is None else (
        f"Of those that left it named {recall:.0%} beforehand.")
    named = " It named nobody." if precision is None else (
        f" Of those that it named, {precision:.0%} did leave.")
    return caught + named


def _score_table(judged: Judged) -> Table:
    score = judged.score
    names = (("F1", "f1"), ("accuracy", "accuracy"), ("ROC AUC", "roc_auc"))
    return Table(("figure", "value", "from", "to", "labelled rows"), tuple(
        (name, *(number(getattr(score, f"{field}{end}")) for end in ("", "_low", "_high")),
         f"{score.labelled_rows:,}") for name, field in names))


def _trends(facts: ReportFacts) -> Section:
    title = "Over time"
    if not facts.drops and not facts.seconds and not facts.missing:
        return Section(title, ("Nothing has been scored yet.",))
    return Section(title, ("Oldest left. Each drop is scored by the model that served then.",), (
        Picture("roc_auc", partial(draw_scores, drops=facts.drops, metric="roc_auc"),
                "ROC AUC of each drop: does the model put those that leave above the others?"),
        Picture("f1", partial(draw_scores, drops=facts.drops, metric="f1"),
                "F1 of each drop. It also moves with the share of those that leave."),
        Picture("seconds", partial(draw_seconds, cycles=facts.seconds),
                "Seconds of each cycle that had something to do, by stage."),
        Picture("missing", partial(draw_missing, series=facts.missing,
                                   limit=facts.missing_limit),
                "Missing values of each drop, by column; labels come late and are left out.")))
