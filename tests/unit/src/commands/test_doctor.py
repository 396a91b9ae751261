"""Tests of ``slipway.commands.doctor``."""

import pytest

from slipway.doctor.findings import error, ok
from slipway.doctor.security import CHECKS as SECURITY_CHECKS
from slipway.doctor.table import CHECKS
from support.json_document import read_document


@pytest.fixture
def findings(monkeypatch):
    """Return the findings that the checks are made to report, and the examined machines with their tables of checks."""
    found = [ok("good").named("a")]
    examined = []
    monkeypatch.setattr("slipway.doctor.examine", lambda *given: examined.append(given) or found)
    cluster = [ok("no lab").named("kubernetes")]
    monkeypatch.setattr("slipway.run.cluster_security.cluster_security", lambda *given: cluster)
    found_and_seen = (found, examined)
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
    ((machine, checks),) = findings[1]
    assert checks == CHECKS
    assert machine.arguments == (
        "-e", "lab_hosts_subnet=10.9.0.0/24", "-e", '{"slipway_services": ["registry"]}',
    )  # fmt: skip


@pytest.mark.parametrize(
    ("level", "code", "words"), [(ok, 0, "no check failed"), (error, 1, "some checks failed")]
)
def test_points_of_security_have_a_table_of_their_own(command, findings, level, code, words):
    findings[0][:] = [ok("fine") if level is ok else error("weak", "mend it")]
    done = command("doctor", "--security")
    assert done.exit_code == code and words in done.stdout and "kubernetes" in done.stdout
    ((_machine, checks),) = findings[1]
    assert checks == SECURITY_CHECKS


def test_a_wrong_lab_name_is_a_finding(command, findings):
    done = command("doctor", "-e", "slipway_lab=../..", "--json")
    (found,) = read_document("doctor", done.stdout)["findings"]
    assert (
        done.exit_code == 3 and found["check"] == "lab name" and "slipway_lab" in found["message"]
    )
