"""The page is gone, the mirror is not, and no key is left."""

testinfra_hosts = ["local://"]


def test_nobody_answers(host):
    assert host.run("curl -s http://127.213.9.1:5090/").rc == 7
    assert host.run("curl -skf https://10.213.9.1:5080/.mirror").rc == 0


def test_no_key_is_left(host):
    folder = host.check_output(
        "docker inspect --format '{{range .Mounts}}{{if eq .Destination \"/etc/mirror\"}}{{.Source}}{{end}}{{end}}'"
        " slipway-molecule-front-files"
    )
    assert host.file(folder).is_directory
    assert not host.file(f"{folder}/front").exists
