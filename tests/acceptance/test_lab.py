"""The real lab: from nothing to an answered request, reported correctly, and removed without a trace."""

import json
import subprocess
import urllib.request
from pathlib import Path

import pytest

from slipway.lab import processes
from slipway.lab.phase_plan import Selection, read_phases
from slipway.lab.phases import visible

ROOT = Path(__file__).resolve().parents[2]
LABEL = "label=slipway=acceptance"
SELECTION = Selection.of([], {"slipway_services": [], "slipway_engine": "minikube"})
PHASES = [phase.id for phase in visible(read_phases(ROOT / "playbooks/site.yml", SELECTION))]


def docker(*arguments):
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True)
    return sorted(done.stdout.split())


def belongings():
    """Return what the lab has in Docker."""
    return {
        "containers": docker("ps", "-aq", "--filter", LABEL),
        "networks": docker("network", "ls", "-q", "--filter", LABEL),
        "volumes": docker("volume", "ls", "-q", "--filter", LABEL),
    }


def rules():
    """Return the rules of iptables without their counters."""
    text = subprocess.run(["iptables-save"], capture_output=True, text=True).stdout
    return sorted(line.split(" [")[0] for line in text.splitlines() if not line.startswith("#"))


def answer(url):
    with urllib.request.urlopen(url, timeout=10) as response:
        return response.status


@pytest.mark.long
def test_check_mode_predicts_a_new_lab(slipway, tmp_path):
    variables = {
        "slipway_lab": "predicted",
        "lab_hosts_subnet": "10.213.99.0/24",
        "mirror_address": "10.213.99.1",
    }
    hosts = {"lab_hosts": {"hosts": {"lab1": {"ansible_host": "10.213.99.11"}}}}
    (tmp_path / "hosts.json").write_text(json.dumps(hosts))
    inventories = f"{ROOT / 'inventories/lab'},{tmp_path / 'hosts.json'}"
    everything = [docker(kind, "ls", "-q") for kind in ("container", "network", "volume")]
    state = tmp_path / "state"
    more = {"ANSIBLE_INVENTORY": inventories, "XDG_STATE_HOME": str(state)}
    done = slipway.run("up", "--check", "--json", "-e", json.dumps(variables), **more)
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout)["changed"] > 0
    assert [docker(kind, "ls", "-q") for kind in ("container", "network", "volume")] == everything
    assert sorted(path.name for path in (state / "slipway/predicted").iterdir()) == [
        "lock",
        "logs",
        "work",
    ]


def test_two_nodes_are_ready_and_the_app_answers(lab):
    assert lab["ok"] and lab["ready"]
    assert len(lab["nodes"]) >= 2
    assert all(node["ready"] is True and node["name"] for node in lab["nodes"])
    assert answer(lab["app"]["url"]) == 200
    assert [phase["id"] for phase in lab["phases"]] == ["doctor", *PHASES]
    assert all(phase["state"] == "ok" for phase in lab["phases"])


def test_the_inventory_of_another_lab_is_refused(lab, slipway):
    before = belongings()
    inventory = str(ROOT / "inventories/example_cluster")
    done = slipway.run("up", "--json", "--lab", "acceptance", "-i", inventory)
    assert done.returncode != 0
    assert "this inventory declares only cp1" in done.stdout + done.stderr
    assert belongings() == before


def test_status_and_kubectl_agree(lab, slipway):
    status = slipway.json("status")
    names = {node["name"] for node in status["nodes"]}
    assert status["ready"] is True
    assert Path(status["kubeconfig"]).stat().st_mode & 0o077 == 0
    tool = [lab["kubectl"], "--kubeconfig", status["kubeconfig"], "get", "nodes", "-o", "json"]
    nodes = json.loads(subprocess.run(tool, capture_output=True, check=True).stdout)["items"]
    assert {node["metadata"]["name"] for node in nodes} == names
    handed_on = slipway.run("kubectl", "get", "nodes", "-o", "name")
    assert len(handed_on.stdout.split()) == len(names)


def test_a_second_up_changes_nothing(lab, slipway):
    assert slipway.json("up")["changed"] == 0


@pytest.mark.long
def test_ansible_playbook_alone_does_the_same(lab, slipway):
    script = 'eval "$(./slipway env)"; ansible-playbook playbooks/site.yml'
    done = subprocess.run(
        ["sh", "-c", script], cwd=ROOT, env=slipway.environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-4000:]
    recap = done.stdout.partition("PLAY RECAP")[2]
    assert "changed=" in recap
    assert all("changed=0 " in line for line in recap.splitlines() if "changed=" in line)


@pytest.mark.long
def test_the_tutorial_holds_what_it_claims(lab, slipway):
    (told,) = slipway.json("lesson", "tutorial")["lessons"]
    assert told["passed"] is True
    assert len(told["claims"]) > 30
    assert all(claim["passed"] for claim in told["claims"])


def test_everything_of_the_lab_carries_its_label(lab):
    assert all(belongings().values())
    named = docker("ps", "-aq", "--filter", "name=^slipway-acceptance-")
    assert named == belongings()["containers"]


@pytest.mark.removes_lab
def test_down_leaves_nothing_and_keeps_what_is_not_its_own(lab, slipway):
    kubeconfig = Path.home() / ".kube/config"
    before = kubeconfig.read_bytes() if kubeconfig.exists() else None
    others = set(docker("ps", "-q")) - set(belongings()["containers"])
    slipway.json("down")
    assert belongings() == {"containers": [], "networks": [], "volumes": []}
    assert not any("10.213.77." in rule for rule in rules())
    assert others <= set(docker("ps", "-q"))
    assert (kubeconfig.read_bytes() if kubeconfig.exists() else None) == before
    gone = slipway.run("status", "--json")
    assert gone.returncode == 4
    assert json.loads(gone.stdout)["nodes"] == []


@pytest.mark.long
@pytest.mark.removes_lab
def test_up_works_again(lab, slipway):
    assert slipway.json("up")["ready"] is True


@pytest.mark.long
@pytest.mark.removes_lab
@pytest.mark.parametrize("phase", PHASES)
def test_a_run_killed_in_any_phase_is_taken_up(phase, slipway):
    slipway.json("down")
    killed = slipway.start("up")
    for line in killed.stderr:
        if f"] {phase}: " in line:
            break
    run = json.loads((slipway.state / "lock").read_text())["run"]
    killed.kill()
    killed.communicate()
    told = slipway.json("up")
    assert told["ready"] is True
    assert processes.of_run(run) == []
    assert answer(told["app"]["url"]) == 200


@pytest.mark.long
@pytest.mark.removes_lab
def test_rebuild(slipway):
    told = slipway.json("rebuild")
    assert told["ready"] is True
    assert "down" in [phase["id"] for phase in told["phases"]]
