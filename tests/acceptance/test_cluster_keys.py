"""Another key of service accounts in a running cluster of kubeadm, under load, killed and continued."""

import base64
import json
import os
import signal
import ssl
import time
import urllib.error
import urllib.request

import pytest

from support.cluster import address, load_on_api, on
from support.kubeadm_lab import ADDRESSES, CONTROL_PLANES
from support.load import Load
from support.on_cluster import until

pytestmark = pytest.mark.long

PKI = "/etc/kubernetes/pki"
OVERLAP_HOURS = 0.05
WORDS = (
    "-e",
    json.dumps(
        {
            "kubernetes_service_account_key": "2026-01",
            "kubernetes_service_account_key_overlap": OVERLAP_HOURS,
        }
    ),
)
LEGACY = """
apiVersion: v1
kind: Secret
type: kubernetes.io/service-account-token
metadata: {name: robot, annotations: {kubernetes.io/service-account.name: default}}
"""
TRUST_ALL = ssl.create_default_context()
TRUST_ALL.check_hostname, TRUST_ALL.verify_mode = False, ssl.CERT_NONE


def status(url, token):
    """Return the status of a request with a token; /api may be read by all who are known."""
    request = urllib.request.Request(f"{url}/api", headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=5, context=TRUST_ALL) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def kid(token):
    """Return the id of the key that signed a token."""
    header = token.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"]


def pod_tokens(host):
    """Return the tokens that the pods of a host have."""
    found = "find /var/lib/kubelet/pods -type f -name token -path '*kubernetes.io~projected*'"
    # The files have no end of line.
    return on(host, "sh", "-c", f"{found} -exec sh -c 'cat \"$1\"; echo' - {{}} \\;").split()


class PodLoad(Load):
    """Asks the API each second with the token that a pod of node1 has at that moment."""

    def __init__(self, url):
        super().__init__(url, pause=1)
        self._url = url

    def ask(self):
        try:
            found = status(self._url, pod_tokens("node1")[0])
        except (OSError, IndexError) as error:
            return repr(error)
        return "" if found == 200 else str(found)


def keys(host):
    """Return the names of the keys in the file that a host verifies with."""
    text = on(host, "cat", f"{PKI}/sa.pub")
    return [line.split()[-1] for line in text.splitlines() if line.startswith("# ")]


def files():
    """Return the checksums of the keys of all control planes."""
    command = f"sha256sum {PKI}/sa*"
    return [on(host, "sh", "-c", command) for host in CONTROL_PLANES]


def secret_token(cluster):
    """Return the token in the Secret robot when it has one."""
    read = ("get", "secret", "robot", "-o", "jsonpath={.data.token}")
    return base64.b64decode(until(lambda: cluster.kubectl(*read), patience=60, pause=1)).decode()


@pytest.fixture(scope="module")
def lab(cluster):
    return cluster.json("up")


@pytest.fixture(scope="module")
def url(lab):
    return f"https://{address(lab, 'node1')}:7443"


@pytest.fixture(scope="module")
def former(cluster, lab, tmp_path_factory):
    """Tokens of the key of kubeadm: a requested one, and that of a Secret."""
    path = tmp_path_factory.mktemp("legacy") / "secret.yml"
    path.write_text(LEGACY)
    cluster.kubectl("apply", "-f", str(path))
    requested = cluster.kubectl("create", "token", "default", "--duration", "24h").strip()
    return requested, secret_token(cluster)


@pytest.fixture
def load(lab, url):
    """Load on the API without a user and with tokens of pods, of which no request may fail."""
    api, pods = load_on_api(lab), PodLoad(url)
    with api, pods:
        yield
    assert api.requests > 100 and api.failures == []
    assert pods.requests > 10 and pods.failures == []


def test_check_mode_predicts_another_key_and_names_secrets(cluster, former):
    before = files()
    done = cluster.run("up", *WORDS, "--check", "--diff", "-v")
    assert done.returncode == 0 and "The Secret default/robot" in done.stdout + done.stderr
    assert cluster.json("up", *WORDS, "--check", "--diff")["changed"] > 0
    assert files() == before


def test_a_replacement_that_is_killed_continues_without_a_failed_request(
    cluster, former, url, load
):
    start = cluster.start("up", *WORDS)
    until(lambda: "2026-01" in keys("cp3"), patience=900, pause=5)
    os.killpg(start.pid, signal.SIGKILL)
    start.communicate()
    assert all(status(url, token) == 200 for token in former)
    cluster.json("up", *WORDS)
    new = cluster.kubectl("create", "token", "default").strip()
    assert kid(new) != kid(former[0])
    for _ in range(10):
        assert [status(url, token) for token in (new, *former)] == [200, 200, 200]
    assert all(keys(host) == ["1", "2026-01"] for host in CONTROL_PLANES)


def test_a_second_run_changes_nothing_while_tokens_need_the_former_key(cluster, former, url):
    time.sleep(3600 * OVERLAP_HOURS)
    done = cluster.run("up", *WORDS, "-v")
    assert "The Secret default/robot has a token of the former key" in done.stdout + done.stderr
    assert cluster.json("up", *WORDS)["changed"] == 0
    assert all(status(url, token) == 200 for token in former)


def test_the_former_key_goes_when_no_token_needs_it(cluster, former, url, load):
    cluster.kubectl("patch", "secret", "robot", "--type", "json", "--patch",
                    '[{"op": "remove", "path": "/data/token"}]')  # fmt: skip
    legacy = secret_token(cluster)
    # A kubelet that starts again requests new tokens, hours earlier than it would.
    for host in ADDRESSES:
        on(host, "systemctl", "restart", "kubelet")
    old = kid(former[0])
    until(
        lambda: all(kid(one) != old for host in ADDRESSES for one in pod_tokens(host)),
        patience=900,
        pause=5,
    )
    # Clients read their token again each minute.
    time.sleep(90)
    assert cluster.json("up", *WORDS, "--check")["changed"] > 0
    cluster.json("up", *WORDS)
    assert [status(url, token) for token in former] == [401, 401]
    assert status(url, legacy) == 200
    assert all(keys(host) == ["2026-01"] for host in CONTROL_PLANES)
    assert all("sa-new" not in one for one in files())


def test_the_new_key_needs_nothing_more_and_a_control_plane_that_joins_has_it(cluster, url):
    assert cluster.json("up", *WORDS, "--check")["changed"] == 0
    assert cluster.json("up", *WORDS)["changed"] == 0
    before = files()
    cluster.json("up", *WORDS, "--replace", "cp3")
    assert files() == before
    token = cluster.kubectl("create", "token", "default").strip()
    assert [status(url, token) for _ in range(10)] == [200] * 10
    assert cluster.json("up", *WORDS)["changed"] == 0


def test_no_output_shows_a_key(cluster):
    done = cluster.run("up", "-vvv", "--diff", *WORDS)
    secret = on("cp1", "cat", f"{PKI}/sa.key").splitlines()[3]
    assert done.returncode == 0 and secret not in done.stdout + done.stderr
