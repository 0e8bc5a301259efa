"""The usual course's reports: a confusion matrix, and what the four routes of the API answer.

In: the course's folders after a run. Out: ``confusionmatrix.png`` and ``apireturns.txt``. The
answers come from the real service over the real network of this machine: it is started on a free
port, brought to the state of the production, asked, and stopped.
"""

import hashlib
import json
import signal
from contextlib import closing
from pathlib import Path

import requests

from riskwatch.canonical import model_from_bytes
from riskwatch.client import COURSE
from riskwatch.course import SEED, THRESHOLD, execution_time
from riskwatch.course_layout import Layout, merged, read_folder, read_production
from riskwatch.deploy import deploy
from riskwatch.diagnose_data import integrity, summary_statistics
from riskwatch.diagnose_packages import package_checks, required_packages
from riskwatch.errors import InputError
from riskwatch.features import matrix
from riskwatch.files import write_bytes, write_text
from riskwatch.ledger import Ledger, open_ledger
from riskwatch.manifest import ModelFacts
from riskwatch.probe import ProbeError, running
from riskwatch.records import Deployment, Diagnostic
from riskwatch.report_confusion import confusion_of
from riskwatch.report_figures import draw_confusion, figure_of, png_bytes
from riskwatch.report_parts import Picture
from riskwatch.runs import Errand, run_recorded
from riskwatch.schema import FEATURES, TARGET
from riskwatch.score import score_rows
from riskwatch.store import load_release, save_release
from riskwatch.workplace import Workplace

_SECONDS_TO_ANSWER, _SECONDS_TO_STOP = 30, 40


def write_reports(layout: Layout, place: Workplace, ending: str = "") -> tuple[Path, Path]:
    """Write the picture and the answers; the caller holds the lock of the workplace.

    Parameters
    ----------
    layout : Layout
        With something in production.
    place : Workplace
        Of the service that is asked.
    ending : str
        Of the names of the files.

    Returns
    -------
    tuple of Path
        ``confusionmatrix.png`` and ``apireturns.txt``.

    Raises
    ------
    InputError
        Nothing is in production.
    ProbeError
        The service did not answer.
    """
    tests = merged(read_folder(layout.test_data_path))
    with closing(open_ledger(place)) as ledger:
        run_recorded(place, ledger, Errand("course"),
                     lambda run_id: _publish(layout, place, ledger, run_id))
    known = tests[tests[TARGET].notna()]
    probability = load_release(place).model.predict_proba(matrix(known))[:, 1]
    confusion = confusion_of(known[TARGET].to_numpy(dtype="int64"), probability, THRESHOLD)
    picture = Picture("confusion", lambda axes: draw_confusion(axes, confusion), "", 4.4, 3.4)
    paths = (layout.output_model_path / f"confusionmatrix{ending}.png",
             layout.output_model_path / f"apireturns{ending}.txt")
    rows = json.loads(tests[list(FEATURES)].astype("Int64").to_json(orient="records"))
    answers = api_returns(place, rows)
    write_bytes(paths[0], png_bytes(figure_of(picture)))
    write_text(paths[1], answers)
    return paths


def api_returns(place: Workplace, rows: list[dict[str, int | None]]) -> str:
    """Start the service, ask the course's four routes, stop it; return what they answered.

    Parameters
    ----------
    place : Workplace
    rows : list of dict
        To predict.

    Returns
    -------
    str
        A line with the route and the status, and a line with the answer, for each.
    """
    lines = []
    with running(place.out) as (service, address), requests.Session() as session:
        session.trust_env = False  # no proxy and no password file speaks for the user here
        for path in COURSE:
            try:
                answer = (session.post(address + path, json={"rows": rows},
                                       timeout=_SECONDS_TO_ANSWER)
                          if path == "/prediction" else
                          session.get(address + path, timeout=_SECONDS_TO_ANSWER))
            except requests.RequestException as err:
                raise ProbeError(f"the service did not answer {path} "
                                 f"({type(err).__name__})") from err
            lines.append(f"{path} {answer.status_code}\n{answer.text.strip()}\n")
        service.send_signal(signal.SIGTERM)
        service.wait(_SECONDS_TO_STOP)
    return "".join(lines)


def _publish(layout: Layout, place: Workplace, ledger: Ledger, run_id: int) -> int:
    """Bring the service to the state of the production: release, score, diagnostics."""
    deployed = read_production(layout)
    if deployed is None:
        raise InputError(f"{layout.prod_deployment_path}: nothing is deployed; run the flow first")
    data = merged(read_folder(layout.input_folder_path))
    sha256, latest = hashlib.sha256(deployed.model).hexdigest(), ledger.latest(Deployment)
    if latest is None or latest.record.model_sha256 != sha256:
        facts = ModelFacts("course_logistic", {"C": 1.0}, THRESHOLD, {"f1": deployed.f1},
                           hashlib.sha256(data.to_csv().encode()).hexdigest(), len(data), 0, SEED)
        release = save_release(place, model_from_bytes(deployed.model), facts)
        deploy(place, ledger, release.version, "in production", run_id=run_id)
    tests = merged(read_folder(layout.test_data_path))
    seconds = zip(("ingestion", "training"), execution_time(layout))
    ledger.append(score_rows(place, load_release(place), tests, None),
                  *integrity(data, place.settings.diagnosis), *summary_statistics(data),
                  *(Diagnostic(check="timing", subject=step, status="ok", value=value, unit="s")
                    for step, value in seconds),
                  *package_checks(required_packages(), None, None), run_id=run_id)
    return 0
