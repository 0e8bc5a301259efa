"""The plan: which steps there are, what each reads and makes, and in which order they run.

In: settings. Out: units of work. This table is light on purpose: whether a unit must run at all
is decided from it before any heavy library loads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rentals.errors import SettingsError
from rentals.settings import Settings

SAMPLE, SAMPLE_MANIFEST, CLEAN = "sample.csv", "sample.manifest.json", "clean_sample.csv"
TRAINVAL, TEST = "trainval_data.csv", "test_data.csv"
CHOSEN, RELEASE = "chosen_model", "release"
#: Beside a candidate: its predictions of the validation rows. Beside the chosen model: how it
#: compares with the others.
PREDICTIONS_FILE, COMPARISON_FILE = "validation.csv", "comparison.csv"

#: The alias of what later drops are compared with, and of what `predict` and services use.
REFERENCE, CANDIDATE, PROD = "reference", "candidate", "prod"


@dataclass(frozen=True)
class Input:
    """What a step reads: its role there, the usual reference, and whose input it is instead.

    ``instead`` names another role of the unit, whose artifact is taken when the usual reference
    is unknown.
    """

    role: str
    reference: str
    instead: str = ""


@dataclass(frozen=True)
class Unit:
    """One piece of work that runs, or is skipped, as a whole.

    Attributes
    ----------
    step : str
        Module of ``rentals.steps``.
    inputs : tuple of Input
    outputs : tuple of str
        Names of the artifacts that it makes.
    reads : tuple of str
        Settings, or sections of them, on which the outputs may depend.
    variant : str
        Which of several alike, such as the candidate that is trained.
    """

    step: str
    inputs: tuple[Input, ...]
    outputs: tuple[str, ...]
    reads: tuple[str, ...]
    variant: str = ""

    @property
    def title(self) -> str:
        """The name in tables and logs."""
        return f"{self.step} {self.variant}".strip()


@dataclass(frozen=True)
class Task:
    """What a step is given: places of its inputs by role, its settings, where to write."""

    inputs: Mapping[str, Path]
    settings: Settings
    out: Path
    variant: str = ""


@dataclass(frozen=True)
class StepResult:
    """What a step says beside its artifacts: figures, lines for people, and why it said no."""

    metrics: Mapping[str, float] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    refusal: str = ""


STEPS = ("fetch", "explore", "clean", "check", "split", "train", "select", "evaluate", "release")

_FIXED = {
    "fetch": ((), (SAMPLE, SAMPLE_MANIFEST), ("seed", "data", "reading")),
    "explore": ((Input("sample", f"{SAMPLE}:latest"),), ("exploration",),
                ("seed", "reading", "explore", "clean")),
    "clean": ((Input("sample", f"{SAMPLE}:latest"),), (CLEAN, "dropped_rows.csv"),
              ("reading", "clean")),
    "check": ((Input("listings", f"{CLEAN}:latest"),
               Input("reference", f"{CLEAN}:{REFERENCE}", instead="listings")),
              ("check_report",), ("checks", "reading")),
    "evaluate": ((Input("chosen", f"{CHOSEN}:latest"), Input("test", f"{TEST}:latest")),
                 ("evaluation",), ("seed", "reading", "evaluate")),
    "release": ((Input("chosen", f"{CHOSEN}:latest"), Input("trainval", f"{TRAINVAL}:latest"),
                 Input("evaluation", "evaluation:latest")), (RELEASE,), ("reading",)),
}

#: Sections of the model's settings that each candidate reads.
CANDIDATE_READS: Mapping[str, tuple[str, ...]] = {
    "median": ("model.text",),
    "ridge": ("model.text", "model.ridge"),
    "random_forest": ("model.text", "model.random_forest"),
    "hist_gradient_boosting": ("model.text", "model.hist_gradient_boosting"),
    "averaged_boosting": ("model.text", "model.averaged_boosting"),
}


def units(settings: Settings, steps: Sequence[str] = STEPS) -> tuple[Unit, ...]:
    """Return the units of some steps, in the order in which they run.

    Parameters
    ----------
    settings : Settings
        Say which candidates are trained, and whether an earlier drop's sides are kept.
    steps : sequence of str
        Of `STEPS`, in any order.

    Returns
    -------
    tuple of Unit

    Raises
    ------
    SettingsError
        A step is unknown.
    """
    unknown = [step for step in steps if step not in STEPS]
    if unknown:
        raise SettingsError(f"there is no step {unknown[0]!a}; steps are {', '.join(STEPS)}")
    return tuple(unit for step in STEPS if step in steps for unit in _units(step, settings))


def candidate_name(candidate: str) -> str:
    """Return the artifact's name of a candidate."""
    return f"model_{candidate}"


def _units(step: str, settings: Settings) -> tuple[Unit, ...]:
    if step == "split":
        return (_split_unit(settings.split.earlier),)
    candidates = settings.model.candidates
    if step == "train":
        return tuple(Unit("train", (Input("trainval", f"{TRAINVAL}:latest"),),
                          (candidate_name(name),),
                          ("seed", "reading", "split.validation_fraction",
                           *CANDIDATE_READS[name]), name) for name in candidates)
    if step == "select":
        inputs = (Input("trainval", f"{TRAINVAL}:latest"),
                  *(Input(name, f"{candidate_name(name)}:latest") for name in candidates))
        return (Unit("select", inputs, (CHOSEN,),
                     ("seed", "reading", "select", "model")),)
    inputs, outputs, reads = _FIXED[step]
    return (Unit(step, inputs, outputs, reads),)


def _split_unit(earlier: str) -> Unit:
    inputs = [Input("listings", f"{CLEAN}:latest")]
    if earlier:
        inputs += [Input("earlier_trainval", f"{TRAINVAL}:{earlier}"),
                   Input("earlier_test", f"{TEST}:{earlier}")]
    return Unit("split", tuple(inputs), (TRAINVAL, TEST),
                ("seed", "reading", "split.test_fraction"))
