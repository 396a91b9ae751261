"""The cluster of two hosts, from the control machine and on the hosts."""

import json
import os
import time
from pathlib import Path

import pytest
import testinfra

testinfra_hosts = ["ssh://cp1", "ssh://node1"]

KUBECONFIG = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"]) / "state/kubeconfig"
PROGRAMS = "/usr/local/lib/slipway/kubernetes"


@pytest.fixture
def control_plane():
    return testinfra.get_host(
        "ssh://cp1", ssh_config=str(KUBECONFIG.with_name("ssh") / "config"), sudo=True
    )


def kubectl(control_plane, *arguments):
    """Run kubectl where it is, with the kubeconfig that the control machine got."""
    return control_plane.run(
        f"{PROGRAMS}/kubectl --kubeconfig /dev/stdin {' '.join(arguments)} <<'EOF'\n"
        f"{KUBECONFIG.read_text()}\nEOF"
    )


def within(seconds, ask):
    """Return the first true answer."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()) and time.monotonic() < deadline:
        time.sleep(2)
    return answer


def ready(node):
    return ("Ready", "True") in [
        (one["type"], one["status"]) for one in node["status"]["conditions"]
    ]


def test_both_hosts_are_nodes(control_plane):
    def nodes():
        done = kubectl(control_plane, "get", "nodes", "-o", "json")
        found = json.loads(done.stdout)["items"] if done.rc == 0 else []
        return {one["metadata"]["name"]: one for one in found if ready(one)}

    found = within(180, lambda: len(nodes()) == 2 and nodes())
    assert sorted(found) == ["cp1", "node1"]
    taints = found["cp1"]["spec"]["taints"]
    assert [one["key"] for one in taints] == ["node-role.kubernetes.io/control-plane"]


def test_a_pod_runs_on_the_node_and_finds_a_service_by_name(control_plane):
    # CoreDNS is ready when a pod reached the API server by the address of its Service.
    command = ("-n", "kube-system", "rollout", "status", "deployment/coredns", "--timeout=180s")
    done = within(240, lambda: kubectl(control_plane, *command).rc == 0)
    assert done
    where = kubectl(
        control_plane, "-n", "kube-system", "get", "pods", "-l", "k8s-app=kube-dns",
        "-o", "jsonpath={.items[*].spec.nodeName}",
    )  # fmt: skip
    assert set(where.stdout.split()) == {"node1"}


def test_the_units_run(host):
    for unit in ("slipway-node", "slipway-api-proxy", "containerd", "kubelet"):
        assert within(60, lambda unit=unit: host.service(unit).is_running), unit
        assert host.service(unit).is_enabled


def test_the_proxy_reaches_the_api(host):
    answer = "curl -sk https://127.0.0.1:7443/readyz"
    assert within(120, lambda: host.run(answer).stdout == "ok")


def test_secrets_are_for_root_alone(host):
    with host.sudo():
        assert not host.file("/run/slipway-kubeadm.yml").exists
        for path in ("/etc/kubernetes/kubelet.conf", "/etc/kubernetes/admin.conf"):
            if host.file(path).exists:
                assert host.file(path).mode == 0o600
    assert KUBECONFIG.stat().st_mode & 0o777 == 0o600


def test_the_timer_keeps_the_latest_snapshots_that_were_tried(control_plane):
    directory = "/var/lib/slipway/kubernetes/snapshots"
    unit = "slipway-etcd-snapshot"
    assert control_plane.service(f"{unit}.timer").is_enabled
    assert control_plane.service(f"{unit}.timer").is_running
    # A run that was killed leaves its directory.
    control_plane.check_output(f"mkdir -p {directory}/.new-killed/scratch")
    runs = []
    for _ in range(3):
        control_plane.check_output(f"systemctl start {unit}.service")
        runs.append(control_plane.check_output(f"ls {directory}/etcd-*.tar").split())
        time.sleep(1)  # the names have seconds
    assert runs[-1] == [runs[-2][-1], runs[-1][-1]] and runs[-1][-1] not in runs[-2]
    assert control_plane.check_output(f"ls -A {directory}").count("\n") == 1
    assert control_plane.file(directory).mode == 0o700
    assert control_plane.file(runs[-1][-1]).mode == 0o600
    about = json.loads(control_plane.check_output(f"tar -xOf {runs[-1][-1]} about.json"))
    assert about["objects"] > 100


def test_a_full_disk_keeps_the_snapshots(control_plane):
    full = "/var/lib/slipway/kubernetes/full"
    program = f"{PROGRAMS}/etcd-snapshot {full} registry.k8s.io/etcd:none 1"
    control_plane.check_output(
        f"mkdir {full} && mount -t tmpfs -o size=64M full {full} && touch {full}/etcd-earlier.tar"
    )
    done = control_plane.run(program)
    left = control_plane.check_output(f"ls -A {full} && umount {full} && rmdir {full}")
    assert done.rc == 1 and "needs" in done.stderr
    assert left == "etcd-earlier.tar"


def test_files_of_others_are_kept(host):
    assert host.run("/usr/local/bin/kubectl").stdout == "from before\n"
    assert host.file("/etc/containerd/certs.d/registry.example/hosts.toml").exists
    with host.sudo():
        assert "OTHER-KUBE-RULES" in host.check_output("iptables-save -t nat")
