"""The cluster as converge.yml declares it, on the host and from the control machine."""

import json
import os
import time
from pathlib import Path

import kubernetes
import pytest

testinfra_hosts = ["ssh://debian13"]

MIRROR = "10.213.2.1:5081"
NODES = "/etc/containerd/certs.d/10.213.2.1_5081_"
CACHE = "/home/minikube/.minikube/cache/linux/amd64"
PROFILE = "/home/minikube/.minikube/profiles/minikube"


@pytest.fixture
def nodes(host):
    """Node objects by name, as the user of Minikube sees them."""
    with host.sudo("minikube"):
        answer = host.check_output("kubectl --context minikube get nodes -o json")
    return {node["metadata"]["name"]: node for node in json.loads(answer)["items"]}


def test_two_nodes_are_ready(nodes):
    assert sorted(nodes) == ["minikube", "minikube-m02"]
    for node in nodes.values():
        assert ("Ready", "True") in [(c["type"], c["status"]) for c in node["status"]["conditions"]]


def test_label(nodes):
    assert nodes["minikube-m02"]["metadata"]["labels"]["tier"] == "backend"


def test_unit_starts_with_the_host(host):
    assert host.service("minikube-minikube").is_enabled


def test_keys_are_for_their_user_alone(host):
    with host.sudo():
        assert host.file("/home/minikube").mode == 0o700
        assert host.file("/home/minikube/.kube/config").mode == 0o600


def test_completion(host):
    for program in ("minikube", "kubectl"):
        assert host.file(f"/usr/share/bash-completion/completions/{program}").contains(program)


@pytest.fixture
def node_image(host):
    """The image that the nodes were made from, as the mirror serves it."""
    with host.sudo():
        config = json.loads(host.check_output(f"cat {PROFILE}/config.json"))
    return config["KicBaseImage"]


def test_the_mirror_is_no_insecure_registry(host, node_image):
    with host.sudo():
        info = json.loads(host.check_output("docker info --format '{{json .RegistryConfig}}'"))
    assert node_image.startswith(f"{MIRROR}/") and MIRROR not in info["IndexConfigs"]


@pytest.mark.parametrize("node", ["minikube", "minikube-m02"])
def test_a_node_pulls_from_the_mirror_only_over_verified_tls(host, node_image, node):
    # The manifest is enough, because the image is large.
    fetch = "ctr content fetch-object --hosts-dir /etc/containerd/certs.d"
    pull = f"docker exec {node} {fetch} {node_image}"
    with host.sudo():
        assert host.run(pull).rc == 0
        host.check_output(f"docker exec {node} mv {NODES} /root/away")
        try:
            refused = host.run(pull)
        finally:
            host.check_output(f"docker exec {node} mv /root/away {NODES}")
    assert refused.rc != 0 and "certificate signed by unknown authority" in refused.stderr


def test_a_missing_image_is_reported_as_missing(host):
    """containerd must not hide the answer of the registry behind a TLS error of a second attempt."""
    with host.sudo():
        pulled = host.run(f"docker exec minikube crictl pull {MIRROR}/slipway/no-such-image:v1")
    assert pulled.rc != 0 and "not found" in pulled.stderr, pulled.stderr
    assert "x509" not in pulled.stderr


def test_programs_of_the_cluster_have_the_checksums_of_the_control_machine(host):
    facts = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"]) / "state/mirror/facts.json"
    checksums = json.loads(facts.read_text())["checksums"]["kubernetes"]
    assert sorted(checksums) == ["kubeadm", "kubectl", "kubelet"]
    for name, of in checksums.items():
        with host.sudo():
            found = host.check_output(f"sha256sum {CACHE}/*/{name}").split()[0]
        assert found == of["amd64"]


def test_the_host_does_not_trust_the_authority_of_the_lab_otherwise(host):
    url = f"https://{MIRROR}/v2/"
    own = host.run(f"curl -sS {url}")
    assert own.rc == 60, own.stderr  # the certificate is not trusted, by curl's manual
    assert host.run(f"curl -sS --cacert /usr/local/lib/slipway/minikube/ca.crt {url}").rc == 0


def test_the_control_machine_reaches_the_api():
    kubeconfig = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"]) / "state" / "kubeconfig"
    assert kubeconfig.stat().st_mode & 0o777 == 0o600
    client = kubernetes.config.new_client_from_config(str(kubeconfig))
    names = [n.metadata.name for n in kubernetes.client.CoreV1Api(client).list_node().items]
    assert sorted(names) == ["minikube", "minikube-m02"]
    assert client.configuration.host == "https://10.213.2.13:8443"


POLICY = """
{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "deny"},
 "spec": {"podSelector": {"matchLabels": {"run": "server"}}, "policyTypes": ["Ingress"]}}
"""


@pytest.fixture
def pods(host):
    """Run kubectl in a namespace with a server and a client, which goes afterwards."""

    def kubectl(words):
        with host.sudo("minikube"):
            return host.run(f"kubectl --context minikube --namespace policies {words}")

    image = "registry.k8s.io/e2e-test-images/agnhost:2.59"
    assert kubectl("create namespace policies").rc == 0
    try:
        for name in ("server", "client"):
            assert kubectl(f"run {name} --image {image} -- netexec").rc == 0
        assert kubectl("wait pod --all --for condition=Ready --timeout 120s").rc == 0
        yield kubectl
    finally:
        kubectl("delete namespace policies")


def test_a_network_policy_blocks_until_it_is_removed(pods):
    address = pods("get pod server -o jsonpath={.status.podIP}").stdout

    def becomes(reached):
        end = time.monotonic() + 120
        connect = f"exec client -- /agnhost connect --timeout=2s {address}:8080"
        while (pods(connect).rc == 0) is not reached:
            assert time.monotonic() < end

    becomes(True)
    assert pods(f"apply -f - <<'END'\n{POLICY}END").rc == 0
    becomes(False)
    assert pods("delete networkpolicy deny").rc == 0
    becomes(True)


def test_the_host_reaches_a_load_balancer_in_the_network_of_the_nodes(host, pods):
    assert pods("expose pod server --port 8080 --type LoadBalancer").rc == 0
    query = "get service server -o jsonpath={.status.loadBalancer.ingress[0].ip}"
    end = time.monotonic() + 60
    while not (address := pods(query).stdout):
        assert time.monotonic() < end
    assert address.startswith("192.168.49.2")
    asked = f"curl -s --retry 20 --retry-all-errors --max-time 5 http://{address}:8080/hostname"
    assert host.check_output(asked) == "server"
