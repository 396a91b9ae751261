"""roles/trust/files/registry: what Docker and the nodes of a host read, in a directory that stands for both."""

import os
import subprocess
from pathlib import Path

import pytest

REGISTRY = Path(__file__).parents[4] / "roles/trust/files/registry"
PEM = "-----BEGIN CERTIFICATE-----\nAAA+/=\n-----END CERTIFICATE-----"
OTHER = PEM.replace("AAA", "BBB")
MIRROR = "192.0.2.1:5081"
SYSTEM_PATH = "/usr/bin:/bin"
# The only node is a directory; commands in it run with its paths.
DOCKER = """#!/bin/sh
if [ "$1" = ps ]; then
    [ ! -e "$ROOT/down" ] || exit 1
    ! [ -d "$ROOT/node" ] || echo minikube-m02
    exit
fi
echo "$*" >>"$ROOT/calls"
shift 2
for word; do
    case $word in /etc/containerd/*) word=$ROOT/node$word ;; esac
    set -- "$@" "$word"
    shift
done
exec "$@"
"""
PROGRAMS = {
    "docker": DOCKER,
    "getent": '#!/bin/sh\n[ "$2" = ada ] && echo "ada:x:1000:1000::$ROOT/home/ada:/bin/bash"\n',
    "runuser": '#!/bin/sh\necho "as $2" >>"$ROOT/calls"\nshift 3\nexec "$@"\n',
}
DOCKER_CA = f"etc/docker/certs.d/{MIRROR}/ca.crt"
NODES = "etc/containerd/certs.d/192.0.2.1_5081_"
FUTURE = f"home/ada/.minikube/files/{NODES}"


class Host:
    """A host with a cluster of one running node."""

    def __init__(self, root):
        self.root = root
        for folder in ("bin", "home/ada", "node"):
            (root / folder).mkdir(parents=True)
        for name, text in PROGRAMS.items():
            (root / "bin" / name).write_text(text)
            (root / "bin" / name).chmod(0o755)

    def run(self, *arguments):
        """Return the changes that the script tells, as a number."""
        text = REGISTRY.read_text().replace("/etc/docker", f"{self.root}/etc/docker")
        env = {**os.environ, "PATH": f"{self.root / 'bin'}:{SYSTEM_PATH}", "ROOT": str(self.root)}
        command = ["sh", "-s", "--", *arguments]
        done = subprocess.run(
            command, input=text, env=env, capture_output=True, text=True, check=True
        )
        assert set(done.stdout.split()) <= {"changed"}
        return done.stdout.split()

    def trust(self, certificate=PEM, registry=MIRROR, user="ada"):
        return self.run("present", registry, user, "minikube", certificate)

    def forget(self, *check):
        return self.run("absent", *check, MIRROR, "ada", "minikube")

    def read(self, path):
        return (self.root / path).read_text()

    def files(self):
        return sorted(
            str(path.relative_to(self.root))
            for path in self.root.rglob("*")
            if path.is_file() and path.parent.name != "bin" and path.name != "calls"
        )


@pytest.fixture
def host(tmp_path):
    return Host(tmp_path)


def test_docker_and_nodes_trust_a_registry_and_forget_it(host):
    assert host.trust()
    both = [
        f"{place}/{name}"
        for place in (FUTURE, f"node/{NODES}")
        for name in ("ca.crt", "hosts.toml")
    ]
    assert host.files() == sorted([DOCKER_CA, *both])
    for path in (DOCKER_CA, f"{FUTURE}/ca.crt", f"node/{NODES}/ca.crt"):
        assert host.read(path) == f"{PEM}\n"
        assert (host.root / path).stat().st_mode & 0o777 == 0o644
    for path in (f"{FUTURE}/hosts.toml", f"node/{NODES}/hosts.toml"):
        assert f'server = "https://{MIRROR}"' in host.read(path)
        assert "[host" not in host.read(path)  # it would hide "not found" behind a TLS error
        assert 'ca = "ca.crt"' in host.read(path) and "skip_verify" not in host.read(path)
    assert host.trust() == []
    assert host.forget()
    assert host.files() == [] and host.forget() == []
    assert not (host.root / "etc/docker/certs.d").exists()


def test_another_authority_replaces_the_first_everywhere(host):
    host.trust()
    assert host.trust(OTHER)
    for path in (DOCKER_CA, f"{FUTURE}/ca.crt", f"node/{NODES}/ca.crt"):
        assert host.read(path) == f"{OTHER}\n"


@pytest.mark.parametrize("path", [DOCKER_CA, f"{FUTURE}/hosts.toml", f"node/{NODES}/hosts.toml"])
def test_an_edited_file_is_repaired(host, path):
    host.trust()
    (host.root / path).write_text("skip_verify = true\n")
    assert host.trust()
    assert "skip_verify" not in host.read(path)


def test_files_of_the_user_are_written_as_the_user(host):
    host.trust()
    assert host.read("calls").count("as ada") == 2


def test_check_mode_changes_nothing(host):
    assert host.run("present", "--check", MIRROR, "ada", "minikube", PEM)
    assert host.files() == []
    host.trust()
    before = host.files()
    assert host.forget("--check") and host.files() == before


def test_without_a_user_only_docker_trusts(host):
    assert host.trust(user="") and host.files() == [DOCKER_CA]
    assert host.trust(user="nobody-there") == []


def test_an_engine_that_is_down_leaves_the_running_nodes(host):
    (host.root / "down").touch()
    assert host.trust()
    assert not (host.root / "node/etc").exists() and (host.root / FUTURE / "ca.crt").exists()


def test_all_registries_are_a_matter_of_nodes(host):
    assert host.trust(registry="")
    folder = "etc/containerd/certs.d/_default"
    assert host.read(f"node/{folder}/hosts.toml") == 'ca = "ca.crt"\n'
    assert host.read(f"home/ada/.minikube/files/{folder}/ca.crt") == f"{PEM}\n"
    assert not (host.root / "etc/docker").exists()


def test_an_address_of_ipv6_has_the_name_that_containerd_looks_for(host):
    host.trust(registry="[2001:db8::1]:5081")
    assert (host.root / "node/etc/containerd/certs.d/[2001:db8::1]_5081_/ca.crt").exists()


def test_other_registries_are_kept(host):
    host.trust()
    host.trust(registry="192.0.2.1:5443")
    host.forget()
    assert "etc/docker/certs.d/192.0.2.1:5443/ca.crt" in host.files()
    assert "node/etc/containerd/certs.d/192.0.2.1_5443_/ca.crt" in host.files()
