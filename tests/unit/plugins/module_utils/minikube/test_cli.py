"""Tests of ``minikube.cli``."""

from __future__ import annotations

import sys
import textwrap
import time

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.cli import (
    MinikubeCli,
    MinikubeError,
    deadline,
    parse_line,
)


@pytest.fixture
def fake(tmp_path):
    """A function that makes a minikube out of a few lines of Python."""

    def make(body: str, report=lambda message, step, total: None) -> MinikubeCli:
        path = tmp_path / "minikube"
        header = "import json, sys, time\ndef say(kind, **data):\n"
        header += '    print(json.dumps({"type": "io.k8s.sigs.minikube." + kind, "data": data}), flush=True)\n'
        path.write_text(f"#!{sys.executable}\n{header}{textwrap.dedent(body)}")
        path.chmod(0o755)
        return MinikubeCli(str(path), "lab", {}, report)

    return make


def test_events_are_read():
    event = parse_line(
        '{"type":"io.k8s.sigs.minikube.step","data":{"message":"m","currentstep":"3"}}'
    )
    assert (event.kind, event.message, event.data["currentstep"]) == ("step", "m", "3")
    assert parse_line("* Adding node m02\n").message == "Adding node m02"
    assert parse_line("{broken").kind == "text"
    assert parse_line("  \n") is None


def test_progress_has_steps(fake):
    reported = []
    cli = fake(
        'say("step", message="Booting", currentstep="11", totalsteps="19")',
        lambda *a: reported.append(a),
    )
    assert cli.run("start").rc == 0
    assert reported == [("Booting", 11, 19)]


def test_the_error_with_the_exit_code_is_the_reason(fake):
    cli = fake(
        """
        say("step", message="Creating")
        say("warning", message="slow disk")
        say("error", message="no memory", exitcode="23", name="RSRC", advice="Add some", url="https://x", issues="a,b")
        say("error", message="a remark")
        sys.exit(23)
        """
    )
    with pytest.raises(MinikubeError, match="no memory") as caught:
        cli.run("start")
    details = caught.value.details
    assert (details["id"], details["advice"], details["exitcode"]) == ("RSRC", "Add some", 23)
    assert details["issues"] == ["a", "b"] and details["warnings"] == ["slow disk"]
    assert details["last_step"] == "Creating"


def test_the_reason_in_text_is_found_too(fake):
    cli = fake(
        """
        print("X Exiting due to GUEST_NODE_ADD: failed to add node: no room", file=sys.stderr)
        print("* Suggestion: Make room", file=sys.stderr)
        sys.exit(80)
        """
    )
    with pytest.raises(MinikubeError, match="failed to add node: no room") as caught:
        cli.run("node", "add")
    assert (caught.value.details["id"], caught.value.details["advice"]) == (
        "GUEST_NODE_ADD",
        "Make room",
    )


def test_without_a_reason_the_last_lines_are_shown(fake):
    with pytest.raises(MinikubeError, match="panic: boom"):
        fake('sys.exit("panic: boom")').run("start")


@pytest.mark.slow
def test_a_command_that_hangs_is_ended_with_its_last_step(fake):
    cli = fake('say("step", message="Preparing")\ntime.sleep(60)')
    started = time.monotonic()
    with pytest.raises(MinikubeError, match="in time; the last step was: Preparing") as caught:
        cli.run("start", timeout=1)
    assert caught.value.details["id"] == "TIMEOUT" and time.monotonic() - started < 30


def test_a_deadline_never_reaches_zero():
    assert deadline(-5)() == 1.0
    assert 4 < deadline(5)() <= 5
