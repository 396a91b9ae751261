"""The hosts no longer trust the authority."""

testinfra_hosts = ["ssh://debian13", "ssh://debian12"]


def test_programs_of_the_host_refuse_the_server(host, server):
    done = host.run(
        f"python3 -c 'import urllib.request; urllib.request.urlopen(\"https://{server}/\")'"
    )
    assert "CERTIFICATE_VERIFY_FAILED" in done.stderr


def test_nothing_is_left(host):
    assert host.run("ls /usr/local/share/ca-certificates/slipway* /etc/ssl/certs/slipway*").rc != 0
