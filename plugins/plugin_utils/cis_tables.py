"""The points of the CIS Kubernetes Benchmark 1.11 that can be read from a node.

Points that a program cannot decide (the benchmark's section 5, for example) are not here.
"""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.plugin_utils.cis_rules import (
    ERROR,
    WARNING,
    ArgumentRule,
    FileRule,
    KubeletRule,
    NamedFileRule,
    Rule,
)

PKI = ("/etc/kubernetes/pki/*", "/var/lib/minikube/certs/*")
MANIFESTS = "/etc/kubernetes/manifests"
COMPONENTS = {
    "kube-apiserver": "apiserver",
    "kube-controller-manager": "controller-manager",
    "kube-scheduler": "scheduler",
    "etcd": "etcd",
}
# Points that one setting would not meet, or that it would break.
ADVICE = {
    "1.2.1": "keep it: kubeadm's probes of the API server are anonymous. An AuthenticationConfiguration can limit "
    "anonymous requests to /livez, /readyz and /healthz",
    "1.2.5": "keep it while the kubelets sign their own certificates, as Minikube's do: kubectl logs and exec would "
    "fail",
    "1.2.16": "copy a policy into the node, and set apiserver.audit-policy-file and apiserver.audit-log-path in "
    "minikube_extra_config",
    "1.2.27": "copy a file with keys into the node, and set apiserver.encryption-provider-config in "
    "minikube_extra_config",
}
ZERO = ("0", "0s", "0m", "0h", "0m0s", "0h0m0s")
Suits = Callable[[str | None], bool]


def is_given(value: str | None) -> bool:
    """Return whether an argument has a value."""
    return bool(value)


def is_absent(value: str | None) -> bool:
    """Return whether an argument is not given."""
    return value is None


def equals(*wanted: str | None) -> Suits:
    """Return a judge for one of some values. None stands for an argument that is not given."""
    return lambda value: value in wanted


def has(word: str) -> Suits:
    """Return a judge for a list that has a word."""
    return lambda value: value is not None and word in value.split(",")


def lacks(word: str) -> Suits:
    """Return a judge for a list that lacks a word, or is not given."""
    return lambda value: value is None or word not in value.split(",")


def at_least(number: int) -> Suits:
    """Return a judge for a number."""
    return lambda value: value is not None and value.isdigit() and int(value) >= number


def _argument(
    number: str, title: str, program: str, option: str, suits: Suits, advice: str, level: str
) -> ArgumentRule:
    remedy = (
        ADVICE.get(number)
        or f"{advice.format(f'{COMPONENTS[program]}.{option}')} in minikube_extra_config"
    )
    return ArgumentRule(
        number=number, title=title, remedy=remedy, level=level, program=program, option=option, suits=suits
    )  # fmt: skip


def _rows(program: str, *rows: tuple[str, str, str, Suits, str, str]) -> tuple[Rule, ...]:
    return tuple(
        _argument(number, title, program, option, suits, advice, level)
        for number, title, option, suits, advice, level in rows
    )


def _files(
    number: str, title: str, mode: int, *patterns: str, level: str = ERROR, needed: bool = False
) -> FileRule:
    return FileRule(
        number=number, title=title, mode=mode, patterns=patterns, level=level, needed=needed,
        remedy=f"in the node, run chmod {mode:04o} and chown root:root for it",
    )  # fmt: skip


FILES: tuple[Rule, ...] = (
    _files("1.1.1 to 1.1.8", "only root reads the manifests of the control plane", 0o600,
           f"{MANIFESTS}/*.yaml", level=WARNING, needed=True),
    _files("1.1.9, 1.1.10", "only root reads the settings of the pod network", 0o600,
           "/etc/cni/net.d/*", level=WARNING),
    NamedFileRule(number="1.1.11, 1.1.12", title="only etcd enters its data", program="etcd",
                  option="data-dir", mode=0o700, remedy="in the node, run chmod 0700 for it"),
    _files("1.1.13 to 1.1.18", "only root reads the kubeconfigs of the control plane", 0o600,
           "/etc/kubernetes/admin.conf", "/etc/kubernetes/super-admin.conf",
           "/etc/kubernetes/scheduler.conf", "/etc/kubernetes/controller-manager.conf", needed=True),
    _files("1.1.19, 1.1.20", "only root changes the certificates", 0o644,
           *(f"{folder}.crt" for folder in PKI), needed=True),
    _files("1.1.21", "only root reads the keys of the certificates", 0o600,
           *(f"{folder}.key" for folder in PKI), needed=True),
    _files("4.1.1, 4.1.2", "only root reads the unit of the kubelet", 0o600,
           "/etc/systemd/system/kubelet.service*", "/lib/systemd/system/kubelet.service", level=WARNING),
    NamedFileRule(number="4.1.5, 4.1.6", title="only root reads the kubeconfig of the kubelet",
                  program="kubelet", option="kubeconfig", mode=0o600, remedy="in the node, run chmod 0600 for it"),
    NamedFileRule(number="4.1.9, 4.1.10", title="only root reads the settings of the kubelet", level=WARNING,
                  program="kubelet", option="config", mode=0o600, remedy="in the node, run chmod 0600 for it"),
)  # fmt: skip

API_SERVER = _rows(
    "kube-apiserver",
    ("1.2.1", "the API server answers no anonymous requests", "anonymous-auth", equals("false"),
     'set {} to "false"', WARNING),
    ("1.2.2", "no tokens are in a file", "token-auth-file", is_absent, "remove {}", ERROR),
    ("1.2.4", "the API server identifies itself to kubelets", "kubelet-client-certificate", is_given, "set {}", ERROR),
    ("1.2.5", "the API server verifies kubelets", "kubelet-certificate-authority", is_given, "set {}", WARNING),
    ("1.2.6", "the API server does not allow everything", "authorization-mode",
     lambda value: value is not None and "AlwaysAllow" not in value.split(","), 'set {} to "Node,RBAC"', ERROR),
    ("1.2.7", "nodes have only the rights of nodes", "authorization-mode", has("Node"), 'set {} to "Node,RBAC"', ERROR),
    ("1.2.8", "rights are given by roles", "authorization-mode", has("RBAC"), 'set {} to "Node,RBAC"', ERROR),
    ("1.2.10", "AlwaysAdmit is off", "enable-admission-plugins", lacks("AlwaysAdmit"),
     "remove AlwaysAdmit from {}", ERROR),
    ("1.2.12", "ServiceAccount is on", "disable-admission-plugins", lacks("ServiceAccount"),
     "remove ServiceAccount from {}", ERROR),
    ("1.2.13", "NamespaceLifecycle is on", "disable-admission-plugins", lacks("NamespaceLifecycle"),
     "remove NamespaceLifecycle from {}", ERROR),
    ("1.2.14", "a kubelet changes only its own node", "enable-admission-plugins", has("NodeRestriction"),
     "add NodeRestriction to {}", ERROR),
    ("1.2.15", "the API server gives no profiles", "profiling", equals("false"), 'set {} to "false"', WARNING),
    ("1.2.16", "requests are recorded", "audit-log-path", is_given, "set {}", WARNING),
    ("1.2.17", "records of requests are kept for 30 days", "audit-log-maxage", at_least(30), 'set {} to "30"', WARNING),
    ("1.2.18", "10 files of records are kept", "audit-log-maxbackup", at_least(10), 'set {} to "10"', WARNING),
    ("1.2.19", "a file of records has 100 MB", "audit-log-maxsize", at_least(100), 'set {} to "100"', WARNING),
    ("1.2.21", "deleted service accounts lose their access", "service-account-lookup", equals(None, "true"),
     "remove {}", ERROR),
    ("1.2.22", "service accounts have a key of their own", "service-account-key-file", is_given, "set {}", ERROR),
    ("1.2.23", "the API server identifies itself to etcd", "etcd-certfile", is_given, "set {}", ERROR),
    ("1.2.24", "the API server has a certificate", "tls-cert-file", is_given, "set {}", ERROR),
    ("1.2.25", "clients are verified by their certificate", "client-ca-file", is_given, "set {}", ERROR),
    ("1.2.26", "the API server verifies etcd", "etcd-cafile", is_given, "set {}", ERROR),
    ("1.2.27", "secrets are encrypted in etcd", "encryption-provider-config", is_given, "set {}", WARNING),
    ("1.2.30", "tokens of service accounts expire", "service-account-extend-token-expiration", equals("false"),
     'set {} to "false"', WARNING),
)  # fmt: skip

CONTROLLERS = (
    *_rows(
        "kube-controller-manager",
        ("1.3.2", "the controller manager gives no profiles", "profiling", equals("false"),
         'set {} to "false"', WARNING),
        ("1.3.3", "each controller has its own account", "use-service-account-credentials", equals("true"),
         'set {} to "true"', ERROR),
        ("1.3.4", "service accounts are signed by their own key", "service-account-private-key-file", is_given,
         "set {}", ERROR),
        ("1.3.5", "pods can verify the API server", "root-ca-file", is_given, "set {}", ERROR),
        ("1.3.7", "the controller manager answers only its node", "bind-address", equals("127.0.0.1"),
         'set {} to "127.0.0.1"', WARNING),
    ),
    *_rows(
        "kube-scheduler",
        ("1.4.1", "the scheduler gives no profiles", "profiling", equals("false"), 'set {} to "false"', WARNING),
        ("1.4.2", "the scheduler answers only its node", "bind-address", equals("127.0.0.1"),
         'set {} to "127.0.0.1"', WARNING),
    ),
)  # fmt: skip

ETCD = _rows(
    "etcd",
    ("2.1", "etcd has a certificate", "cert-file", is_given, "set {}", ERROR),
    ("2.2", "etcd verifies its clients", "client-cert-auth", equals("true"), 'set {} to "true"', ERROR),
    ("2.3", "etcd makes no certificates itself", "auto-tls", equals(None, "false"), "remove {}", ERROR),
    ("2.4", "members of etcd have a certificate", "peer-cert-file", is_given, "set {}", ERROR),
    ("2.5", "members of etcd are verified", "peer-client-cert-auth", equals("true"), 'set {} to "true"', ERROR),
    ("2.6", "members of etcd make no certificates themselves", "peer-auto-tls", equals(None, "false"),
     "remove {}", ERROR),
)  # fmt: skip


def _kubelet(
    number: str, title: str, option: str, path: str, defaults: tuple[object, object],
    wanted: tuple[object, ...], level: str = ERROR, refuse: bool = False, unset: tuple[object, ...] = (),
) -> KubeletRule:  # fmt: skip
    default, bare = defaults
    return KubeletRule(
        number=number, title=title, level=level, option=option, path=tuple(path.split(".")),
        default=default, bare=bare, unset=unset, suits=lambda value: (str(value).lower() in map(str, wanted)) != refuse,
        remedy=f"change kubelet.{option} in minikube_extra_config",
    )  # fmt: skip


KUBELET: tuple[Rule, ...] = (
    _kubelet("4.2.1", "the kubelet answers no anonymous requests", "anonymous-auth",
             "authentication.anonymous.enabled", (False, True), ("false",)),
    _kubelet("4.2.2", "the kubelet does not allow everything", "authorization-mode", "authorization.mode",
             ("Webhook", "AlwaysAllow"), ("webhook",)),
    _kubelet("4.2.3", "the kubelet verifies its clients", "client-ca-file", "authentication.x509.clientCAFile",
             ("", ""), ("",), refuse=True),
    _kubelet("4.2.4", "the kubelet has no port without credentials", "read-only-port", "readOnlyPort",
             (0, 10255), ("0",)),
    _kubelet("4.2.5", "idle connections end", "streaming-connection-idle-timeout", "streamingConnectionIdleTimeout",
             ("4h", "4h"), ZERO, refuse=True, level=WARNING, unset=ZERO),
    _kubelet("4.2.6", "the kubelet keeps its rules of iptables", "make-iptables-util-chains", "makeIPTablesUtilChains",
             (True, True), ("true",), level=WARNING),
    _kubelet("4.2.10", "the kubelet renews its certificate", "rotate-certificates", "rotateCertificates",
             (False, False), ("true",), level=WARNING),
)  # fmt: skip

RULES: tuple[Rule, ...] = (*FILES, *API_SERVER, *CONTROLLERS, *ETCD, *KUBELET)
