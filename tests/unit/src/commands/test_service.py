"""Tests of ``slipway.commands.service``."""

from contextlib import contextmanager

import pytest

from slipway.commands import service

WEB = {
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"ports": [{"port": 80}, {"port": 443}]},
}


@pytest.fixture
def opened(monkeypatch):
    """The pages that a browser was sent to. Its attributes are addresses of the Service."""

    class Forward:
        def __init__(self, project, namespace, name, ports):
            assert (namespace, name, ports) == ("shop", "web", [80, 443])

        @contextmanager
        def started(self):
            yield [4001, 4002]

        def keep(self):
            yield "lost connection to pod"

    class Opened(list):
        published = balanced = ()

    pages = Opened()
    monkeypatch.setattr(service, "find_service", lambda project, name, namespace: WEB)
    monkeypatch.setattr(service, "node_urls", lambda found, addresses: list(pages.published))
    monkeypatch.setattr(service, "balancer_urls", lambda found: list(pages.balanced))
    monkeypatch.setattr(service, "Forward", Forward)
    monkeypatch.setattr("click.launch", pages.append)
    return pages


def test_a_published_node_port_needs_no_forwarding(command, opened):
    command.make(hosts=[{"name": "lab1", "address": "10.0.0.1"}])
    opened.published = ("http://10.0.0.1:30080/",)
    done = command("service", "web", "--url")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "http://10.0.0.1:30080/\n", "")
    assert opened == []
    command("service", "web")
    assert opened == ["http://10.0.0.1:30080/"]


def test_the_address_of_a_load_balancer_comes_first(command, opened):
    command.make(hosts=[{"name": "lab1", "address": "10.0.0.1"}])
    opened.published, opened.balanced = ("http://10.0.0.1:30080/",), ("http://10.0.0.224:80/",)
    assert command("service", "web", "--url").stdout == "http://10.0.0.224:80/\n"


def test_another_service_is_forwarded(command, opened):
    command.make()
    done = command("service", "web")
    assert done.stdout == "http://127.0.0.1:4001/\nhttps://127.0.0.1:4002/\n"
    assert "until Ctrl-C" in done.stderr and "connecting again: lost connection" in done.stderr
    assert opened == ["http://127.0.0.1:4001/"]


def test_without_a_lab_there_is_no_service(command, opened):
    assert command("service", "web").exit_code == 4
