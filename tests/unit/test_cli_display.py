"""What a run shows, on a terminal and elsewhere."""

import io

import pytest
from rich.console import Console

from slipway.doctor.findings import error, ok, warning
from slipway.lab.failures import Explanation
from slipway.lab.format import count, duration, plain
from slipway.lab.phases import FAILED, OK, Phase, Run
from slipway.lab.progress import Step
from slipway.output.status import show_failure, show_findings, show_status
from slipway.output.views import LiveView, PlainView, RawView, make_view, wants_live


def console(width=80, terminal=True, **more):
    return Console(
        file=io.StringIO(), width=width, force_terminal=terminal, color_system=None, **more
    )


def shown(one):
    return one.file.getvalue()


@pytest.fixture
def run():
    done = Phase("mirror", "Make artifacts", state=OK, seconds=61, tasks=3, changed=1)
    now = Phase("minikube", "Start the cluster", plays=["Start the cluster"], last_seconds=48)
    later = Phase("app", "Deploy the app", last_seconds=2)
    made = Run([done, now, later])
    made.apply(
        {"event": "playbook_on_play_start", "event_data": {"name": "Start the cluster"}}, 1000.0
    )
    made.apply(
        {"event": "playbook_on_task_start", "event_data": {"task": "Converge the profile"}}, 1000.0
    )
    return made


@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_live_table_fits_and_shows_what_happens(run, width, monkeypatch):
    monkeypatch.setattr("slipway.output.views.time.monotonic", lambda: 1031.0)
    one = console(width)
    view = LiveView(one)
    view.changed("task", run, 1000.0)
    view._run = run
    view.step(Step(0, "minikube", "Verifying Kubernetes components", 11, 19), "lab1", 1030.0)
    one.print(view._draw())
    text = shown(one)
    assert all(len(line) <= width for line in text.splitlines())
    assert "Converge the profile" in text
    assert "step 11/19 Verifying" in text
    assert "31 s" in text and "last 48 s" in text
    assert "1:01" in text
    assert width < 80 or "3 tasks, 1 changed" in text


def test_steps_of_earlier_tasks_fade(run, monkeypatch):
    view = LiveView(console())
    view.changed("task", run, 1000.0)
    view.step(Step(0, "build", "compile"), "", 990.0)
    assert len(view._fresh(1005.0)) == 1
    assert view._fresh(1031.0) == []


def test_plain_lines_have_a_heartbeat(run, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr("slipway.output.views.time.monotonic", lambda: clock[0])
    one = console(terminal=False)
    view = PlainView(one)
    view.begin(run)
    view.changed("phase", run, clock[0])
    for _ in range(40):
        clock[0] += 1
        view.tick(run, clock[0])
    beats = [line for line in shown(one).splitlines() if "still at" in line]
    assert len(beats) == 2
    assert beats[0].startswith("[  15s] minikube: still at: Converge the profile")


def test_plain_progress_is_thinned_but_numbered_steps_are_not(run):
    one = console(terminal=False)
    view = PlainView(one)
    for number in range(5):
        view.step(Step(0, "build", f"part {number}"), "", 100.0 + number)
        view.step(Step(0, "minikube", f"do {number}", number, 5), "lab1", 100.0 + number)
    lines = shown(one).splitlines()
    assert len([line for line in lines if "build: part" in line]) == 2
    assert len([line for line in lines if "lab1: step" in line]) == 5


def test_a_live_table_only_where_a_person_watches():
    assert wants_live(console(), {"TERM": "xterm"})
    assert not wants_live(console(), {"TERM": "dumb"})
    assert not wants_live(console(), {"TERM": "xterm", "CI": "true"})
    assert not wants_live(console(terminal=False), {"TERM": "xterm"})
    assert isinstance(make_view(console(), raw=True), RawView)


@pytest.mark.parametrize("width", [40, 80, 100])
def test_status_fits(width):
    nodes = [
        {"name": "slipway", "ready": True, "version": "v1.35.1", "address": "192.168.49.2"},
        {"name": "slipway-m02", "ready": False, "roles": ["worker"]},
    ]
    status = {
        "ready": True,
        "lab": "demo",
        "nodes": nodes,
        "hosts": [{"name": "lab1", "address": "10.213.0.11", "os": "Debian 13"}],
        "source": "build",
        "kubeconfig": "/home/me/.local/state/slipway/demo/kubeconfig",
        "kubectl": "/x",
        "app": {"url": "http://10.213.0.11:30080/", "status": 200, "answer": "NOW:\n 1"},
    }
    one = console(width)
    show_status(one, status, "./slipway")
    text = shown(one)
    assert all(len(line) <= width for line in text.splitlines())
    assert "slipway-m02" in text
    assert "200" in text


def test_findings_come_with_their_remedies():
    one = console()
    show_findings(one, [ok("2 cores").named("cores"), warning("low", "buy").named("memory")])
    show_findings(one, [error("no [overlay]", "modprobe").named("kernel")])
    assert "buy" in shown(one)
    assert "no [overlay]" in shown(one)


def test_a_failure_shows_text_as_it_is(tmp_path):
    told = Explanation("docker", "lab1", "docker : [x]", "roles/a.yml:7", "bad [value]", "")
    one = console()
    show_failure(one, told, tmp_path / "x.log", "./slipway up", "ansible-playbook x")
    for words in ("docker : [x]", "roles/a.yml:7", "bad [value]", "./slipway up", "x.log"):
        assert words in shown(one).replace("\n", "")


def test_words():
    assert [duration(seconds) for seconds in (0.4, 59.4, 59.6, 3725)] == [
        "0 s",
        "59 s",
        "1:00",
        "1:02:05",
    ]
    assert count(1, "task") == "1 task"
    assert count(0, "task") == "0 tasks"
    assert plain("\x1b[0;32mok\x1b[0m\r\n") == "ok\n"


def test_a_failed_phase_is_closed_with_its_state(run):
    one = console(terminal=False)
    view = PlainView(one)
    view.changed("phase", run, 0)
    run.finish(False, 1031)
    view.end(run)
    assert run.phases[1].state == FAILED
    assert "minikube: failed, 31 s" in shown(one)
