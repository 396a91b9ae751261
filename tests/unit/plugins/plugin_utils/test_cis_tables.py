"""Tests of ``plugin_utils.cis_tables``."""

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.cis_rules import FAIL, PASS, ArgumentRule
from ansible_collections.slipway.lab.plugins.plugin_utils.cis_tables import RULES
from ansible_collections.slipway.lab.plugins.plugin_utils.node_evidence import parse_evidence
from support.node_look import KUBELET, node_look

# A change that makes each point fail.
WRONG = {
    "1.2.1": "anonymous-auth=true",
    "1.2.2": "token-auth-file=/tokens",
    "1.2.6": "authorization-mode=RBAC,AlwaysAllow",
    "1.2.7": "authorization-mode=RBAC",
    "1.2.8": "authorization-mode=Node",
    "1.2.10": "enable-admission-plugins=NodeRestriction,AlwaysAdmit",
    "1.2.12": "disable-admission-plugins=ServiceAccount",
    "1.2.13": "disable-admission-plugins=NamespaceLifecycle",
    "1.2.14": "enable-admission-plugins=NamespaceLifecycle",
    "1.2.15": "profiling=true",
    "1.2.17": "audit-log-maxage=29",
    "1.2.18": "audit-log-maxbackup=9",
    "1.2.19": "audit-log-maxsize=99",
    "1.2.21": "service-account-lookup=false",
    "1.2.30": "service-account-extend-token-expiration=true",
    "1.3.3": "use-service-account-credentials=false",
    "1.3.7": "bind-address=0.0.0.0",
    "1.4.2": "bind-address=0.0.0.0",
    "2.2": "client-cert-auth=false",
    "2.3": "auto-tls=true",
    "2.5": "peer-client-cert-auth=false",
    "2.6": "peer-auto-tls=true",
}
WRONG_FILES = {
    "1.1.1 to 1.1.8": ("/etc/kubernetes/manifests/etcd.yaml", "644 0:0"),
    "1.1.9, 1.1.10": ("/etc/cni/net.d/x.conflist", "644 0:0"),
    "1.1.11, 1.1.12": ("/var/lib/minikube/etcd", "755 0:0"),
    "1.1.13 to 1.1.18": ("/etc/kubernetes/super-admin.conf", "640 0:0"),
    "1.1.19, 1.1.20": ("/etc/kubernetes/pki/etcd/ca.crt", "664 0:0"),
    "1.1.21": ("/var/lib/minikube/certs/sa.key", "644 0:0"),
    "4.1.1, 4.1.2": ("/etc/systemd/system/kubelet.service.d/x.conf", "600 5:0"),
    "4.1.5, 4.1.6": ("/etc/kubernetes/kubelet.conf", "644 0:0"),
    "4.1.9, 4.1.10": ("/var/lib/kubelet/config.yaml", "644 0:0"),
}
WRONG_SETTINGS = {
    "4.2.1": ("enabled: false", "enabled: true"),
    "4.2.2": ("Webhook", "AlwaysAllow"),
    "4.2.3": ("/var/lib/minikube/certs/ca.crt", "''"),
    "4.2.4": ("rotateC", "readOnlyPort: 10255\nrotateC"),
    "4.2.6": ("rotateC", "makeIPTablesUtilChains: false\nrotateC"),
    "4.2.10": ("rotateCertificates: true", "kind: KubeletConfiguration"),
}
BY_NUMBER = {rule.number: rule for rule in RULES}


def failed(look):
    node = parse_evidence(look)
    return {rule.number for rule in RULES for one in rule.judge(node) if one.state == FAIL}


def test_each_point_can_pass():
    node = parse_evidence(node_look())
    for rule in RULES:
        assert {verdict.state for verdict in rule.judge(node)} == {PASS}, rule.number


def test_each_point_has_a_number_a_title_and_a_next_step():
    assert len(BY_NUMBER) == len(RULES)
    assert all(rule.title and rule.remedy for rule in RULES)


@pytest.mark.parametrize(
    "number", [rule.number for rule in RULES if isinstance(rule, ArgumentRule)]
)
def test_each_argument_can_fail(number):
    rule = BY_NUMBER[number]
    option, _, value = WRONG.get(number, rule.option).partition("=")
    assert option == rule.option
    assert number in failed(node_look({rule.program: {option: value or None}}))


@pytest.mark.parametrize("number", WRONG_FILES)
def test_each_mode_can_fail(number):
    path, facts = WRONG_FILES[number]
    assert failed(node_look(files={path: facts})) == {number}


@pytest.mark.parametrize("number", WRONG_SETTINGS)
def test_each_setting_of_the_kubelet_can_fail(number):
    assert failed(node_look(kubelet=KUBELET.replace(*WRONG_SETTINGS[number]))) == {number}


def test_idle_connections_never_end_only_by_an_argument():
    """In the file, where kubeadm writes it, 0 means the default."""
    zero = KUBELET.replace("rotateC", "streamingConnectionIdleTimeout: 0s\nrotateC")
    assert not failed(node_look(kubelet=zero))
    argument = {"kubelet": {"streaming-connection-idle-timeout": "0s"}}
    assert failed(node_look(argument)) == {"4.2.5"}


def test_a_next_step_is_a_sentence_with_the_option():
    profiling = BY_NUMBER["1.2.15"].remedy
    assert profiling == 'set apiserver.profiling to "false" in minikube_extra_config'
    assert "kubeadm's probes" in BY_NUMBER["1.2.1"].remedy


def test_every_point_is_made_to_fail():
    arguments = {rule.number for rule in RULES if isinstance(rule, ArgumentRule)}
    assert arguments | set(WRONG_FILES) | set(WRONG_SETTINGS) | {"4.2.5"} == set(BY_NUMBER)
