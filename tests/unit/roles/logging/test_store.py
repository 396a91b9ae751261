"""The Service of the store of logs."""

from pathlib import Path

import jinja2
import pytest
import yaml

TEMPLATE = Path(__file__).parents[4] / "roles/logging/templates/store.yml.j2"


def service(node_port):
    environment = jinja2.Environment(trim_blocks=True)
    environment.filters["to_json"] = lambda value: "{}"
    said = environment.from_string(TEMPLATE.read_text()).render(
        logging_node_port=node_port, logging_images={}, logging_resources={}
    )
    return next(one["spec"] for one in yaml.safe_load_all(said) if one and one["kind"] == "Service")


@pytest.mark.parametrize("port", [30428, "30428"])
def test_hosts_outside_the_cluster_reach_the_store_at_a_port_of_the_nodes(port):
    assert service(port)["type"] == "NodePort"
    assert service(port)["ports"] == [
        {"name": "http", "port": 9428, "targetPort": "http", "nodePort": 30428}
    ]


@pytest.mark.parametrize("port", [0, "0"])
def test_no_port_of_the_nodes_is_open_without_such_hosts(port):
    assert service(port)["type"] == "ClusterIP"
    assert service(port)["ports"] == [{"name": "http", "port": 9428, "targetPort": "http"}]
