"""A look at a made-up node of a cluster, as roles/minikube/files/look-node prints it."""

from __future__ import annotations

GOOD = {
    "kube-apiserver": {
        "anonymous-auth": "false",
        "kubelet-client-certificate": "/pki/client.crt",
        "kubelet-certificate-authority": "/pki/ca.crt",
        "authorization-mode": "Node,RBAC",
        "enable-admission-plugins": "NamespaceLifecycle,NodeRestriction",
        "profiling": "false",
        "audit-log-path": "/var/log/audit.log",
        "audit-log-maxage": "30",
        "audit-log-maxbackup": "10",
        "audit-log-maxsize": "100",
        "service-account-key-file": "/pki/sa.pub",
        "etcd-certfile": "/pki/etcd.crt",
        "tls-cert-file": "/pki/apiserver.crt",
        "client-ca-file": "/pki/ca.crt",
        "etcd-cafile": "/pki/etcd-ca.crt",
        "encryption-provider-config": "/etc/kubernetes/encryption.yaml",
        "service-account-extend-token-expiration": "false",
    },
    "kube-controller-manager": {
        "profiling": "false",
        "use-service-account-credentials": "true",
        "service-account-private-key-file": "/pki/sa.key",
        "root-ca-file": "/pki/ca.crt",
        "bind-address": "127.0.0.1",
    },
    "kube-scheduler": {"profiling": "false", "bind-address": "127.0.0.1"},
    "etcd": {
        "cert-file": "/pki/etcd.crt",
        "client-cert-auth": "true",
        "peer-cert-file": "/pki/peer.crt",
        "peer-client-cert-auth": "true",
        "data-dir": "/var/lib/minikube/etcd",
    },
    "kubelet": {
        "config": "/var/lib/kubelet/config.yaml",
        "kubeconfig": "/etc/kubernetes/kubelet.conf",
    },
}
KUBELET = """\
authentication:
  anonymous: {enabled: false}
  x509: {clientCAFile: /var/lib/minikube/certs/ca.crt}
authorization: {mode: Webhook}
rotateCertificates: true
"""
WORKER_FILES = {
    "/etc/kubernetes/kubelet.conf": "600 0:0",
    "/var/lib/kubelet/config.yaml": "600 0:0",
    "/etc/systemd/system/kubelet.service.d/10-kubeadm.conf": "600 0:0",
    "/etc/cni/net.d/10-flannel.conflist": "600 0:0",
    "/var/lib/minikube/certs/ca.crt": "644 0:0",
}
FILES = {
    **WORKER_FILES,
    "/etc/kubernetes/manifests/kube-apiserver.yaml": "600 0:0",
    "/etc/kubernetes/admin.conf": "600 0:0",
    "/var/lib/minikube/certs/etcd/server.key": "600 0:0",
    "/var/lib/minikube/etcd": "700 0:0",
}


def node_look(
    changes: dict[str, dict[str, str | None]] | None = None,
    files: dict[str, str | None] | None = None,
    kubelet: str = KUBELET,
    worker: bool = False,
) -> str:
    """Return the look at a node where every point passes, with changes.

    Args:
        changes: Arguments by program; None removes one.
        files: ``MODE UID:GID`` by path; None removes one.
        kubelet: Content of the settings of the kubelet.
        worker: Whether the node runs no control plane.
    """
    lines = []
    for program, arguments in GOOD.items():
        if worker and program != "kubelet":
            continue
        given = {**arguments, **(changes or {}).get(program, {})}
        lines.append(f"process {program} 0")
        lines += [
            f"argument --{name}={value}" for name, value in given.items() if value is not None
        ]
    lines += ["config /var/lib/kubelet/config.yaml"]
    lines += [f"line {line}" for line in kubelet.splitlines()]
    present = {**(WORKER_FILES if worker else FILES), **(files or {})}
    lines += [f"file {facts} {path}" for path, facts in present.items() if facts is not None]
    return "\n".join([*lines, "end", ""])
