"""The plan as a Kubeflow pipeline: the same steps and dependencies, each in a container.

In: settings, a container image that holds this package. Out: a YAML file for Kubeflow
Pipelines 2. It is made from `rentals.plan`, so that a new step or candidate appears in both.
"""

import argparse
import shlex
import sys
from collections.abc import Mapping, Sequence
from inspect import Parameter, Signature
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rentals.configuration import load_settings
from rentals.errors import RentalsError, SettingsError
from rentals.files import write_bytes
from rentals.plan import Unit, units


def _word(name: str) -> str:
    return name.replace(".", "_").replace(" ", "_")


def compile_pipeline(image: str, words: Sequence[str], uris: Mapping[str, str]) -> Any:
    """Return the pipeline of some settings, a ``kfp.dsl`` component.

    Parameters
    ----------
    image, words, uris
        Container of every step. Default of the pipeline's parameter ``settings``. Addresses of
        inputs that no step makes, by role.

    Raises
    ------
    SettingsError
        A setting is wrong, kfp is not installed, or an input comes from nowhere.
    """
    try:
        from kfp import dsl  # pylint: disable=import-outside-toplevel  # an extra
    except ImportError as err:
        raise SettingsError("kfp is not installed; install the extra [kubeflow]") from err
    plan = units(load_settings(words))
    if foreign := set(uris) - {one.role for unit in plan for one in unit.inputs}:
        raise SettingsError(f"no step has an input {min(foreign)!a}")

    def rentals(settings: str = shlex.join(words)) -> None:
        made: dict[str, Any] = {}
        gates: list[Any] = []
        for unit in plan:
            inputs = {one.role: dsl.importer(uris[one.role], dsl.Artifact).output
                      if one.role in uris else made.get(one.reference)
                      for one in unit.inputs if one.role in uris or not one.instead}
            if any(one is None for one in inputs.values()):  # channels overload ==
                raise SettingsError(f"{unit.title}: {' or '.join(inputs)} needs an address")
            task = _component(dsl, unit, image, tuple(inputs))(settings=settings, **inputs)
            task.set_display_name(unit.title)
            # When the check says no nothing else runs, although nothing reads its report.
            task.after(*gates)
            gates += [task] if unit.step == "check" else []
            made |= {f"{name}:latest": task.outputs[_word(name)] for name in unit.outputs}
    return dsl.pipeline(rentals, name="rentals")


def _component(dsl: Any, unit: Unit, image: str, roles: Sequence[str]) -> Any:
    """Return the component of a unit; its signature follows from the plan."""
    types = {"settings": str, **{role: dsl.Input[dsl.Artifact] for role in roles},
             **{_word(name): dsl.Output[dsl.Artifact] for name in unit.outputs}}

    def step(*given: Any) -> Any:
        at = dict(zip(types, given, strict=True))
        return dsl.ContainerSpec(image, [
            "python3", "-m", "rentals.kubeflow_step", unit.title,
            "--settings", at["settings"], "--executor-input", "{{$}}",
            *(word for role in roles for word in ("--input", role, at[role].path)),
            *(word for name in unit.outputs for word in ("--output", name, at[_word(name)].path))])
    step.__name__ = _word(unit.title)
    setattr(step, "__signature__", Signature([
        Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind) for name, kind in types.items()]))
    return dsl.container_component(step)


def main(argv: Sequence[str] | None = None) -> int:
    """Write the pipeline; 0 done, 2 bad input."""
    parser = argparse.ArgumentParser(prog="python -m rentals.kubeflow")
    parser.add_argument("--image", required=True)
    parser.add_argument("--target", type=Path, default=Path("build/kubeflow.yaml"))
    parser.add_argument("--input", nargs=2, action="append", default=[], metavar=("ROLE", "URI"))
    parser.add_argument("words", nargs="*", metavar="KEY=VALUE")
    given = parser.parse_args(argv)
    try:
        pipeline = compile_pipeline(given.image, given.words, dict(given.input))
        from kfp.compiler import Compiler  # pylint: disable=import-outside-toplevel
        with TemporaryDirectory() as folder:
            Compiler().compile(pipeline, f"{folder}/pipeline.yaml")
            write_bytes(given.target, Path(folder, "pipeline.yaml").read_bytes())
        print(f"written: {given.target}")
        return 0
    except RentalsError as err:
        print(f"rentals: {err}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
