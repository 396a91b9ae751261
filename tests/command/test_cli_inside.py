"""The commands that work inside a lab: minikube, shell and logs, through Ansible and a stand-in for kubectl."""

import getpass
import json
import signal
from pathlib import Path

import pytest

POD = {"kind": "Pod", "metadata": {"name": "web-1", "namespace": "shop"}, "spec": {}}
NODE = {"kind": "Node", "metadata": {"name": "minikube"}, "spec": {}}
APP = {
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"selector": {"matchLabels": {"app": "web"}}},
}
# Answers `get`; of other commands it prints the words, and runs what follows `--`.
KUBECTL = """#!/bin/sh
case "$*" in
*" get services "*) cat "${0%/*}/services.json"; exit ;;
*" port-forward "*) echo "Forwarding from 127.0.0.1:40001 -> 8080"; exec sleep 600 ;;
*" get "*) cat "${0%/*}/objects.json"; exit ;;
esac
while [ $# -gt 0 ] && [ "$1" != -- ]; do printf '%s|' "$1"; shift; done
[ $# = 0 ] || { shift; exec "$@"; }
"""
PROGRAM = '#!/bin/sh\nprintf "%s|" "${0##*/}" "$@"\n'


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def lab(slipway, tmp_path):
    """A lab on this machine, whose host, cluster and programs are stand-ins; returns the command on it."""
    write(slipway.state / "bin/kubectl", KUBECTL)
    write(slipway.state / "kubeconfig", "")
    write(slipway.state / "bin/objects.json", json.dumps({"items": [POD, NODE, APP]}))
    service = {"metadata": {"name": "web", "namespace": "shop"}, "spec": {"ports": [{"port": 80}]}}
    write(slipway.state / "bin/services.json", json.dumps({"items": [service]}))
    write(
        slipway.state / "report.json",
        json.dumps({"hosts": [{"name": "here", "address": "127.0.0.1"}]}),
    )
    write(tmp_path / "opt/lib/slipway/minikube/minikube", PROGRAM)
    write(tmp_path / "opt/bin/docker", PROGRAM)
    inventory = tmp_path / "hosts.ini"
    inventory.write_text(
        f"[minikube_hosts]\nhere ansible_connection=local minikube_user={getpass.getuser()} "
        f"minikube_profile='p-{{{{ slipway_lab }}}}' minikube_bin_dir={tmp_path}/opt/bin "
        f"minikube_driver={tmp_path}/opt/bin/docker\n"
    )
    chosen = ("-i", str(inventory), "-e", "slipway_lab=fixture")

    def run(name, *arguments):
        return slipway(name, *chosen, *arguments)

    run.start = lambda name, *arguments: slipway.start(name, *chosen, *arguments)
    return run


def test_minikube_gets_its_arguments_and_the_profile_that_ansible_evaluates(lab):
    done = lab("minikube", "ssh", "--", "echo a  b", "--json")
    assert done.stdout == "minikube|--profile|p-fixture|ssh|--|echo a  b|--json|", done.stderr
    refused = lab("minikube", "delete", "-p", "other")
    assert refused.returncode == 2 and refused.stdout == "" and "'p-fixture'" in refused.stderr


def test_a_program_on_a_host_and_its_exit_code(lab):
    done = lab("shell", "here", "--", "sh", "-c", "echo 'a  b'; exit 9")
    assert (done.returncode, done.stdout) == (9, "a  b\n"), done.stderr


def test_a_program_in_a_pod_and_in_an_application(lab):
    done = lab("shell", "web-1", "--", "echo", "in the pod")
    assert done.stdout.endswith("--namespace|shop|web-1|in the pod\n"), done.stderr
    done = lab("shell", "shop/web", "-c", "main", "--", "sh", "-c", "exit 5")
    assert done.returncode == 5
    assert "--container|main|--namespace|shop|deployment/web|" in done.stdout


def test_a_wrong_name_lists_the_right_ones(lab):
    done = lab("shell", "nobody")
    assert done.returncode == 2
    for name in ("here", "minikube", "shop/web", "shop/web-1"):
        assert name in done.stderr


def test_logs_of_an_application_and_of_everything(lab):
    done = lab("logs", "web", "-f", "--tail", "3")
    assert "logs|--prefix|--tail=3|--follow|--all-containers|" in done.stdout, done.stderr
    assert "--selector|app=web|" in done.stdout
    assert "--namespace|default|" in lab("logs").stdout


def test_a_cluster_that_does_not_answer_is_named(lab, slipway):
    write(slipway.state / "bin/kubectl", "#!/bin/sh\necho 'connection refused' >&2\nexit 1\n")
    done = lab("logs", "web")
    assert done.returncode == 1
    assert "connection refused" in done.stderr and "here" in done.stderr
    assert lab("shell", "here", "--", "true").returncode == 0


def test_a_service_is_forwarded_until_it_is_stopped(lab):
    process = lab.start("service", "web", "--url")
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    assert line == "http://127.0.0.1:40001/\n"
    children = [
        int(one)
        for one in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    ]
    assert len(children) == 1
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert not Path(f"/proc/{children[0]}").exists()
    wrong = lab("service", "nobody")
    assert wrong.returncode == 2 and "shop/web" in wrong.stderr
