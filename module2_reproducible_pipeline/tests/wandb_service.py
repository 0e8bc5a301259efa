"""What the stand-in of W&B knows: as much GraphQL as our runs need, and all that it was sent.

In: operations and bytes. Out: answers, or a `Refusal` of everything unknown.
"""

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field

ENTITY = "nobody"
_OPERATION = re.compile(r"\s*(?:query|mutation)\s+(\w+)")


class Refusal(Exception):
    """The client asked for something unknown or impossible."""


@dataclass
class Run:
    """What was received of one run."""

    config: dict = field(default_factory=dict)
    history: list = field(default_factory=list)
    summary: dict = field(default_factory=dict)
    exit_code: int | None = None


@dataclass
class Artifact:
    """What was received of one artifact."""

    name: str
    metadata: dict
    digest: str
    is_committed: bool = False
    files: dict = field(default_factory=dict)


@dataclass
class StandIn:
    """The state of the service."""

    address: str = ""
    runs: dict = field(default_factory=dict)
    artifacts: list = field(default_factory=list)
    uploads: dict = field(default_factory=dict)
    operations: list = field(default_factory=list)
    refused: list = field(default_factory=list)

    def answer(self, query, variables):
        """Return the data of a GraphQL operation."""
        found = _OPERATION.match(query)
        name = found.group(1) if found else query[:40]
        self.operations.append(name)
        if name not in _ANSWERS:
            raise Refusal(f"unknown operation {name}")
        try:
            return _ANSWERS[name](self, variables or {})
        except (KeyError, TypeError, IndexError) as err:
            raise Refusal(f"{name}: {type(err).__name__}: {err}") from err

    def stream(self, run, content):
        """Take a piece of the history and summary of a run."""
        for name, piece in content.get("files", {}).items():
            lines = [json.loads(line) for line in piece["content"]]
            if name == "wandb-history.jsonl":
                self.runs[run].history += lines
            elif name == "wandb-summary.json":
                self.runs[run].summary = lines[-1]
            else:
                raise Refusal(f"unknown stream {name}")
        if content.get("complete"):
            self.runs[run].exit_code = content["exitcode"]

    def upload(self, path, content):
        """Take the bytes of a file whose place was given out before."""
        if path not in self.uploads:
            raise Refusal(f"nobody was told to upload to {path}")
        self.uploads[path] = content

    def place(self, *parts):
        """Give out a place for an upload."""
        path = "/storage/" + hashlib.sha256("\n".join(parts).encode()).hexdigest()
        self.uploads.setdefault(path, None)
        return path

    def commit(self, number):
        """Finish an artifact whose every file has come, as its manifest says it should."""
        artifact = self.artifacts[int(number)]
        manifest = json.loads(self.uploads[self.place(number, "manifest")])
        for name, entry in manifest["contents"].items():
            content = self.uploads[self.place(number, name)]
            if content is None or _md5(content) != entry["digest"]:
                raise Refusal(f"{artifact.name}: {name} did not come, or came damaged")
            artifact.files[name] = content
        artifact.is_committed = True
        return artifact


def _md5(content):
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


def _viewer(_, __):
    return {"viewer": {"id": "1", "entity": ENTITY, "username": ENTITY, "email": "", "flags": "{}",
                       "teams": {"edges": []}}}


def _upsert_bucket(service, given):
    run = service.runs.setdefault(given["name"], Run())
    run.config |= json.loads(given["config"] or "{}")
    return {"upsertBucket": {"inserted": True, "bucket": {
        "id": given["name"], "name": given["name"], "displayName": given["displayName"],
        "description": None, "config": "{}", "sweepName": None, "historyLineCount": 0,
        "project": {"id": "1", "name": given["project"], "entity": {"id": "1", "name": ENTITY}}}}}


def _create_artifact(service, given):
    asked = given["input"]
    service.artifacts.append(Artifact(asked["artifactCollectionName"],
                                      json.loads(asked["metadata"]), asked["digest"]))
    return {"createArtifact": {"artifact": {
        "id": str(len(service.artifacts) - 1), "state": "PENDING",
        "artifactSequence": {"id": "1", "latestArtifact": None}}}}


def _create_manifest(service, given):
    number = given["artifactID"]
    upload = {"uploadUrl": service.address + service.place(number, "manifest"),
              "uploadHeaders": []} if given["includeUpload"] else {}
    return {"createArtifactManifest": {"artifactManifest": {
        "id": number, "file": {"id": "1", **upload}}}}


def _create_files(service, given):
    nodes = [{"node": {
        "id": str(number), "name": one["name"], "displayName": one["name"], "uploadHeaders": [],
        "uploadUrl": service.address + service.place(one["artifactID"], one["name"]),
        "storagePath": one["name"], "uploadMultipartUrls": None,
        "artifact": {"id": one["artifactID"]}}} for number, one in enumerate(
            given["input"]["artifactFiles"])]
    return {"createArtifactFiles": {"files": {"edges": nodes}}}


def _commit(service, given):
    artifact = service.commit(given["artifactID"])
    return {"commitArtifact": {"artifact": {"id": given["artifactID"],
                                            "digest": artifact.digest}}}


def _create_run_files(service, given):
    return {"createRunFiles": {"runID": given["run"], "uploadHeaders": [], "files": [
        {"name": name, "uploadUrl": service.address + service.place(given["run"], name)}
        for name in given["files"]]}}


_ANSWERS = {
    "Viewer": _viewer,
    "UpsertBucket": _upsert_bucket,
    "ServerFeaturesQuery": lambda *_: {"serverInfo": {"features": []}},
    "ArtifactType": lambda *_: {"project": {"artifact": None}},
    "CreateArtifact": _create_artifact,
    "CreateArtifactManifest": _create_manifest,
    "CreateArtifactFiles": _create_files,
    "CommitArtifact": _commit,
    "CreateRunFiles": _create_run_files,
}
