"""The pages of a lab: those of the services that are asked for, and of those that were there before."""

from __future__ import annotations

import json

import pytest

from support.inventory import variable

MONITORING = ["Dashboards", "Metrics", "Alerts"]


def pages(state, **variables):
    """Return the names of the pages that the inventory of a lab comes to."""
    found = variable("lab", "slipway_pages", slipway_state_dir=str(state), **variables)
    return [page["name"] for page in found]


@pytest.fixture
def before(tmp_path):
    """State of a lab that monitoring was brought up in."""
    written = tmp_path / "mirror/front/pages/lab.json"
    written.parent.mkdir(parents=True)
    listed = [{"name": name, "path": name} for name in ("App", *MONITORING, "Report")]
    written.write_text(json.dumps({"lab": "default", "url": "http://127.0.0.1/", "pages": listed}))
    return tmp_path


@pytest.mark.slow
def test_pages_of_a_new_lab_are_those_of_its_services(tmp_path):
    named = ["registry", "monitoring"]
    assert pages(tmp_path, slipway_services=named) == ["App", *MONITORING, "Report"]


@pytest.mark.slow
def test_pages_of_earlier_services_stay(before):
    assert pages(before, slipway_services=["logging"]) == ["App", *MONITORING, "Logs", "Report"]


@pytest.mark.slow
def test_pages_of_a_service_go_with_it(before):
    named = {"slipway_services": ["monitoring"], "monitoring_state": "absent"}
    assert pages(before, **named) == ["App", "Report"]
