"""The steps to another key of service accounts, from what the control planes have."""

import base64
import hashlib
import json

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_service_account import (
    PKI,
    former_key_reasons,
    service_account_plan,
    service_account_problems,
)

HOSTS = ("cp1", "cp2", "cp3")
HOUR = 3600


def encode(text):
    return base64.b64encode(text.encode()).decode()


def part(document):
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


def public(name, label=True):
    """Return a public key. The tests make up its bytes."""
    pem = f"-----BEGIN PUBLIC KEY-----\n{encode(f'key {name}')}\n-----END PUBLIC KEY-----\n"
    return f"# slipway key {name}\n{pem}" if label else pem


def private(name, label=True):
    pem = f"-----BEGIN PRIVATE KEY-----\n{encode(name)}\n-----END PRIVATE KEY-----\n"
    return f"# slipway key {name}\n{pem}" if label else pem


def kid(name):
    digest = hashlib.sha256(f"key {name}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class Host:
    """A control plane: its files, and what its API server read when it started."""

    def __init__(self, key="1", label=False):
        self.files = {"sa.pub": public(key, label), "sa.key": private(key, label)}
        self.since, self.other = 0, ""
        self.start()

    def names(self, text):
        """Return the names of the keys in a file."""
        bodies = [line for line in text.splitlines() if not line.startswith(("-", "#"))]
        return [base64.b64decode(one).decode().removeprefix("key ") for one in bodies]

    def start(self):
        self.verifies = self.names(self.files["sa.pub"])
        (self.signs,) = self.names(self.files["sa.key"])

    def write(self, files):
        for one in files:
            name = one["path"].removeprefix(f"{PKI}/")
            if one.get("state") == "absent":
                self.files.pop(name, None)
            else:
                assert one["mode"] == "0600"
                self.files[name] = one["content"]

    def look(self):
        lines = [
            f"public={encode(self.files['sa.pub'])}",
            "verifies="
            + encode(json.dumps({"keys": [{"kid": kid(one)} for one in self.verifies]})),
            f"signs={part({'kid': kid(self.signs)})}",
            f"since={self.since}",
            f"other={self.other}",
        ]
        for fact, file in (("key", "sa.key"), ("new", "sa-new.key")):
            if file in self.files:
                (name,) = self.names(self.files[file])
                lines.append(f"{fact}={encode(public(name, False))} {encode(self.files[file])}")
        return lines


def cluster():
    return {name: Host() for name in HOSTS}


def plan(hosts, key, overlap=24, leaving=()):
    looks = {name: host.look() for name, host in hosts.items()}
    declared = {"key": key, "overlap": overlap, "control_planes": HOSTS, "leaving": list(leaving)}
    return service_account_plan(looks, declared)


def change(hosts, key):
    """Yield after each change of one control plane until the key is the only one."""
    made = 0
    while (found := plan(hosts, key, overlap=0))["step"]:
        assert found["problem"] == "" and found["step"] != "wait"
        if found["step"] == "create":
            made += 1
            hosts["cp1"].files["sa-new.key"] = private(key)
            yield found["step"]
        for host in hosts.values():
            host.write(found["files"])
            yield found["step"]
        for name in found["pending"]:
            hosts[name].start()
            yield found["step"]
    assert made <= 1


def test_the_key_of_kubeadm_needs_nothing():
    assert plan(cluster(), "1")["step"] == ""
    assert plan({name: Host("2026", label=True) for name in HOSTS}, 2026)["step"] == ""
    assert plan({}, "2")["step"] == ""


def test_another_key_has_its_steps():
    hosts = cluster()
    assert list(dict.fromkeys(change(hosts, "2"))) == ["create", "verify", "sign", "drop"]
    for host in hosts.values():
        assert host.verifies == ["2"] and host.signs == "2"
        assert host.files == {"sa.pub": public("2"), "sa.key": private("2")}


@pytest.mark.parametrize("restarted", [False, True])
def test_each_api_server_verifies_what_any_of_them_signs_wherever_a_run_ends(restarted):
    """Stop after each change, and declare each key from there. An API server may start by itself at any time."""
    for other in ("1", "2", "3"):
        for end in range(100):
            hosts = cluster()
            steps = change(hosts, "2")
            stopped = [step for _, step in zip(range(end), steps, strict=False)]
            if restarted:
                hosts["cp2"].start()
            for _ in change(hosts, other):
                for host in hosts.values():
                    assert {one.signs for one in hosts.values()} <= set(host.verifies)
            assert {host.signs for host in hosts.values()} == {other}
            if len(stopped) < end:
                break
        else:
            pytest.fail("the change does not end")


def test_the_overlap_counts_from_the_last_api_server_that_got_the_key():
    hosts = cluster()
    for step in change(hosts, "2"):
        if step == "sign" and plan(hosts, "2")["step"] == "wait":
            break
    for host in hosts.values():
        host.since = 30 * HOUR
    hosts["cp3"].since = 20 * HOUR
    found = plan(hosts, "2")
    assert (found["step"], found["hours"], found["files"]) == ("wait", 4.0, [])
    assert "4.0 hours at least" in former_key_reasons(found, [], {}, HOSTS)[0]
    hosts["cp3"].since = 24 * HOUR
    assert plan(hosts, "2")["step"] == "drop"


def test_a_change_needs_all_control_planes_and_none_that_leaves():
    hosts = cluster()
    del hosts["cp3"]
    assert "cp3 cannot be reached" in plan(hosts, "2")["problem"]
    assert plan(hosts, "1")["problem"] == ""
    assert "cp4 leaves the cluster" in plan(cluster(), "2", leaving=["cp4"])["problem"]


def test_keys_of_others_stay():
    hosts = cluster()
    hosts["cp1"].other = "service-account-key-file=/etc/mine.pub "
    hosts["cp1"].verifies.append("mine")
    found = plan(hosts, "1")
    assert (found["step"], found["problem"]) == ("", "")
    assert "/etc/mine.pub. Take" in plan(hosts, "2")["problem"]


def test_different_keys_of_one_name_are_named():
    hosts = cluster()
    hosts["cp2"].files["sa.key"] = private("other", label=False)
    assert "have different keys" in plan(hosts, "1")["problem"]


def token(key, **claims):
    return f"token={part({'kid': kid(key)})}.{part(claims)}."


POD = {"kubernetes.io": {"namespace": "web", "pod": {"name": "shop-1"}}}
PREFIX = "kubernetes.io/serviceaccount"
SECRET = {f"{PREFIX}/namespace": "ci", f"{PREFIX}/secret.name": "robot"}


def reasons(step, secrets=(), pods=()):
    found = {"step": step, "former": [kid("1")], "hours": 2}
    return former_key_reasons(found, secrets, {host: list(pods) for host in HOSTS}, HOSTS)


def test_tokens_of_the_former_key_keep_it():
    assert reasons("drop", [token("2", **SECRET)], [token("2", **POD), token("x", sub="y")]) == []
    (held,) = reasons("drop", pods=[token("1", **POD)])
    assert held.startswith("The pod web/shop-1 has a token of the former key")
    (held,) = reasons("drop", [token("1", **SECRET)])
    assert "kubectl patch secret --namespace ci robot --type json" in held
    assert '[{"op": "remove", "path": "/data/token"}]' in held
    (held,) = reasons("drop", pods=[token("1", sub="system:serviceaccount:a:b")])
    assert "system:serviceaccount:a:b" in held


def test_a_node_that_does_not_answer_keeps_the_former_key():
    found = {"step": "drop", "former": [kid("1")]}
    (reason,) = former_key_reasons(found, [], {"cp1": []}, ["cp1", "node1"])
    assert reason.startswith("The node node1 cannot be reached")


def test_tokens_in_secrets_are_named_before_anything_changes():
    (reason,) = reasons("create", [token("1", **SECRET)])
    assert reason.startswith("The Secret ci/robot has a token of the present key")
    assert reasons("sign", [token("1", **SECRET)]) == []
    assert len(reasons("wait", [token("1", **SECRET)])) == 2


def test_a_name_of_a_key_is_checked():
    assert service_account_problems("2026-01") == service_account_problems(1) == []
    assert "cannot be the name of a key" in service_account_problems("a b")[0]
