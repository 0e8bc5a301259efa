"""Write what a run found: one page for people, one summary for the monorepo.

In: the record of a run. Out: a ``Page`` and a JSON-ready summary by the root's contract.
Words and numbers come from the same record, so the page cannot tell another story.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from census.page import Card, Page, Picture, Section, Table
from census.probe import Probe
from census.training.card_facts import CardFacts, DataFacts, Figure

MODULE, TITLE = "module3_scalable_deployment", "Who earns more than 50K?"
_CAPTIONS = {
    "roc": "Each point is a threshold; the one in use is marked.",
    "calibration": "Predicted against observed; the number of rows beside each point.",
    "cost": "The threshold was chosen on training rows out of fold; here the test rows judge it.",
    "sex_and_race": "The more specific the group, the wider its interval.",
    "bias": "Rates of the groups as Aequitas judges them.",
}


@dataclass(frozen=True)
class RunRecord:
    """All that a run found; ``pictures`` holds PNG bytes by the names of their captions."""

    started: datetime
    seconds: float
    facts: CardFacts
    probe: Probe
    pictures: Mapping[str, bytes]

    def figure(self, name: str) -> Figure:
        """Return one of the figures on the test rows."""
        return self.facts.metrics.figures[name]


def data_source(data: DataFacts) -> str:
    """Return in words where a table comes from."""
    if data.source is not None:
        return data.source
    bias = f", planted bias {data.planted.bias:g}" if data.planted and data.planted.bias else ""
    return f"generated rows, seed {data.seed}{bias}"


def build_page(record: RunRecord) -> Page:
    """Return the report of a run.

    Parameters
    ----------
    record : RunRecord

    Returns
    -------
    Page
    """
    facts, model = record.facts, record.facts.record
    unequal = [one for one in facts.fairness.findings if one.verdict == "unequal"]
    selection = next((one for one in unequal if one.metric == "selection_rate" and one.sure), None)
    return Page(
        TITLE, f"A {model.model_name.replace('_', ' ')} model, trained on {model.train_rows:,} "
        f"rows and judged on {facts.metrics.rows:,} that it never saw. "
        f"Data: {data_source(facts.data)}.",
        (_candidates(record), _evaluation(record), _slices(record), _fairness(record),
         _service(record)),
        (Card(_number(record.figure("roc_auc").value), "ROC AUC, 95 % interval "
              + _interval(record.figure("roc_auc"))),
         Card(_number(record.figure("f1").value), f"F1 at threshold {model.threshold:.3f}"),
         Card("none" if selection is None else f"{selection.ratio:.2f} ×",
              "selection rate surely unequal" if selection is None else
              f"selection rate of {selection.group} to {selection.reference}"),
         Card(f"{sum(one.sure for one in unequal)} of {len(facts.fairness.findings)}",
              "comparisons surely unequal"),
         Card(f"{record.probe.seconds_to_ready:.1f} s", "until the service was ready")),
        (f"Model {record.probe.model_version}. Started {record.started:%Y-%m-%d %H:%M:%S} UTC, "
         f"{record.seconds:.1f} seconds.", f"Data sha256 {facts.data.sha256}"))


def build_summary(record: RunRecord) -> dict[str, Any]:
    """Return the summary by the contract between a module and the monorepo.

    Parameters
    ----------
    record : RunRecord

    Returns
    -------
    dict
        JSON-ready; its schema stands at the root.
    """
    figures: list[dict[str, Any]] = [
        {"name": name, "unit": "", "low": figure.low, "high": figure.high,
         "value": "undefined" if figure.value is None else figure.value}
        for name, figure in record.facts.metrics.figures.items()]
    for name, value, unit in (
            ("threshold", record.facts.record.threshold, ""),
            ("surely_unequal_comparisons",
             sum(one.sure and one.verdict == "unequal" for one in record.facts.fairness.findings),
             ""),
            ("seconds_to_ready", round(record.probe.seconds_to_ready, 3), "s")):
        figures.append({"name": name, "value": value, "unit": unit, "low": None, "high": None})
    return {
        "module": MODULE, "title": TITLE, "started_utc": f"{record.started:%Y-%m-%dT%H:%M:%SZ}",
        "seconds": round(record.seconds, 3),
        "data": {"source": data_source(record.facts.data), "sha256": record.facts.data.sha256},
        "figures": figures,
        "images": ["roc.png", "../slices/sex_and_race.png", "../bias/sex.png"],
        "links": [{"title": "Report", "path": "index.html"},
                  {"title": "Model card", "path": "../card/model_card.html"},
                  {"title": "Bias audit", "path": "../bias/report.md"},
                  {"title": "Log", "path": "../logs/census.log"}],
    }


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"


def _interval(figure: Figure) -> str:
    return f"{_number(figure.low)} to {_number(figure.high)}"


def _pictures(record: RunRecord, *names: str) -> tuple[Picture, ...]:
    return tuple(Picture(record.pictures[name], _CAPTIONS[name]) for name in names
                 if name in record.pictures)


def _candidates(record: RunRecord) -> Section:
    rows = tuple((one.name.replace("_", " "), f"{one.roc_auc:.4f}",
                  f"{min(one.roc_auc_by_fold):.4f}", f"{one.f1:.4f}", f"{one.cost_per_row:.4f}")
                 for one in record.facts.record.candidates)
    return Section("The candidates", (
        "Cross-validated on the training rows only; the first is released.",),
        (Table(("model", "AUC", "worst fold", "F1", "cost per row"), rows),))


def _evaluation(record: RunRecord) -> Section:
    rows = tuple((name.replace("_", " "), _number(figure.value), _interval(figure))
                 for name, figure in record.facts.metrics.figures.items())
    return Section("On rows it never saw", (
        "95 % intervals by bootstrap, drawn within each class. Scores on generated rows describe "
        "the generator; for your rows run it on your file with --data.",),
        (Table(("figure", "value", "95 % interval"), rows),),
        _pictures(record, "roc", "calibration", "cost"))


def _slices(record: RunRecord) -> Section:
    slices = record.facts.slices.slices[1:]
    undefined = sum(bool(one.undefined) for one in slices)
    return Section("Slice by slice", (
        f"{len(slices)} slices, {sum(one.small for one in slices)} of them smaller than "
        f"{record.facts.slices.least_rows} rows. Something is undefined in {undefined}: it is "
        "called undefined, with its reason, and never perfect.",), (),
        _pictures(record, "sex_and_race"))


def _fairness(record: RunRecord) -> Section:
    found = sorted((one for one in record.facts.fairness.findings
                    if one.sure and one.verdict == "unequal" and one.ratio is not None),
                   key=lambda one: abs(one.ratio or 0))
    rows = tuple((f"{one.group} to {one.reference}", one.metric.replace("_", " "),
                  f"{one.ratio:.2f}", f"{one.ratio_low:.2f} to {one.ratio_high:.2f}")
                 for one in found)
    return Section("Who is treated otherwise", (
        f"Ratios of rates to the reference group; from {record.facts.fairness.tolerance:g} to "
        f"{1 / record.facts.fairness.tolerance:g} counts as equal. Shown are those that are "
        "surely outside. The audit in full is in the model card.",),
        (Table(("group", "rate", "ratio", "95 % interval"), rows),), _pictures(record, "bias"))


def _service(record: RunRecord) -> Section:
    probe = record.probe
    return Section("The service, asked once", (
        f"It was ready after {probe.seconds_to_ready:.1f} s, answered status {probe.status} with "
        f"{probe.label} (probability {probe.probability:.3f}, model {probe.model_version}) and "
        f"stopped with exit code {probe.exit_code}.",))
