"""The hosts and their engine trust the authority."""

import pytest

testinfra_hosts = ["ssh://debian13", "ssh://debian12"]


def test_programs_of_the_host_trust_the_server(host, server):
    done = host.run(
        f"python3 -c 'import urllib.request; urllib.request.urlopen(\"https://{server}/\")'"
    )
    assert "HTTP Error 501" in done.stderr  # the server has no page


def test_the_engine_trusts_the_server(host, server):
    if not host.exists("docker"):
        pytest.skip("only one of the hosts has an engine")
    with host.sudo():
        said = host.run(f"docker pull {server}/app:v1").stderr
    assert "501" in said and "x509" not in said
