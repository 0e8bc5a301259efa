"""Ask a running service as its users do: POST one person, see status code and result.

In: the address of a service. Out: the status code and the text of its answer. It works on any
address, so it is also the smoke test of a deployment.
"""

import json
import os
from pathlib import Path

import requests

from census.errors import InputError
from census.files import shown

PATH = "/v1/predictions"
KEY_VARIABLE = "CENSUS_API_KEY"
_MOST_SHOWN = 2000
#: A made-up person, in the field names of the data.
EXAMPLE = {
    "age": 52, "workclass": "Self-emp-inc", "fnlgt": 209642, "education": "Masters",
    "education-num": 14, "marital-status": "Married-civ-spouse", "occupation": "Exec-managerial",
    "relationship": "Husband", "race": "White", "sex": "Male", "capital-gain": 15024,
    "capital-loss": 0, "hours-per-week": 50, "native-country": "United-States"}


def ask(address: str, person: Path | None, timeout: float) -> tuple[int, str]:
    """POST one person to a service.

    Parameters
    ----------
    address : str
        Such as ``http://127.0.0.1:8000``.
    person : Path or None
        A file of JSON; an example without one.
    timeout : float
        Seconds to wait.

    Returns
    -------
    int
        The status code.
    str
        The answer, cut where it gets long.

    Raises
    ------
    InputError
        The file cannot be read, or nothing answers at the address.
    """
    headers = {"Content-Type": "application/json"}
    if os.environ.get(KEY_VARIABLE):
        headers["X-API-Key"] = os.environ[KEY_VARIABLE]
    try:
        answer = requests.post(address.rstrip("/") + PATH, data=_body(person), headers=headers,
                               timeout=timeout, allow_redirects=False)
    except (requests.RequestException, ValueError) as err:
        raise InputError(f"no answer from {address}: {type(err).__name__}; is the service "
                         "running there?") from err
    return answer.status_code, answer.text[:_MOST_SHOWN]


def _body(person: Path | None) -> bytes:
    if person is None:
        return json.dumps(EXAMPLE).encode()
    try:
        return person.read_bytes()
    except OSError as err:
        raise InputError(f"cannot read {shown(person)}: {err.strerror}; name a file of "
                         "JSON") from err
