"""Say in words what the audit found: what is unequal, by which metric, how large, how sure.

In: an audit. Out: a table of findings, and a report.
A table of ratios is read by nobody; a sentence with both rates, their rows and the interval can be
argued with.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from census.training.bias import CONFIDENCE, Audit
from census.training.disparities import Disparity

#: The metrics in words: a short name, and which share it is.
METRIC_WORDS: Mapping[str, tuple[str, str]] = {
    "selection_rate": ("selection rate", "predicted above 50K, among all"),
    "fpr": ("false positive rate", "predicted above 50K, among those below"),
    "fnr": ("false negative rate", "predicted below, among those above 50K"),
    "recall": ("recall", "predicted above, among those above 50K"),
    "precision": ("precision", "above 50K, among those predicted above"),
    "for": ("false omission rate", "above 50K, among those predicted below")}
_DECIMALS = 6
_TEXT = """# Bias audit

{rows:,} predictions. A group is compared with its reference group by the ratio of their rates;
ratios from {low:.4g} to {high:.4g} count as equal, both ends included. Intervals are {confidence:.0%}.
*Surely* means that the whole interval lies on that side of the band; a rate of fewer than
{least} rows is called small, and is mostly chance.

{metrics}

## In short

{short}

{attributes}

## Undefined

{undefined}

## Aequitas' verdicts

Fair means that every defined ratio of the attribute's groups lies in the band.

{verdicts}

## What this audit cannot say

- A difference is not its cause: base rates differ between these groups, and then selection
  rate, error rates and precision cannot all be equal, whatever the model.
- Of {intervals} intervals about {misses} miss the true ratio by chance alone.
- Aequitas' *Statistical Parity* compares each group's share of all rows predicted above 50K, so
  a smaller group fails it by its size; *Impact Parity* is the comparison of selection rates.
- It speaks of the rows audited here, and of nobody who is absent from them.
"""


def findings_table(audit: Audit) -> pd.DataFrame:
    """Return the disparities as a table.

    Parameters
    ----------
    audit : Audit

    Returns
    -------
    pandas.DataFrame
        One a group and metric: both rates with their rows, the ratio, its interval, the verdict.
    """
    return pd.DataFrame([{
        "attribute": one.pair.attribute, "group": one.pair.group,
        "reference": one.pair.reference, "metric": one.pair.metric,
        "hits": one.pair.rate.hits, "among": one.pair.rate.among,
        "rate": round(one.pair.rate.value, _DECIMALS),
        "reference_hits": one.pair.reference_rate.hits,
        "reference_among": one.pair.reference_rate.among,
        "reference_rate": round(one.pair.reference_rate.value, _DECIMALS),
        "ratio": round(one.ratio.value, _DECIMALS), "ratio_low": round(one.ratio.low, _DECIMALS),
        "ratio_high": round(one.ratio.high, _DECIMALS), "verdict": one.verdict,
        "sure": "yes" if one.is_sure else "no", "small": "yes" if one.is_small else "no",
        "undefined": one.undefined} for one in audit.disparities])


def report_text(audit: Audit) -> str:
    """Return the report as Markdown.

    Parameters
    ----------
    audit : Audit

    Returns
    -------
    str
    """
    tolerance, ratios = audit.settings.tolerance, len(_with(audit, "fair", "unequal"))
    undefined = [f"- {_name(one)}: {one.undefined}." for one in _with(audit, "undefined")]
    return _TEXT.format(
        rows=audit.rows, metrics=_bullets(": ".join(words) for words in METRIC_WORDS.values()),
        low=tolerance, high=1 / tolerance, confidence=CONFIDENCE,
        least=audit.settings.least_rows, short=_in_short(audit), intervals=ratios,
        misses=round(ratios * (1 - CONFIDENCE)),
        attributes="\n\n".join(_attribute(audit, counts.attribute) for counts in audit.counts),
        undefined="\n".join(undefined) or "Nothing.", verdicts=_verdicts(audit))


def sentence(one: Disparity) -> str:
    """Return what one disparity says, as a sentence.

    Parameters
    ----------
    one : Disparity
        With a ratio.

    Returns
    -------
    str
    """
    rate, reference = one.pair.rate, one.pair.reference_rate
    verdict = one.verdict if one.is_sure else f"{one.verdict}, but not surely"
    return (f"{_name(one)} is {rate.value:.3f} ({rate.hits:,} of {rate.among:,}) against "
            f"{reference.value:.3f} ({reference.hits:,} of {reference.among:,}) for "
            f"{one.pair.reference}: {one.ratio.value:.2f} times ({one.ratio.low:.2f} to "
            f"{one.ratio.high:.2f}), {'surely ' if one.is_sure else ''}{verdict}"
            f"{'; small' if one.is_small else ''}.")


def unequal(audit: Audit) -> list[Disparity]:
    """Return what is unequal: the sure before the unsure, then what is unequal by most at least.

    "At least" is by the end of the interval that is nearer to 1: a ratio of 0 in ten rows says
    less than one of 1/3 in ten thousand.

    Parameters
    ----------
    audit : Audit

    Returns
    -------
    list of Disparity
    """
    def rank(one: Disparity) -> tuple[bool, float]:
        nearer = one.ratio.high if one.ratio.value < 1 else 1 / one.ratio.low
        return (not one.is_sure, nearer)
    return sorted(_with(audit, "unequal"), key=rank)


def _with(audit: Audit, *verdicts: str) -> list[Disparity]:
    return [one for one in audit.disparities if one.verdict in verdicts]


def _name(one: Disparity) -> str:
    return f"{one.pair.attribute} {one.pair.group}: {METRIC_WORDS[one.pair.metric][0]}"


def _in_short(audit: Audit) -> str:
    found = unequal(audit)
    sure = [one for one in found if one.is_sure]
    lines = [f"- {len(audit.disparities)} comparisons: {len(found)} unequal, of which "
             f"{len(sure)} surely; {len(_with(audit, 'fair'))} fair; "
             f"{len(_with(audit, 'undefined'))} undefined."]
    if sure:
        lines.append("- The largest that are sure:")
        lines += [f"  - {sentence(one)}" for one in sure[:3]]
    return "\n".join(lines)


def _attribute(audit: Audit, attribute: str) -> str:
    mine = [one for one in audit.disparities if one.pair.attribute == attribute]
    reference = mine[0].pair.reference if mine else ""
    lines = [sentence(one) for one in unequal(audit) if one.pair.attribute == attribute]
    fair = sum(one.verdict == "fair" for one in mine)
    return (f"## {attribute}, beside {reference or 'its only group'}\n\n"
            + _bullets(lines or ["Nothing is unequal."]) + f"\n\nFair comparisons: {fair}.")


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _verdicts(audit: Audit) -> str:
    table = audit.tables.attributes
    parities = [name for name in table.columns if name.endswith(("Parity", "Odds", "Fairness"))]
    attributes = list(table["attribute_name"])
    lines = [["parity", *attributes], ["---"] * (len(attributes) + 1)]
    lines += [[name, *map(_verdict_word, table[name])] for name in parities]
    overall = ", ".join(f"{name}: {_verdict_word(value)}"
                        for name, value in audit.tables.overall.items())
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + f"\n\n{overall}."


def _verdict_word(verdict: object) -> str:
    """Return Aequitas' verdict in words; it is neither true nor false where undefined."""
    if not isinstance(verdict, (bool, np.bool_)):
        return "undefined"
    return "fair" if verdict else "unequal"
