"""What each command of the command line does, once its words are understood.

In: parsed arguments, a clock. Out: an exit code and a few plain lines.
It stands apart from the parser so that ``rentals --help`` need not load what follows.
"""

import argparse
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from rentals.artifacts import Store
from rentals.closing import closing_table, table_text
from rentals.configuration import load_settings
from rentals.errors import InputError, SettingsError
from rentals.pipeline import PipelineResult, demand_success, register_release, run_pipeline
from rentals.plan import STEPS, units
from rentals.progress import shown_progress
from rentals.sessions import Session, start_session, write_report
from rentals.settings import Settings
from rentals.tracking_address import how_to_look

#: Of this environment, because it need not be activated.
_MLFLOW = shlex.quote(str(Path(sys.executable).with_name("mlflow")))
Clock = Callable[[], datetime]
DONE, DIFFERENT = 0, 1


def run(arguments: argparse.Namespace, clock: Clock, is_terminal: bool) -> int:
    """Run the pipeline, or every point of a grid of settings."""
    words = _words(arguments)
    steps = STEPS if arguments.steps == "all" else tuple(arguments.steps.split(","))
    if arguments.multirun:
        from rentals.sweep import run_sweep  # pylint: disable=import-outside-toplevel
        print(run_sweep(arguments.out, words, steps, clock))
        return DONE
    settings = load_settings(words)
    session, result = _run_pipeline(arguments, settings, steps, {}, (clock, is_terminal))
    report = write_report(session, result)
    print(table_text(closing_table(result)))
    for outcome in result.outcomes:
        if outcome.unit.step == "evaluate":
            print(*outcome.record.lines)
    print(f"MLflow: {how_to_look(session.uri, _MLFLOW)}\nreport: {report}")
    demand_success(result)
    return DONE


def step(arguments: argparse.Namespace, clock: Clock, is_terminal: bool) -> int:
    """Run one step on artifacts that exist."""
    roles = {one.role for unit in units(Settings(), [arguments.step]) for one in unit.inputs}
    roles |= {"earlier_trainval", "earlier_test"} if arguments.step == "split" else set()
    given = [word.partition("=") for word in _words(arguments)]
    references = {key: value for key, _, value in given if key in roles}
    settings = load_settings([f"{key}{sign}{value}" for key, sign, value in given
                              if key not in roles])
    _, result = _run_pipeline(arguments, settings, [arguments.step], references,
                              (clock, is_terminal))
    print(table_text(closing_table(result)))
    demand_success(result)
    return DONE


def search(arguments: argparse.Namespace, clock: Clock, _: bool) -> int:
    """Compare settings of a candidate by cross-validation."""
    from rentals.search import run_search  # pylint: disable=import-outside-toplevel
    print(run_search(arguments.out, arguments.words, arguments.rows, clock))
    return DONE


def lineage(arguments: argparse.Namespace, _: Clock, __: bool) -> int:
    """Print and draw what was made from what."""
    # pylint: disable=import-outside-toplevel  # drawing takes a second to load
    from rentals.figures import png_bytes
    from rentals.files import write_bytes
    from rentals.lineage import all_runs
    from rentals.lineage_view import draw_lineage, lineage_text, upstream
    store = Store(arguments.out / "artifacts")
    chosen = all_runs(store)
    if arguments.reference:
        chosen = upstream(chosen, store.find(arguments.reference).reference)
    if not chosen:
        raise InputError(f"{arguments.out}: nothing has run there yet; try: rentals run")
    picture = arguments.out / "lineage.png"
    write_bytes(picture, png_bytes(draw_lineage(chosen)))
    print(f"{lineage_text(chosen)}picture: {picture}")
    return DONE


def reproduce(arguments: argparse.Namespace, _: Clock, __: bool) -> int:
    """Do a run again and compare; exit 1 when anything differs."""
    from rentals.reproduce import reproduce as repeat  # pylint: disable=import-outside-toplevel
    found = repeat(Store(arguments.out / "artifacts"), arguments.run)
    for name in found.changed_code:
        print(f"{name}: its code is not what it was then")
    for one in found.repeated:
        print(f"{one.step}: {one.name} is " + (
            f"equal, {one.now[:12]}" if one.is_equal
            else f"DIFFERENT: {one.then[:12]} then, {one.now[:12]} now"))
    print(f"{sum(one.is_equal for one in found.repeated)} of {len(found.repeated)} artifacts are "
          "equal, byte for byte")
    return DONE if found.is_equal else DIFFERENT


def predict(arguments: argparse.Namespace, _: Clock, __: bool) -> int:
    """Predict the prices of a file."""
    from rentals.predict import predict_file  # pylint: disable=import-outside-toplevel
    if arguments.data is None:
        raise InputError("predict needs --data FILE, the listings to price")
    release = Store(arguments.out / "artifacts").get(arguments.model)
    target = arguments.predictions or arguments.out / "predictions.csv"
    rows = predict_file(release.path, arguments.data, target, load_settings().reading)
    print(f"{target}: {rows} listings by {release.reference}")
    return DONE


def serve(arguments: argparse.Namespace, _: Clock, __: bool) -> int:
    """Answer over HTTP with a release, until told to stop."""
    from rentals.serve import serve as answer  # pylint: disable=import-outside-toplevel
    release = Store(arguments.out / "artifacts").get(arguments.model)
    answer(release.path, arguments.host, arguments.port)
    return DONE


def alias(arguments: argparse.Namespace, _: Clock, __: bool) -> int:
    """Let an alias mean a version."""
    store = Store(arguments.out / "artifacts")
    found = store.get(arguments.reference)
    store.set_alias(found.name, arguments.alias, found.number)
    print(f"{found.name}:{arguments.alias} is {found.reference}")
    return DONE


def fetch(arguments: argparse.Namespace, _: Clock, __: bool) -> int:
    """Get the public file, or say how to get it by hand."""
    # pylint: disable=import-outside-toplevel
    from rentals.download import download, read_source
    source = read_source()
    if not arguments.source:
        print(source.how_to_get)
        return DIFFERENT
    target = arguments.out / "data" / "listings.csv"
    rows = download(arguments.source, target, source)
    print(f"{target}: {rows} listings; {source.attribution}\nnext: rentals run --data {target}")
    return DONE


COMMANDS: Mapping[str, Callable[[argparse.Namespace, Clock, bool], int]] = {
    "run": run, "step": step, "search": search, "lineage": lineage, "reproduce": reproduce,
    "predict": predict, "serve": serve, "alias": alias, "fetch": fetch,
}


def _run_pipeline(arguments: argparse.Namespace, settings: Settings, steps: Sequence[str],
                  references: Mapping[str, str], how: tuple[Clock, bool]
                  ) -> tuple[Session, PipelineResult]:
    clock, is_terminal = how
    with shown_progress(len(units(settings, steps)), is_terminal=is_terminal) as progress:
        session = start_session(arguments.out, settings, clock, progress)
        result = run_pipeline(session.place, steps, references)
        register_release(session.place, result, session.uri, arguments.out)
    return session, result


def _words(arguments: argparse.Namespace) -> list[str]:
    """Return the settings, the user's file among them, quoted so that Hydra takes it as it is."""
    words: list[str] = list(arguments.words)
    if arguments.data:
        text = str(arguments.data).replace("\\", "\\\\").replace("'", "\\'")
        if not text.isprintable():
            raise SettingsError(f"{arguments.data!a}: such a name cannot be a setting; rename it")
        words.append(f"data.path='{text}'")
    return words
