"""Tests of the checks in ``slipway.doctor.sources``."""

import ssl
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler

import pytest

from slipway.doctor import sources
from support.loopback import LoopbackServer
from support.made_up_machine import put

AHEAD = [0.0]  # seconds by which the clock of the server is ahead


@pytest.fixture
def site():
    """A server that has a release file, and nothing else."""

    class Handler(BaseHTTPRequestHandler):
        def date_time_string(self, timestamp=None):
            return super().date_time_string(time.time() + AHEAD[0])

        def do_HEAD(self):
            self.send_response(200 if "kubectl" in self.path else 404)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    with LoopbackServer(Handler) as server:
        yield server.url


def sources_of(machine, release, apt, wanted="auto"):
    machine.variables = {
        "mirror_release_kubernetes_url": release,
        "slipway_versions": {"kubernetes": "v1"},
        "slipway_source": wanted,
    }
    put(machine, "etc/apt/sources.list.d/debian.sources", f"# a comment\nURIs: {apt}\n")
    return sources.sources(machine)


def test_sources(machine, site):
    dead = "http://127.0.0.1:9"
    assert sources_of(machine, site, dead).message == "official releases"
    assert "registries" in sources_of(machine, dead, site).message
    assert "registries" in sources_of(machine, site, site, "build").message
    assert sources_of(machine, dead, site, "release").level == "error"
    assert sources_of(machine, dead, dead).level == "error"
    (machine.project.cache / "artifacts").mkdir(parents=True)
    assert sources_of(machine, dead, dead).level == "warning"


def test_a_dead_repository_of_others_is_no_obstacle(machine, site):
    put(machine, "etc/apt/sources.list.d/a-foreign.list", "deb http://127.0.0.1:9/ gone main\n")
    put(
        machine, "etc/apt/sources.list.d/a-foreign.list.save", "deb http://127.0.0.1:8/ gone main\n"
    )
    assert sources_of(machine, "http://127.0.0.1:9", site).level == "ok"


@pytest.mark.parametrize("wanted", ["auto", "release", "build"])
def test_a_clock_that_is_behind_is_named(machine, site, monkeypatch, wanted):
    monkeypatch.setitem(globals(), "AHEAD", [7200.0])
    assert "2 hours behind" in sources_of(machine, site, site, wanted).message


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("certificate is not yet valid", "date --utc"),
        ("self-signed certificate in certificate chain", "slipway_ca"),
        ("unable to get local issuer certificate", "slipway_ca"),
        ("Hostname mismatch", "proxy variables"),
    ],
)
def test_a_certificate_that_is_refused_has_a_cause(machine, monkeypatch, text, word):
    problem = ssl.SSLCertVerificationError(1, "verify failed")
    problem.verify_message = text

    def refuse(*arguments, **options):
        raise urllib.error.URLError(problem)

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    found = sources_of(machine, "https://release.example", "https://debian.example")
    assert (found.level, text in found.message, word in found.remedy) == ("error", True, True)
