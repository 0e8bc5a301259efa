"""One step as Kubeflow calls it: files in, files out, no artifact store.

In: a unit's title, places of its inputs by role and of its outputs by name, settings. Out: the
same files that `rentals run` makes. On a cluster Kubeflow keeps artifacts, caches and lineage,
so that only the step itself is called here.
"""

import argparse
import json
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rentals.configuration import load_settings
from rentals.errors import CheckSaidNo, RentalsError, SettingsError
from rentals.execution import execute
from rentals.files import write_json
from rentals.plan import units


def run_step(title: str, words: str, inputs: Mapping[str, Path],
             outputs: Mapping[str, Path]) -> Mapping[str, float]:
    """Run a unit of work from files to files; return its metrics.

    Parameters
    ----------
    title, words : str
        Of a unit, such as ``train ridge``. Settings such as ``seed=7``, quoted as in a shell.
    inputs : mapping of str to Path
        Files and folders by role; one with an ``instead`` may be left out.
    outputs : mapping of str to Path
        Where each artifact goes, by its name; they do not exist yet.

    Raises
    ------
    RentalsError
        There is no such unit, an input or output is lacking, or the step's own faults.
    """
    try:
        settings = load_settings(shlex.split(words))
    except ValueError as err:
        raise SettingsError(f"settings: {err} in {words!a}") from err
    unit = next((unit for unit in units(settings) if unit.title == title), None)
    if unit is None:
        raise SettingsError(f"with these settings there is no step {title!a}")
    given = {**{one.role: inputs[one.instead] for one in unit.inputs if one.instead in inputs},
             **inputs}
    roles = [one.role for one in unit.inputs]
    if set(given) != set(roles) or set(outputs) != set(unit.outputs):
        raise SettingsError(f"{title} takes {', '.join(roles) or 'nothing'} and makes "
                            f"{', '.join(unit.outputs)}; compile the pipeline with its settings")
    with TemporaryDirectory() as folder:
        result = execute(unit, settings, {role: given[role] for role in roles}, Path(folder))
        print(*result.lines, sep="\n")
        for name, target in outputs.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(Path(folder) / name, target)
    if result.refusal:
        raise CheckSaidNo(result.refusal)
    return result.metrics


def record_outputs(executor_input: str, metrics: Mapping[str, float]) -> None:
    """Tell Kubeflow what was made, with the metrics as the artifacts' metadata.

    ``executor_input`` is what Kubeflow puts in the place of ``{{$}}``: the outputs it expects.
    """
    outputs = json.loads(executor_input)["outputs"]
    made = {name: {"artifacts": [{**one, "metadata": dict(metrics)} for one in some["artifacts"]]}
            for name, some in outputs["artifacts"].items()}
    write_json(Path(outputs["outputFile"]), {"artifacts": made})


def main(argv: Sequence[str] | None = None) -> int:
    """Run one step; 0 done, 1 a check said no, 2 bad input."""
    parser = argparse.ArgumentParser(prog="python -m rentals.kubeflow_step")
    parser.add_argument("title")
    parser.add_argument("--settings", default="", metavar="'KEY=VALUE ...'")
    parser.add_argument("--executor-input", metavar="JSON")
    for option, key in (("--input", "ROLE"), ("--output", "NAME")):
        parser.add_argument(option, nargs=2, action="append", default=[], metavar=(key, "PATH"))
    given = parser.parse_args(argv)
    try:
        metrics = run_step(given.title, given.settings,
                           {role: Path(path) for role, path in given.input},
                           {name: Path(path) for name, path in given.output})
        if given.executor_input:
            record_outputs(given.executor_input, metrics)
    except RentalsError as err:
        print(f"rentals {given.title}: {err}", file=sys.stderr)
        return 1 if isinstance(err, CheckSaidNo) else 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
