"""Lay out the model card: the run's figures beside the people's words.

In: facts, prose, pictures. Out: a page, from which Markdown and HTML are made alike.
Every figure is formatted here, once, so that the two forms cannot disagree.
"""

from collections.abc import Iterable, Mapping, Sequence

from census import __version__
from census.page import Page, Picture, Section, Table
from census.training.bias_report import METRIC_WORDS
from census.training.card_facts import CardFacts, Finding, Slice

TITLE = "Model card: who earns more than 50K"
UNDEFINED = "undefined"
_FIGURES: Mapping[str, str] = {
    "roc_auc": "area under the ROC curve", "average_precision": "average precision",
    "f1": "F1", "precision": "precision", "recall": "recall", "accuracy": "accuracy",
    "brier_score": "Brier score (lower is better)"}
#: Features whose slices the card shows in full.
_SHOWN = ("sex", "race", "sex & race")
#: With blanks at which no line is broken.
_TO = "\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}"
_WORST, _LARGEST = 5, 12


def lay_out(facts: CardFacts, prose: Mapping[str, tuple[str, ...]],
            pictures: Mapping[str, tuple[Picture, ...]]) -> Page:
    """Return the card.

    Parameters
    ----------
    facts : CardFacts
        As `read_facts` returns them.
    prose : mapping of str to tuple of str
        As `read_prose` returns it.
    pictures : mapping of str to tuple of Picture
        By section; they are shown in HTML only.

    Returns
    -------
    Page
    """
    found: Mapping[str, tuple[tuple[str, ...], tuple[Table, ...]]] = {
        "Model Details": ((), (_model(facts),)),
        "Training Data": (_origin(facts), (_data(facts),)),
        "Evaluation Data": (_evaluated(facts), ()),
        "Metrics": (_threshold(facts), (_figures(facts), _candidates(facts))),
        "Slices": _slices(facts),
        "Fairness": _fairness(facts)}
    sections = [Section(name, (*words, *found.get(name, ((), ()))[0]),
                        found.get(name, ((), ()))[1], pictures.get(name, ()))
                for name, words in prose.items()]
    return Page(TITLE, "Made from the files of one run; no figure was typed in.",
                (*sections, _reproduce(facts)))


def number(value: float | None, decimals: int = 3) -> str:
    """Return a figure as it is shown; ``undefined`` for none."""
    return UNDEFINED if value is None else f"{value:.{decimals}f}"


def interval(low: float | None, high: float | None, decimals: int = 3) -> str:
    """Return an interval as it is shown; ``undefined`` without ends."""
    if low is None or high is None:
        return UNDEFINED
    return f"{low:.{decimals}f}{_TO}{high:.{decimals}f}"


def _model(facts: CardFacts) -> Table:
    record = facts.record
    versions = ", ".join(f"{name} {version}" for name, version in record.versions.items())
    return Table(("what", "which"), (
        ("model", record.model_name), ("version of this program", __version__),
        *((name, f"{value}") for name, value in record.parameters.items()),
        ("threshold", number(record.threshold, 6)), ("seed", f"{record.seed}"),
        ("features", ", ".join(record.features)), ("versions", versions),
        ("sha256 of the model", record.model_sha256)))


def _origin(facts: CardFacts) -> tuple[str, ...]:
    data = facts.data
    if data.source is not None:
        return (f"The table of this run is the user's file {data.source}.",)
    words = (f"The table of this run was generated, seed {data.seed}: no row is a person, and the "
             "figures of this card describe the generator.")
    if data.planted and data.planted.relabelled_rows:
        words += (f" A bias of {data.planted.bias:g} against {data.planted.biased_group} was "
                  f"planted: {data.planted.relabelled_rows:,} answers were turned.")
    return (words,)


def _data(facts: CardFacts) -> Table:
    prepared = facts.prepared
    unseen = ", ".join(f"{level} ({name})" for name, levels in facts.record.unseen_levels.items()
                       for level in levels)
    return Table(("what", "how many"), (
        ("rows", f"{facts.data.rows:,}"), ("repeated rows removed", f"{prepared.repeated_rows:,}"),
        ("training rows", f"{prepared.train_rows:,}"),
        ("of them above 50K", f"{prepared.train_share_positive:.1%}"),
        ("levels in no training row, taken for missing", unseen or "none"),
        ("sha256 of the table", facts.data.sha256)))


def _evaluated(facts: CardFacts) -> tuple[str, ...]:
    return (f"{facts.prepared.test_rows:,} test rows, of which "
            f"{facts.prepared.test_share_positive:.1%} are above 50K.",)


def _threshold(facts: CardFacts) -> tuple[str, ...]:
    record = facts.record
    return (f"At the threshold {number(record.threshold, 6)}, where a missed high income costs "
            f"{record.cost_of_missed:g} and a needless one {record.cost_of_needless:g}:",)


def _figures(facts: CardFacts) -> Table:
    figures = facts.metrics.figures
    return Table(("metric, on the test rows", "value", "95 % interval"), tuple(
        (words, number(figures[name].value, 4), interval(figures[name].low, figures[name].high, 4))
        for name, words in _FIGURES.items() if name in figures))


def _candidates(facts: CardFacts) -> Table:
    return Table(("candidate, cross-validated", "ROC AUC", "F1", "cost per row"), tuple(
        (each.name, number(each.roc_auc, 4), number(each.f1, 4), number(each.cost_per_row, 4))
        for each in facts.record.candidates))


def _slices(facts: CardFacts) -> tuple[tuple[str, ...], tuple[Table, ...]]:
    slices = facts.slices.slices[1:]
    small = sum(each.small for each in slices)
    undefined = sum(bool(each.undefined) for each in slices)
    measured = [each for each in slices if not each.small and each.f1_high is not None]
    # The upper end: what is low for certain, not by chance.
    worst = sorted(measured, key=lambda each: (each.f1_high or 0.0, each.feature, each.value))
    shown = [each for name in _SHOWN for each in slices if each.feature == name]
    return ((f"{len(slices)} slices: {small} have fewer than {facts.slices.least_rows} rows, "
             f"{undefined} have something undefined; all are in slices/slices.csv. The first "
             "table holds those whose F1 is lowest for certain, by the upper end of its "
             "interval.",),
            (_slice_table(worst[:_WORST]), _slice_table(shown)))


def _slice_table(slices: Iterable[Slice]) -> Table:
    return Table(("slice", "n", "above 50K", "precision", "recall", "F1", "F1 interval", "FPR",
                  "selection rate"), tuple(
        (f"{each.feature}: {each.value}{' (small)' if each.small else ''}", f"{each.n:,}",
         f"{each.support:,}", number(each.precision), number(each.recall), number(each.f1),
         interval(each.f1_low, each.f1_high), number(each.fpr), number(each.selection_rate))
        for each in slices))


def _fairness(facts: CardFacts) -> tuple[tuple[str, ...], tuple[Table, ...]]:
    fairness = facts.fairness
    unequal = [each for each in fairness.findings if each.verdict == "unequal"]
    sure = [each for each in unequal if each.sure]
    undefined = sum(each.verdict == "undefined" for each in fairness.findings)
    words = [f"{len(fairness.findings)} comparisons; ratios from {fairness.tolerance:g} to "
             f"{1 / fairness.tolerance:g} count as equal. {len(unequal)} are unequal, "
             f"{len(sure)} of them surely: the whole {fairness.confidence:.0%} interval lies "
             f"outside. {undefined} are undefined."]
    if len(sure) > _LARGEST:
        words.append(f"The {_LARGEST} that are largest for certain are below; all are in "
                     "bias/findings.csv and, in words, in bias/report.md.")
    return tuple(words), (_finding_table(sorted(sure, key=_nearest_end)[:_LARGEST]),)


def _nearest_end(each: Finding) -> tuple[float, str, str, str]:
    """Return how near to 1 the ratio can be; the larger, the less unequal."""
    low, high = each.ratio_low or 0.0, each.ratio_high or 0.0
    return (high if high < 1 else 1 / low, each.attribute, each.group, each.metric)


def _finding_table(findings: Sequence[Finding]) -> Table:
    return Table(("group", "metric", "rate", "reference", "its rate", "ratio", "interval", "n"),
                 tuple((f"{each.attribute}: {each.group}", METRIC_WORDS[each.metric][0],
                        number(each.rate), each.reference, number(each.reference_rate),
                        number(each.ratio, 2), interval(each.ratio_low, each.ratio_high, 2),
                        f"{each.among:,}") for each in findings))


def _reproduce(facts: CardFacts) -> Section:
    return Section("How to reproduce", (
        "In the module's folder: make setup, then dvc repro, then census card --check; the last "
        "says whether this card is of that run. The files behind this card:",),
        (Table(("file", "sha256"), tuple(facts.digests.items())),))
