"""Tests of ``slipway.lab.forward``, with a stand-in for kubectl."""

import os
import time

import pytest

from slipway.errors import SlipwayError
from slipway.lab import forward
from slipway.lab.forward import Forward
from slipway.lab.project import Project

# Forwards until the file `lost` appears; fails while there is a file `refused`.
KUBECTL = """#!/bin/sh
cd {folder}
echo "$*" >>log
echo $$ >pid
[ ! -e refused ] || {{ echo "error: no pods" >&2; exit 1; }}
echo "Forwarding from 127.0.0.1:40001 -> 8080"
echo "Forwarding from [::1]:40001 -> 8080"
echo "Forwarding from 127.0.0.1:40002 -> 8443"
[ ! -e talks ] || {{ yes "Handling connection for 40001" | head -9999; touch talked; }}
until [ -e lost ]; do sleep 0.05; done
rm lost
echo "E1129 first" >&2
echo "error: lost connection to pod" >&2
exit 1
"""


@pytest.fixture
def kubectl(tmp_path, monkeypatch):
    monkeypatch.setattr(forward, "PAUSE", 0.05)
    project = Project(tmp_path, tmp_path, tmp_path, "x", ())
    project.kubectl.parent.mkdir()
    project.kubectl.write_text(KUBECTL.format(folder=tmp_path))
    project.kubectl.chmod(0o755)
    return Forward(project, "shop", "web", [80, 443])


def test_ports_are_forwarded_and_kubectl_ends_with_the_block(kubectl, tmp_path):
    with kubectl.started() as local:
        assert local == [40001, 40002]
        pid = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    said = (tmp_path / "log").read_text()
    assert said.endswith("port-forward --address=127.0.0.1 --namespace=shop service/web :80 :443\n")


def test_a_lost_pod_is_replaced_under_the_same_local_ports(kubectl, tmp_path):
    with kubectl.started():
        (tmp_path / "lost").touch()
        ends = kubectl.keep()
        assert next(ends) == "error: lost connection to pod"
        (tmp_path / "refused").touch()
        assert next(ends) == "error: no pods"
        (tmp_path / "refused").unlink()
        (tmp_path / "lost").touch()
        assert "lost connection" in next(ends)
    last = (tmp_path / "log").read_text().splitlines()[-1]
    assert last.endswith("service/web 40001:80 40002:443")


def test_a_service_that_cannot_be_reached_is_an_error(kubectl, tmp_path):
    (tmp_path / "refused").touch()
    with pytest.raises(SlipwayError, match="cannot be reached: error: no pods"), kubectl.started():
        time.sleep(9)


def test_lines_of_connections_do_not_hold_kubectl_up(kubectl, tmp_path):
    (tmp_path / "talks").touch()
    with kubectl.started():
        limit = time.monotonic() + 20
        while not (tmp_path / "talked").exists():
            assert time.monotonic() < limit
            time.sleep(0.05)


def test_an_ended_kubectl_is_started_again_on_request(kubectl, tmp_path):
    with kubectl.started():
        assert kubectl.mend() == ""
        starts = (tmp_path / "log").read_text()
        (tmp_path / "lost").touch()
        (tmp_path / "refused").touch()
        limit = time.monotonic() + 20
        while not (reason := kubectl.mend()):
            assert time.monotonic() < limit
        assert reason == "error: no pods"
        (tmp_path / "refused").unlink()
        assert kubectl.mend() == ""
    assert (tmp_path / "log").read_text() > starts
