"""Write down what the usual course wants as screenshots: the words, and where they come from.

In: a folder with a release. Out: text files by the names of the pictures, misspelt one included.
What is shown was asked of a real service just now. What cannot be seen from here, a run of the
workflows, is not made up: their steps are listed, and where the record of a run stands.
"""

import json
import subprocess
import sys
from pathlib import Path

import requests

from census.files import write_text
from census.live import EXAMPLE, PATH, ask
from census.probe import running

_MODULE = Path(__file__).parents[2]
_WORKFLOWS = _MODULE.parent / ".github" / "workflows"
_SECONDS = 10
_NO_RUN = ("This lists what the workflow {name} does. It is not the record of a run:\n"
           "that one stands on the page Actions of the repository.\n\n{steps}\n")


def write_transcripts(out: Path, folder: Path) -> None:
    """Start the service, ask it, stop it; write the transcripts.

    Parameters
    ----------
    out : Path
        Where ``releases`` is.
    folder : Path
        Where the texts go.
    """
    with running(out) as (_, address):
        greeting = requests.get(address, timeout=_SECONDS)
        status, result = ask(address, None, _SECONDS)
        description = requests.get(f"{address}/openapi.json", timeout=_SECONDS).json()
    body = description["paths"][PATH]["post"]["requestBody"]["content"]["application/json"]
    posted = f"POST {PATH}\n{_pretty(EXAMPLE)}\n\nstatus code: {status}\nresult: {result}\n"
    texts = {
        "example": f"The example of POST {PATH} in /docs and /openapi.json\n\n"
                   f"{_pretty(body['examples'])}\n",
        "live_get": f"GET /\n\nstatus code: {greeting.status_code}\nresult: {greeting.text}\n",
        "live_post": posted, "local_api": posted, "dvcdag": _dag(),
        "continuous_integration": _workflow("ci.yml"),
        "continuous_deloyment": _workflow("deploy.yml")}
    for name, text in texts.items():
        write_text(folder / f"{name}.txt", text)


def _pretty(content: object) -> str:
    return json.dumps(content, indent=2)


def _dag() -> str:
    done = subprocess.run([sys.executable, "-m", "dvc", "dag"], cwd=_MODULE, check=False,
                          capture_output=True, text=True)
    return f"$ dvc dag\n{done.stdout}{done.stderr}"


def _workflow(name: str) -> str:
    import yaml  # pylint: disable=import-outside-toplevel  # for this text only

    try:
        jobs = yaml.safe_load((_WORKFLOWS / name).read_text(encoding="utf-8"))["jobs"]
    except OSError:
        return f"There is no workflow {name}: this module stands outside of its repository.\n"
    lines = []
    for job, content in jobs.items():
        lines.append(f"job {job}: {content.get('name', job)}")
        lines += [f"  - {step.get('name') or step.get('run') or step['uses']}".rstrip()
                  for step in content["steps"]]
    return _NO_RUN.format(name=name, steps="\n".join(lines))
