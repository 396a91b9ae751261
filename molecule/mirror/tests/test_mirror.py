"""A host can download every artifact over TLS, and the checksums match."""

import json

import pytest

testinfra_hosts = ["ssh://debian13"]

FILES = "https://10.213.5.1:5080"
REGISTRY = "https://10.213.5.1:5081"
CA = "/etc/docker/certs.d/10.213.5.1:5081/ca.crt"
PROGRAMS = {
    "kubeadm": "kubernetes/v1.35.1/bin/linux/amd64/kubeadm",
    "kubectl": "kubernetes/v1.35.1/bin/linux/amd64/kubectl",
    "kubelet": "kubernetes/v1.35.1/bin/linux/amd64/kubelet",
    "minikube": "minikube/v1.38.1/minikube-linux-amd64",
}
FETCH = (
    f"SSL_CERT_FILE={CA} python3 -c 'import sys, urllib.request;"
    " sys.stdout.buffer.write(urllib.request.urlopen(sys.argv[1]).read())' {}"
)


def test_programs_have_their_published_checksums(host):
    for path in PROGRAMS.values():
        published = host.check_output(FETCH.format(f"{FILES}/{path}.sha256"))
        found = host.check_output(FETCH.format(f"{FILES}/{path}") + " | sha256sum")
        assert found.split()[0] == published.split()[0]


def test_a_program_runs_on_the_host(host):
    host.check_output(FETCH.format(f"{FILES}/{PROGRAMS['kubectl']}") + " > /tmp/kubectl")
    host.check_output("chmod +x /tmp/kubectl")
    version = json.loads(host.check_output("/tmp/kubectl version --client -o json"))
    assert version["clientVersion"]["gitVersion"] == "v1.35.1"


def test_registry_has_a_node_image(host):
    catalog = json.loads(host.check_output(FETCH.format(f"{REGISTRY}/v2/_catalog")))
    assert {"slipway/node", "kicbase"} & set(catalog["repositories"])


# The idempotence step proves that the digest matches: an image with another digest would be copied again.
def test_image_of_a_set_is_served_as_it_was_made(host):
    accept = "application/vnd.oci.image.manifest.v1+json"
    fetch = FETCH.replace(
        "sys.argv[1]", f'urllib.request.Request(sys.argv[1], headers={{"Accept": "{accept}"}})'
    )
    answer = host.check_output(fetch.replace("{}", f"{REGISTRY}/v2/slipway/agnhost/manifests/2.59"))
    layers = json.loads(answer)["layers"]
    assert [layer["mediaType"] for layer in layers] == ["application/vnd.oci.image.layer.v1.tar"]


@pytest.mark.parametrize(
    ("port", "refusal"), [(5081, "403"), (5082, "401")], ids=["reading", "writing"]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "slipway/node/blobs/uploads/"),
        ("PUT", "slipway/node/manifests/other"),
        ("DELETE", "slipway/agnhost/manifests/2.59"),
    ],
)
def test_nobody_but_its_maker_writes(host, port, refusal, method, path):
    url = REGISTRY.replace("5081", str(port))
    request = (
        f"SSL_CERT_FILE={CA} python3 -c 'import sys, urllib.request as u, urllib.error\n"
        'try: u.urlopen(u.Request(sys.argv[2], data=b"{}", method=sys.argv[1]))\n'
        "except urllib.error.HTTPError as error: print(error.code)'"
    )
    assert host.check_output(f"{request} {method} {url}/v2/{path}") == refusal


def test_servers_are_reached_nowhere_else(host):
    assert host.run(FETCH.format("https://10.213.5.13:5080/")).rc != 0


@pytest.mark.parametrize("port", [5080, 5081, 5082])
def test_a_host_that_does_not_trust_the_authority_gets_nothing(host, port):
    fetch = FETCH.format(f"https://10.213.5.1:{port}/")
    done = host.run(fetch.replace(CA, "/etc/ssl/certs/ca-certificates.crt"))
    assert done.rc != 0 and "CERTIFICATE_VERIFY_FAILED" in done.stderr and not done.stdout


@pytest.mark.parametrize("port", [5080, 5081, 5082])
@pytest.mark.parametrize("path", ["", PROGRAMS["kubectl"], "v2/_catalog"])
def test_nothing_is_served_without_tls(host, port, path):
    done = host.run(FETCH.format(f"http://10.213.5.1:{port}/{path}"))
    assert done.rc != 0 and "HTTP Error 400" in done.stderr and not done.stdout


def test_the_certificate_names_only_the_mirror(host):
    shown = host.check_output(
        f"openssl s_client -connect 10.213.5.1:5081 -CAfile {CA} -verify_return_error </dev/null 2>/dev/null"
        " | openssl x509 -noout -ext subjectAltName"
    )
    assert shown.split("\n")[1].strip() == "IP Address:10.213.5.1"
