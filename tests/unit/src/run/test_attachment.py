"""Tests of ``slipway.run.attachment``, with a stand-in for kubectl."""

import json
import time

import pytest

from slipway.lab.project import Project
from slipway.run import attachment
from slipway.run.attachment import Attachment

WEB = {"metadata": {"name": "web", "namespace": "shop"}, "spec": {"ports": [{"port": 80}]}}
# Forwards and shows logs until the file `lost` appears; notes its calls.
KUBECTL = """#!/bin/sh
cd {folder}
echo "$*" >>log
case "$*" in
*" get "*) cat objects.json; exit ;;
*" port-forward "*) echo "Forwarding from 127.0.0.1:40001 -> 80" ;;
esac
until [ -e lost ]; do sleep 0.05; done
"""


@pytest.fixture
def attached(tmp_path, monkeypatch):
    """An attachment, with the calls of kubectl."""
    monkeypatch.setattr(attachment, "PAUSE", 0.0)
    project = Project(tmp_path, tmp_path, tmp_path, "x", ())
    project.kubectl.parent.mkdir()
    project.kubectl.write_text(KUBECTL.format(folder=tmp_path))
    project.kubectl.chmod(0o755)
    (tmp_path / "objects.json").write_text(json.dumps({"items": [WEB]}))
    made = Attachment(project)
    made.calls = lambda word: [
        line for line in (tmp_path / "log").read_text().splitlines() if f" {word} " in line
    ]
    yield made
    made.end()


def until(condition):
    limit = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.02)


def test_logs_and_a_forwarded_port_follow_the_application(attached, tmp_path):
    attached.mend()
    assert not (tmp_path / "log").exists()
    attached.attach("web", "shop", "web")
    assert list(attached.lines(True)) == [
        "http://127.0.0.1:40001/",
        "waiting for a change, until Ctrl-C",
    ]
    attached.mend()
    attached.mend()
    until(lambda: attached.calls("logs"))
    (call,) = attached.calls("logs")
    assert "--follow" in call and "--namespace shop --selector slipway.lab/dev=web" in call
    attached.pause()
    attached.attach("web", "shop", "web")
    attached.mend()
    until(lambda: len(attached.calls("logs")) == 2)
    since = [one.partition("--since-time=")[2] for one in attached.calls("logs")]
    assert since[0] < since[1] and len(attached.calls("port-forward")) == 1


def test_what_ended_is_started_again(attached, tmp_path):
    attached.attach("web", "shop", "web")
    attached.mend()
    until(lambda: attached.calls("logs"))
    (tmp_path / "lost").touch()

    def again():
        attached.mend()
        return len(attached.calls("logs")) > 1 and len(attached.calls("port-forward")) > 1

    until(again)


def test_after_a_failure_the_images_that_serve_are_named(attached, tmp_path):
    assert list(attached.lines(False)) == ["waiting for a change, until Ctrl-C"]
    attached.attach("web", "shop", "")
    ready = [{"image": "web:1", "ready": True}, {"image": "web:2", "ready": False}]
    pods = [{"status": {"containerStatuses": ready}}, {"status": {}}]
    (tmp_path / "objects.json").write_text(json.dumps({"items": pods}))
    assert next(attached.lines(False)) == "still serving: web:1"
    (tmp_path / "objects.json").write_text("no answer")
    assert len(list(attached.lines(False))) == 1


def test_a_service_that_cannot_be_reached_is_named_and_tried_again(attached, tmp_path):
    (tmp_path / "objects.json").write_text(json.dumps({"items": []}))
    attached.attach("web", "shop", "web")
    assert "there is no Service 'web'" in next(attached.lines(True))
    (tmp_path / "objects.json").write_text(json.dumps({"items": [WEB]}))
    attached.attach("web", "shop", "web")
    assert next(attached.lines(True)) == "http://127.0.0.1:40001/"


def test_an_address_outside_of_the_cluster_needs_no_forwarding(attached, monkeypatch):
    monkeypatch.setattr(attachment, "node_urls", lambda service, hosts: ["http://10.0.0.1:30080/"])
    attached.attach("web", "shop", "web")
    assert next(attached.lines(True)) == "http://10.0.0.1:30080/"
    assert not attached.calls("port-forward")
