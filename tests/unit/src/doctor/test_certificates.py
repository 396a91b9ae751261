"""Tests of the checks in ``slipway.doctor.certificates``."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from slipway.doctor.certificates import certificates
from support.certificate import certificate

DAY = timedelta(days=1)


@pytest.fixture
def kubeconfig(machine, tmp_path):
    """Write the kubeconfig of the lab, with certificates that are valid for so long."""

    def write(client, authority=10 * DAY):
        def data(ends):
            return base64.b64encode(certificate(tmp_path, ends).read_bytes()).decode()

        content = {
            "users": [{"user": {"client-certificate-data": data(client)}}],
            "clusters": [{"cluster": {"certificate-authority-data": data(authority)}}],
        }
        machine.project.state.mkdir(exist_ok=True)
        machine.project.kubeconfig.write_text(json.dumps(content))

    return write


def test_a_machine_without_a_lab_has_none(machine):
    assert certificates(machine).message == "none yet"


def test_the_first_end_counts(machine, kubeconfig):
    kubeconfig(2 * DAY)
    end = datetime.now(UTC) + 2 * DAY
    assert certificates(machine).message == f"valid until {end:%Y-%m-%d}"


def test_an_expired_certificate_is_named_with_its_date(machine, kubeconfig):
    kubeconfig(-DAY)
    found = certificates(machine)
    day = datetime.now(UTC) - DAY
    assert found.level == "warning"  # start renews it
    assert found.message == f"the client certificate of the cluster expired on {day:%Y-%m-%d}"
    later = datetime.now(UTC) + 20 * DAY
    assert "the authority of the cluster expired" in certificates(machine, later).message


@pytest.mark.parametrize("text", ["", "[]", "users: [{user: {client-certificate-data: x}}]", "{"])
def test_a_kubeconfig_without_certificates_is_no_error(machine, text):
    machine.project.state.mkdir()
    machine.project.kubeconfig.write_text(text)
    assert certificates(machine).message == "none yet"
