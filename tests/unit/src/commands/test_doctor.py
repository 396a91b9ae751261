"""Tests of ``slipway.commands.doctor``."""

import pytest

from slipway.doctor.findings import error, ok
from support.json_document import read_document


@pytest.fixture
def findings(monkeypatch):
    """Return the findings that the checks are made to report, and the examined machines."""
    found = [ok("good").named("a")]
    machines = []
    monkeypatch.setattr("slipway.doctor.examine", lambda machine: machines.append(machine) or found)
    found_and_seen = (found, machines)
    return found_and_seen


def test_a_fit_machine(command, findings):
    done = command("doctor")
    assert done.exit_code == 0 and "this machine can run a lab" in done.stdout


def test_an_unfit_machine(command, findings):
    findings[0].append(error("bad", "mend it").named("b"))
    done = command("doctor", "--json")
    assert done.exit_code == 3 and read_document("doctor", done.stdout)["ok"] is False
    assert "cannot run a lab yet" in command("doctor").stdout


def test_flags_reach_the_checks(command, findings):
    command("doctor", "-e", "lab_hosts_subnet=10.9.0.0/24", "--with", "registry")
    (machine,) = findings[1]
    assert machine.arguments == (
        "-e", "lab_hosts_subnet=10.9.0.0/24", "-e", '{"slipway_services": ["registry"]}',
    )  # fmt: skip


def test_a_wrong_lab_name_is_a_finding(command, findings):
    done = command("doctor", "-e", "slipway_lab=../..", "--json")
    (found,) = read_document("doctor", done.stdout)["findings"]
    assert (
        done.exit_code == 3 and found["check"] == "lab name" and "slipway_lab" in found["message"]
    )
