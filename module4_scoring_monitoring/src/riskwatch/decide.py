"""What follows from what was seen: keep the model, retrain it, ask a person, or wait.

In: the evidence of one cycle. Out: an `Answer` with its reason. One pure function holds the
rules, so that the same facts never lead to two answers, and each rule can be tested alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from riskwatch.watch_settings import DecisionSettings

Action = Literal["keep", "retrain", "ask_person", "insufficient_evidence"]
Drift = Literal["none", "small", "large", "not_enough_data"]
#: The budget of retrainings is for so many days.
BUDGET_DAYS = 30


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """A figure at deployment, and now on labelled rows that the model never saw."""

    before: float
    value: float
    low: float
    high: float
    rows: int

    def in_words(self, metric: str) -> str:
        """Return one line."""
        return (f"{metric} went from {self.before:.3f} to {self.value:.3f} "
                f"({self.low:.3f} to {self.high:.3f}, {self.rows} labelled rows)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:  # pylint: disable=too-many-instance-attributes  # that is all there is to know
    """Everything that a decision rests on.

    Attributes
    ----------
    new_files : int
    has_model : bool
    faults : tuple of str
        Changes that are mended in the data, in words.
    drift : str
        The most serious verdict on features, their joint law and the model's scores.
    drift_in_words : str
    scores : tuple of ScoreChange
        Of the newest drop alone, and of the latest ones together; empty without labels.
    trainable_rows : int
        Labelled rows to learn from that the model has not learned from.
    now, last_retraining : datetime
        `last_retraining` is None before the first.
    recent_retrainings : int
        In the last `BUDGET_DAYS` days, the first model not counted.
    """

    new_files: int
    has_model: bool
    now: datetime
    faults: tuple[str, ...] = ()
    drift: Drift = "none"
    drift_in_words: str = "no drift seen in the features"
    scores: tuple[ScoreChange, ...] = ()
    trainable_rows: int = 0
    last_retraining: datetime | None = None
    recent_retrainings: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What to do, and why, in words; ``is_new_concept`` asks to learn from latest rows only."""

    action: Action
    reason: str
    is_new_concept: bool = False


def decide(seen: Evidence, settings: DecisionSettings) -> Answer:
    """Return the answer of the first row of the table that holds.

    "Surely" means by the whole interval. Scores on fewer than ``least_labelled_rows`` rows are
    no scores.

    ==  ===============================================================  =====================
    no  what is seen                                                     answer
    ==  ===============================================================  =====================
    1   no new file                                                      keep
    2   no model serves                                                  retrain
    3   a data fault                                                     ask_person
    4   a score surely fell by more than ``fall``                        retrain, if it may
    5   scores surely did not fall so far, whatever the features do      keep
    6   scores uncertain, drift is large                                 retrain, if it may
    7   scores uncertain, one fell so far, drift is small                retrain, if it may
    8   scores uncertain, one fell so far, no drift                      insufficient_evidence
    9   scores uncertain, none fell so far, drift is not large           keep
    10  no score, drift is large                                         ask_person
    11  no score, nothing could be judged                                insufficient_evidence
    12  no score, drift is small or none                                 keep
    ==  ===============================================================  =====================

    "If it may": with too few rows to learn from, insufficient_evidence; in the cool-down, keep;
    with the budget of retrainings spent, ask_person. The gate still stands behind a retraining.

    Parameters
    ----------
    seen : Evidence
    settings : DecisionSettings

    Returns
    -------
    Answer
    """
    if seen.new_files == 0:
        return Answer("keep", "no new file: nothing to decide")
    if not seen.has_model:
        return Answer("retrain", "no model serves yet")
    if seen.faults:
        return Answer("ask_person", "mend the data, do not learn from it: "
                      + "; ".join(seen.faults))
    scores = [score for score in seen.scores if score.rows >= settings.least_labelled_rows]
    if not scores:
        return _without_scores(seen)
    return _with_scores(seen, scores, settings)


def _with_scores(seen: Evidence, scores: list[ScoreChange], settings: DecisionSettings) -> Answer:
    # Rounded, so that .85 - .80 is not taken for more than .05.
    falls = [tuple(round(score.before - figure, 9) for figure in
                   (score.high, score.value, score.low)) for score in scores]
    worst = max(range(len(scores)), key=lambda place: falls[place][0])
    words = f"{scores[worst].in_words(settings.metric)}; {seen.drift_in_words}"
    if falls[worst][0] > settings.fall:
        return _retrain(seen, f"surely a fall: {words}", settings, is_new_concept=True)
    if all(most <= settings.fall for _, _, most in falls):
        return Answer("keep", f"the score holds: {words}")
    has_fallen = any(value > settings.fall for _, value, _ in falls)
    if seen.drift == "large" or (has_fallen and seen.drift == "small"):
        return _retrain(seen, f"drift: {words}", settings)
    if has_fallen:
        return Answer("insufficient_evidence", f"more labels are needed to tell: {words}")
    return Answer("keep", f"no sign of a loss: {words}")


def _without_scores(seen: Evidence) -> Answer:
    if seen.drift == "large":
        return Answer("ask_person", f"{seen.drift_in_words}, and no labels to tell if the model "
                      "suffers")
    if seen.drift == "not_enough_data":
        return Answer("insufficient_evidence",
                      f"too few rows to judge, and too few labels: {seen.drift_in_words}")
    return Answer("keep", f"{seen.drift_in_words}; too few labels to tell more")


def _retrain(seen: Evidence, reason: str, settings: DecisionSettings, *,
             is_new_concept: bool = False) -> Answer:
    if seen.trainable_rows < settings.least_labelled_rows:
        return Answer("insufficient_evidence", f"{reason}; but only {seen.trainable_rows} "
                      f"labelled rows are new, {settings.least_labelled_rows} are needed")
    pause = timedelta(days=settings.cool_down_days)
    if seen.last_retraining is not None and seen.now - seen.last_retraining < pause:
        until = seen.last_retraining + pause
        return Answer("keep", f"cool-down until {until:%Y-%m-%d %H:%M} UTC; {reason}")
    if seen.recent_retrainings >= settings.most_retrainings:
        return Answer("ask_person", f"{seen.recent_retrainings} retrainings in {BUDGET_DAYS} "
                      f"days have not helped, the budget is spent; {reason}")
    return Answer("retrain", reason, is_new_concept)
