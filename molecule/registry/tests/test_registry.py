"""Push, pull by a host and by a node, over TLS that is verified."""

import json
import uuid

import pytest
import testinfra

testinfra_hosts = ["ssh://debian13"]

REGISTRY = "10.213.8.1:5443"
DOCKER = f"/etc/docker/certs.d/{REGISTRY}/ca.crt"
NODE = "/etc/containerd/certs.d/10.213.8.1_5443_"


@pytest.fixture
def control():
    return testinfra.get_host("local://")


def on_node(host, command):
    return host.run(f"sudo docker exec minikube {command}")


def digest(control, name):
    inspected = control.check_output(f"skopeo inspect docker://{REGISTRY}/{name}")
    return json.loads(inspected)["Digest"]


def pushed(control, name):
    """Push the developer's image under another name and return its digest."""
    control.check_output(
        f"skopeo copy --insecure-policy --preserve-digests docker://{REGISTRY}/team/hello:v1 docker://{REGISTRY}/{name}"
    )
    return digest(control, name)


def test_certificate_has_all_names_and_comes_from_the_labs_authority(host):
    shown = host.check_output(
        f"openssl s_client -connect {REGISTRY} -CAfile {DOCKER} -verify_return_error </dev/null 2>/dev/null"
        " | openssl x509 -noout -ext subjectAltName"
    )
    assert "IP Address:10.213.8.1" in shown and "DNS:registry.lab.example" in shown


def test_it_is_no_insecure_registry(host):
    info = json.loads(host.check_output("sudo docker info --format '{{json .RegistryConfig}}'"))
    assert not info["IndexConfigs"].get(REGISTRY) or info["IndexConfigs"][REGISTRY]["Secure"]
    assert (
        host.run(f"curl -sS http://{REGISTRY}/v2/ -o /dev/null -w '%{{http_code}}'").stdout != "200"
    )


def test_host_pulls_and_runs(host):
    run = host.run(f"sudo docker run --rm {REGISTRY}/slipway/agnhost:2.59 --version")
    assert run.rc == 0 and "app version" in run.stdout


def test_host_pushes(host, control):
    name = f"team/{uuid.uuid4().hex[:8]}:v1"
    host.check_output(f"sudo docker pull {REGISTRY}/team/hello:v1")
    host.check_output(f"sudo docker tag {REGISTRY}/team/hello:v1 {REGISTRY}/{name}")
    assert host.run(f"sudo docker push {REGISTRY}/{name}").rc == 0
    assert digest(control, name).startswith("sha256:")


def test_host_that_does_not_trust_it_is_refused(host, control):
    pushed(control, "team/host-untrusted:v1")
    host.check_output(f"sudo mv {DOCKER} {DOCKER}.away")
    try:
        refused = host.run(f"sudo docker pull {REGISTRY}/team/host-untrusted:v1")
    finally:
        host.check_output(f"sudo mv {DOCKER}.away {DOCKER}")
    assert refused.rc != 0 and "x509: certificate signed by unknown authority" in refused.stderr
    assert host.run(f"sudo docker pull {REGISTRY}/team/host-untrusted:v1").rc == 0


def test_node_pulls_by_digest(host, control):
    wanted = pushed(control, "team/pinned:v1")
    assert on_node(host, f"crictl pull {REGISTRY}/team/pinned@{wanted}").rc == 0
    images = json.loads(on_node(host, "crictl images -o json").stdout)["images"]
    assert f"{REGISTRY}/team/pinned@{wanted}" in [d for i in images for d in i["repoDigests"]]
    assert on_node(host, f"crictl pull {REGISTRY}/team/pinned@sha256:{'0' * 64}").rc != 0


def test_node_that_does_not_trust_it_is_refused(host, control):
    pushed(control, "team/node-untrusted:v1")
    on_node(host, f"mv {NODE} /root/away")
    try:
        refused = on_node(host, f"crictl pull {REGISTRY}/team/node-untrusted:v1")
    finally:
        on_node(host, f"mv /root/away {NODE}")
    assert refused.rc != 0 and "certificate signed by unknown authority" in refused.stderr
    assert on_node(host, f"crictl pull {REGISTRY}/team/node-untrusted:v1").rc == 0


def test_private_keys_are_nobody_elses(control):
    mounts = control.check_output(
        "docker inspect --format '{{json .Mounts}}' slipway-molecule-registry-files"
    )
    state = next(m["Source"] for m in json.loads(mounts) if m["Destination"] == "/etc/mirror")
    for key in (f"{state}/listeners/registry.key", f"{state}/../registry/private/ca.key"):
        assert control.file(key).mode == 0o600
