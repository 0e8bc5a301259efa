"""Deploy a bundle to Heroku, or go back to what ran before, by Heroku's Platform API.

In: an app's name, and ``HEROKU_API_KEY`` in the environment. Out: lines for the log of a
workflow, and an exit code. Only the bundle is sent: no repository, no history, no Git remote.

    python -m census.heroku deploy --app NAME        # bundle, build, wait until it is released
    python -m census.heroku rollback --app NAME      # the release before the current one
"""

import argparse
import hashlib
import os
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import requests

from census.bundle import make_bundle, pack
from census.errors import CensusError, InputError

API, KEY_VARIABLE = "https://api.heroku.com", "HEROKU_API_KEY"
_SECONDS, _SECONDS_TO_BUILD, _SECONDS_BETWEEN = 30, 900, 3.0
DONE, FAILED, BAD_INPUT = 0, 1, 2


class HerokuError(CensusError):
    """Heroku refused, or did not do what was asked."""


class Heroku:
    """One app behind the Platform API.

    Parameters
    ----------
    app : str
    key : str
        Sent to ``api`` only.
    api : str
    """

    def __init__(self, app: str, key: str, api: str = API) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9-]{1,28}[a-z0-9]", app):
            raise InputError(f"{app!a} is no name of an app")
        if not api.startswith(("https://", "http://127.0.0.1:")):
            raise InputError(f"{api!a} is no https address")
        self._app, self._api = app, api.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False  # a .netrc must not take the key's place
        self._session.headers.update({
            "Authorization": f"Bearer {key}", "Accept": "application/vnd.heroku+json; version=3"})

    def deploy(self, tarball: bytes, version: str) -> str:
        """Build a tarball, wait until it is released, and return the app's address.

        Parameters
        ----------
        tarball : bytes
        version : str
            Shown by Heroku beside the release.

        Returns
        -------
        str
        """
        places = self._call("POST", "/sources")["source_blob"]
        # Not by the session: the key is Heroku's, the store behind this address is another's.
        sent = requests.put(places["put_url"], data=tarball, headers={"Content-Type": ""},
                            timeout=_SECONDS_TO_BUILD)
        if not sent.ok:
            raise HerokuError(f"the store took no tarball: status {sent.status_code}")
        build = self._call("POST", f"/apps/{self._app}/builds", {"source_blob": {
            "url": places["get_url"], "version": version,
            "checksum": f"SHA256:{hashlib.sha256(tarball).hexdigest()}"}})
        build = self._wait(f"/apps/{self._app}/builds/{build['id']}", build)
        release = f"/apps/{self._app}/releases/{build['release']['id']}"
        released = self._wait(release, self._call("GET", release))
        print(f"released v{released['version']}: {version}", flush=True)
        return str(self._call("GET", f"/apps/{self._app}")["web_url"])

    def rollback(self) -> int:
        """Release again the code that ran before the current one; return its version.

        Releases of the same code, such as those of a changed setting, are passed over.
        """
        found = self._call("GET", f"/apps/{self._app}/releases", headers={
            "Range": "version ..; order=desc, max=200"})
        done = [release for release in found if release["status"] == "succeeded"
                and release["slug"]]
        now = next((release for release in done if release["current"]), None)
        earlier = [release for release in done if now and release["version"] < now["version"]
                   and release["slug"]["id"] != now["slug"]["id"]]
        if not earlier:
            raise HerokuError("there is no earlier release of other code to go back to")
        target = max(earlier, key=lambda release: int(release["version"]))
        new = self._call("POST", f"/apps/{self._app}/releases", {"release": target["id"]})
        self._wait(f"/apps/{self._app}/releases/{new['id']}", new)
        return int(target["version"])

    def _wait(self, path: str, found: Any) -> Any:
        """Ask until a build or release is no longer pending; it must have succeeded."""
        end = time.monotonic() + _SECONDS_TO_BUILD
        while found["status"] == "pending":
            if time.monotonic() > end:
                raise HerokuError(f"{path} is still pending after {_SECONDS_TO_BUILD} s")
            time.sleep(_SECONDS_BETWEEN)
            found = self._call("GET", path)
        if found["status"] != "succeeded":
            raise HerokuError(f"{path} {found['status']}; its log stands in Heroku's dashboard")
        return found

    def _call(self, method: str, path: str, body: Any = None,
              headers: dict[str, str] | None = None) -> Any:
        try:
            answer = self._session.request(method, self._api + path, json=body, headers=headers,
                                           timeout=_SECONDS, allow_redirects=False)
            content = answer.json()
        except (requests.RequestException, ValueError) as err:
            raise HerokuError(f"no answer to {method} {path}: {type(err).__name__}") from err
        if not 200 <= answer.status_code < 300:
            said = content.get("message", "") if isinstance(content, dict) else ""
            raise HerokuError(f"{method} {path}: status {answer.status_code} {said!a:.200}")
        return content


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 1 when Heroku did not do it, or 2 for bad input."""
    parser = argparse.ArgumentParser(prog="python -m census.heroku", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("bundle", "deploy", "rollback"))
    parser.add_argument("--app", default="", metavar="NAME", help="of the app at Heroku")
    parser.add_argument("--out", type=Path, default=Path("build"), metavar="FOLDER",
                        help="where the folder `releases` is (default: build)")
    parser.add_argument("--api", default=API, help=argparse.SUPPRESS)
    words = parser.parse_args(argv)
    try:
        if words.command != "rollback":
            version = make_bundle(words.out, words.out / "bundle")
            print(f"bundle of {version}: {words.out / 'bundle'}", flush=True)
        if words.command == "bundle":
            return DONE
        heroku = Heroku(words.app, _key(), words.api)
        if words.command == "rollback":
            print(f"went back to v{heroku.rollback()}")
        else:
            print(f"address: {heroku.deploy(pack(words.out / 'bundle'), version)}")
    except CensusError as err:
        print(f"census.heroku {words.command}: {err}", file=sys.stderr)
        return FAILED if isinstance(err, HerokuError) else BAD_INPUT
    return DONE


def _key() -> str:
    key = os.environ.get(KEY_VARIABLE, "")
    if not key:
        raise InputError(f"{KEY_VARIABLE} is not set; it holds the key of your Heroku account")
    return key


if __name__ == "__main__":
    sys.exit(main())
