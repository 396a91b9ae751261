"""Tests of ``slipway.lessons.report``."""

import json
from dataclasses import replace

import pytest

from slipway.lab.project import locate
from slipway.lessons.report import write_report
from support.lesson_results import claim, evidence, write_evidence


@pytest.fixture
def project(tmp_path):
    return replace(locate(), state=tmp_path / "state", lab="demo")


@pytest.fixture
def content():
    return evidence(
        claim("drift-repaired", True), steps=[], evidence=[], machine={}, lesson="state"
    )


def test_without_a_run_nothing_is_written(project, tmp_path):
    assert write_report(project, tmp_path / "out/report.html", "en") == []
    assert not (tmp_path / "out").exists()


def test_page_json_and_xml_have_the_same_results(project, tmp_path, content, monkeypatch):
    monkeypatch.setattr("slipway.lessons.report.page", lambda *words: "<html>page</html>")
    write_evidence(project, "state", content)
    served = project.state / "mirror/front/pages"
    served.mkdir(parents=True)
    target = tmp_path / "out/report.html"
    (result,) = write_report(project, target, "ko")
    assert result["lesson"] == "state" and result["passed"]
    assert target.read_text() == (served / "report.html").read_text() == "<html>page</html>"
    document = json.loads(target.with_suffix(".json").read_text())
    assert document == {"lab": "demo", "lessons": [result]}
    assert 'name="drift-repaired"' in target.with_suffix(".xml").read_text()
