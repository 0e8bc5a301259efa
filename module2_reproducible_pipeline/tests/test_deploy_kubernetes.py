"""The Kubernetes manifests: valid by the published schemas, and true to the image."""

import copy
import json
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from image_steps import instructions, one

import rentals

DEPLOY = Path(__file__).parents[1] / "deploy"
STEPS = instructions((DEPLOY / "Containerfile").read_text("utf-8"))
MANIFESTS = {path.stem: yaml.safe_load(path.read_text("utf-8"))
             for path in sorted((DEPLOY / "kubernetes").glob("*.yaml"))}
NEWEST = kubernetes_validate.latest_version()
POD = MANIFESTS["deployment"]["spec"]["template"]
CONTAINER, = POD["spec"]["containers"]


def test_there_are_a_deployment_and_a_service():
    assert {name: manifest["kind"] for name, manifest in MANIFESTS.items()} == {
        "deployment": "Deployment", "service": "Service"}


@pytest.mark.parametrize("version", ["1.30", NEWEST])
@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_is_valid_by_the_schema_and_has_no_unknown_field(name, version):
    kubernetes_validate.validate(MANIFESTS[name], version, strict=True)


@pytest.mark.parametrize("change", [
    lambda pod: pod["containers"][0].update(livenesProbe={}),
    lambda pod: pod["containers"][0].update(ports=8080),
    lambda pod: pod["containers"][0].pop("name"),
    lambda pod: pod["securityContext"].update(runAsNonRoot="yes")])
def test_the_validator_finds_a_mistake(change):
    broken = copy.deepcopy(MANIFESTS["deployment"])
    change(broken["spec"]["template"]["spec"])
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, NEWEST, strict=True)


def test_the_service_finds_the_copies_at_the_port_on_which_they_listen():
    service, labels = MANIFESTS["service"]["spec"], POD["metadata"]["labels"]
    for selector in (service["selector"], MANIFESTS["deployment"]["spec"]["selector"][
            "matchLabels"]):
        assert selector and selector.items() <= labels.items()
    port, = CONTAINER["ports"]
    assert service["ports"][0]["targetPort"] == port["name"]
    command = json.loads(one(STEPS, "CMD"))
    assert str(port["containerPort"]) == one(STEPS, "EXPOSE") == command[
        command.index("--port") + 1]


@pytest.mark.parametrize("probe", ["startupProbe", "readinessProbe", "livenessProbe"])
def test_every_probe_asks_what_the_health_check_of_the_image_asks(probe):
    asked = CONTAINER[probe]["httpGet"]
    assert asked["port"] == CONTAINER["ports"][0]["name"]
    assert f":8080{asked['path']}'" in one(STEPS, "HEALTHCHECK")


def test_the_copies_have_bounds_and_no_rights():
    assert set(CONTAINER["resources"]["limits"]) == {"cpu", "memory"}
    assert CONTAINER["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]}}
    user = POD["spec"]["securityContext"]
    assert user["runAsNonRoot"] and f"{user['runAsUser']}:{user['runAsGroup']}" == one(
        STEPS, "USER")
    assert POD["spec"]["automountServiceAccountToken"] is False
    # The disk cannot be written, but a request in CSV needs a file.
    assert CONTAINER["volumeMounts"] == [{"name": "scratch", "mountPath": "/tmp"}]
    assert "emptyDir" in POD["spec"]["volumes"][0]


def test_the_image_is_that_of_this_version():
    assert CONTAINER["image"] == f"rentals:{rentals.__version__}"
    assert POD["metadata"]["labels"]["app.kubernetes.io/version"] == rentals.__version__
