"""The command through Ansible, on a playbook that makes no lab."""

import json
import signal
import time
from pathlib import Path

import pytest

from slipway.lab import processes
from support.json_document import read_document

ROOT = Path(__file__).resolve().parents[2]


def wait_for(condition, seconds=60):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.1)


def held(state):
    """Return the run that holds the lab, once its first phase is done and it sleeps."""
    lock = state / "lock"
    if (state / "artifact").exists() and lock.read_text():
        return json.loads(lock.read_text())["run"]
    return None


def test_a_lab_from_up_to_down(slipway):
    before = slipway("status", "--json")
    assert before.returncode == 4
    assert read_document("status", before.stdout)["ready"] is False
    assert read_document("status", before.stdout)["nodes"] == []

    first = slipway("up", "--json")
    assert first.returncode == 0, first.stderr
    told = read_document("run", first.stdout)
    assert told["ok"] and told["ready"] and told["changed"] == 2
    assert [phase["id"] for phase in told["phases"]] == ["doctor", "mirror", "hosts", "report"]
    assert all(phase["state"] == "ok" for phase in told["phases"])
    assert "mirror: changed: Write the artifact" in first.stderr
    assert "build: step 4/4 compile part 4" in Path(told["log"]).read_text()
    assert "ansible-playbook -i inventories/lab playbooks/site.yml" in first.stderr
    assert Path(told["log"]).stat().st_mode & 0o077 == 0

    second = slipway("up")
    assert second.returncode == 0
    assert "0 changed" in second.stdout
    assert "http://10.213.0.11:30080/" in second.stdout
    assert ", last " in second.stderr

    status = slipway("status", "--json")
    assert status.returncode == 0
    assert [node["ready"] for node in read_document("status", status.stdout)["nodes"]] == [
        True,
        True,
    ]

    rebuilt = read_document("run", slipway("rebuild", "--json").stdout)
    phases = ["doctor", "down", "mirror", "hosts", "report"]
    assert [phase["id"] for phase in rebuilt["phases"]] == phases
    assert rebuilt["ok"] and rebuilt["changed"] == 3

    down = slipway("down", "--json")
    assert down.returncode == 0
    assert read_document("run", down.stdout)["changed"] == 1
    assert not slipway.state.joinpath("artifact").exists()
    assert slipway("status").returncode == 4


def test_check_mode_changes_nothing(slipway):
    slipway.state.mkdir(parents=True)
    done = slipway("up", "--check", "--diff", "--json")
    assert done.returncode == 0, done.stderr
    assert read_document("run", done.stdout)["changed"] == 2
    assert "+artifact" in done.stderr
    assert not slipway.state.joinpath("artifact").exists()


def test_a_failure_tells_where_why_and_what_next(slipway):
    done = slipway("up", "-e", "fixture_fail=mirror")
    assert done.returncode == 1
    assert done.stdout == ""
    for words in (
        "failed in mirror",
        "Fail when asked to",
        "playbooks/site.yml:11",
        "No space left on device",
        "free disk space",
        "./slipway up",
        "ansible-playbook -i",
        str(slipway.state / "logs"),
    ):
        assert words in done.stderr, words


def test_a_failure_for_programs(slipway):
    done = slipway("up", "-e", "fixture_fail=hosts", "--tags", "hosts", "--json")
    told = read_document("run", done.stdout)
    assert not told["ok"] and not told["ready"]
    assert told["failures"][0]["host"] == "localhost"
    assert told["failures"][0]["phase"] == "hosts"
    assert [phase["state"] for phase in told["phases"]] == ["ok", "failed"]


def test_a_playbook_that_ansible_refuses_is_a_failure(slipway):
    done = slipway("up", "--json", "--", "--no-such-flag")
    assert done.returncode == 1
    assert "unrecognized arguments: --no-such-flag" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("up", "lab1"), "go after --"),
        (("up", "--become"), "go after --"),
        (("upp",), "No such command"),
        (("up", "-i", "no/such/inventory"), "no/such/inventory does not exist"),
        (("test", "--layer", "none"), "Unknown layer"),
    ],
)
def test_wrong_usage(slipway, arguments, words):
    done = slipway(*arguments)
    assert done.returncode == 2
    assert words in done.stderr


def test_flags_of_ansible_are_handed_on(slipway):
    done = slipway("up", "--", "--list-tags")
    assert done.returncode == 0
    assert "TASK TAGS: [mirror]" in done.stdout


def test_an_unfit_machine_is_left_alone(slipway):
    hosts = "all: {children: {control: {hosts: {localhost: {}}}, lab_hosts: {hosts: {x: {}}}}}"
    inventory = slipway.state.parent / "hosts.yml"
    inventory.parent.mkdir(parents=True)
    inventory.write_text(hosts)
    variables = inventory.parent / "group_vars/all.yml"
    variables.parent.mkdir()
    variables.write_text(
        "slipway_lab: fixture\nslipway_source: release\n"
        "mirror_release_kubernetes_url: http://127.0.0.1:9\n"
        "mirror_files_port: 5080\nmirror_registry_port: 5081\n"
    )
    done = slipway("up", "--json", "-i", str(inventory))
    assert done.returncode == 3
    assert "127.0.0.1 not reached" in done.stderr
    assert "nothing was changed" in done.stderr
    told = read_document("run", done.stdout)
    assert "sources" in [one["check"] for one in told["findings"] if one["level"] == "error"]
    assert not slipway.state.joinpath("artifact").exists()


def test_a_busy_lab_and_an_interrupted_run(slipway):
    first = slipway.start("up", "-e", "fixture_pause=60")
    wait_for(lambda: held(slipway.state))
    second = slipway("up")
    assert second.returncode == 3
    assert f"process {first.pid}, slipway up" in second.stderr

    run = held(slipway.state)
    wait_for(lambda: len(processes.of_run(run)) > 2)
    first.send_signal(signal.SIGINT)
    out, err = first.communicate(timeout=60)
    assert first.returncode == 130, err
    assert "./slipway up -e fixture_pause=60 continues from here" in err
    assert processes.of_run(run) == []
    assert slipway("up", "--tags", "report").returncode == 0


def test_a_killed_run_is_found_and_ended_by_the_next(slipway):
    first = slipway.start("up", "-e", "fixture_pause=60")
    wait_for(lambda: held(slipway.state))
    run = held(slipway.state)
    wait_for(lambda: len(processes.of_run(run)) > 2)
    first.kill()
    first.wait()
    assert processes.of_run(run) != []
    doctor = slipway("doctor", "--json")
    assert any(
        "was cut off" in one["message"]
        for one in read_document("doctor", doctor.stdout)["findings"]
    )
    second = slipway("up", "--tags", "report", "--json")
    assert second.returncode == 0, second.stderr
    assert "was cut off" in second.stderr
    states = {
        phase["id"]: phase["state"] for phase in read_document("run", second.stdout)["phases"]
    }
    assert states == {"doctor": "ok", "report": "ok"}
    assert processes.of_run(run) == []
    assert list((slipway.state / "work").iterdir()) == []


def test_kubectl_without_a_lab(slipway):
    done = slipway("kubectl", "get", "nodes", "--help")
    assert done.returncode == 4
    assert "run: ./slipway up" in done.stderr


def test_kubectl_gets_the_labs_kubeconfig_and_all_flags(slipway):
    tool = slipway.state / "bin/kubectl"
    tool.parent.mkdir(parents=True)
    tool.write_text('#!/bin/sh\necho "$@"\n')
    tool.chmod(0o755)
    slipway.state.joinpath("kubeconfig").touch()
    done = slipway("kubectl", "get", "-h", "--json")
    assert done.stdout == f"--kubeconfig {slipway.state}/kubeconfig get -h --json\n"


def test_bench_without_a_lab(slipway):
    done = slipway("bench", "workloads")
    assert done.returncode == 4
    assert "run: ./slipway up" in done.stderr


def test_bench_sets_up_and_hands_over(slipway):
    for name in ("bin/kubectl", "kubeconfig"):
        path = slipway.state / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    done = slipway(
        "bench", "workloads", "--only", "scale", "--only", "apply", "--quick", "--plot", "p.png"
    )
    given = json.loads(done.stdout)
    assert given["--kubeconfig"] == f"{slipway.state}/kubeconfig"
    assert given["--kubectl"] == f"{slipway.state}/bin/kubectl"
    assert given["--result"] == f"{slipway.state}/bench/workloads.json"
    assert given["--plot"] == "p.png"
    assert given["--only"] == "scale apply" and "--quick" in given and "--json" not in given
    assert "--record" not in given
    assert "--record" in json.loads(
        slipway("bench", "workloads", "--only", "scale", "--record").stdout
    )
    flags = ("--skip-rebuild", "--record")
    assert json.loads(slipway("bench", "lab", *flags).stdout) == dict.fromkeys(flags, "")
