"""roles/trust/files/authority: the paths and programs of each distribution, in a directory that stands for a host."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

AUTHORITY = Path(__file__).parents[4] / "roles/trust/files/authority"
SYSTEMS = {
    "debian": ("usr/local/share/ca-certificates", "update-ca-certificates"),
    "redhat": ("etc/pki/ca-trust/source/anchors", "update-ca-trust"),
    "suse": ("etc/pki/trust/anchors", "update-ca-certificates"),
}
PEM = "-----BEGIN CERTIFICATE-----\nAAA+/=\n-----END CERTIFICATE-----"
OTHER = PEM.replace("AAA", "BBB")
# Like the real ones, it collects all authorities in the directory.
SYSTEM_PATH = "/usr/bin:/bin"
UPDATE = """#!/bin/sh
echo "update $*" >>"$ROOT/calls"
cat "$ROOT/$ANCHORS"/*.crt >"$ROOT/etc/ssl/certs/ca-certificates.crt" 2>/dev/null || true
"""


class Host:
    """A host of one distribution."""

    def __init__(self, root, system):
        self.root = root
        self.anchors, self.update = SYSTEMS[system]
        self.file = root / self.anchors / "slipway-demo.crt"
        for folder in (self.anchors, "etc/ssl/certs", "bin"):
            (root / folder).mkdir(parents=True)
        self.install()

    def install(self):
        program = self.root / "bin" / self.update
        program.write_text(UPDATE)
        program.chmod(0o755)

    def run(self, *arguments):
        text = AUTHORITY.read_text()
        for place in ("/etc/", "/usr/local/", "/var/lib/"):
            text = text.replace(place, f"{self.root}{place}")
        path = f"{self.root / 'bin'}:{SYSTEM_PATH}"
        env = {**os.environ, "PATH": path, "ROOT": str(self.root), "ANCHORS": self.anchors}
        done = subprocess.run(
            ["sh", "-s", "--", *arguments], input=text, env=env, capture_output=True, text=True
        )
        return done.returncode, done.stdout.split()

    def updates(self):
        calls = self.root / "calls"
        return calls.read_text().count("update") if calls.exists() else 0


@pytest.fixture(params=SYSTEMS)
def host(request, tmp_path):
    return Host(tmp_path, request.param)


def test_an_authority_is_added_once_changed_and_removed(host):
    assert host.run("present", "slipway-demo", PEM) == (0, ["changed"])
    assert host.file.read_text() == f"{PEM}\n" and host.file.stat().st_mode & 0o777 == 0o644
    assert host.run("present", "slipway-demo", PEM) == (0, [])
    assert host.run("present", "slipway-demo", OTHER) == (0, ["changed"])
    assert host.updates() == 2
    assert host.run("absent", "slipway-demo") == (0, ["changed"])
    assert host.run("absent", "slipway-demo") == (0, [])
    assert not host.file.exists() and host.updates() == 3


def test_another_mode_is_repaired(host):
    host.run("present", "slipway-demo", PEM)
    host.file.chmod(0o666)
    assert host.run("present", "slipway-demo", PEM) == (0, ["changed"])
    assert host.file.stat().st_mode & 0o777 == 0o644


def test_check_mode_changes_nothing(host):
    assert host.run("present", "slipway-demo", "--check", PEM) == (0, ["changed"])
    assert not host.file.exists()
    host.run("present", "slipway-demo", PEM)
    assert host.run("absent", "slipway-demo", "--check") == (0, ["changed"])
    assert host.file.exists() and host.updates() == 1


def test_a_missing_program_is_reported(host):
    (host.root / "bin" / host.update).unlink()
    assert not shutil.which(host.update, path=SYSTEM_PATH)
    assert host.run("present", "slipway-demo", PEM) == (3, [])


def test_other_authorities_are_kept(host):
    other = host.file.with_name("company.crt")
    other.write_text(OTHER)
    host.run("present", "slipway-demo", PEM)
    host.run("absent", "slipway-demo")
    assert other.read_text() == OTHER


def test_an_added_package_is_reported_for_the_removal(host):
    record = host.root / "var/lib/slipway/packages/trust"
    record.parent.mkdir(parents=True)
    record.touch()
    assert host.run("absent", "slipway-demo") == (0, ["package"])


def test_links_of_debian_are_made_again_after_a_removal(tmp_path):
    host = Host(tmp_path, "debian")
    host.run("present", "slipway-demo", PEM)
    host.run("absent", "slipway-demo")
    assert (tmp_path / "calls").read_text().splitlines() == ["update ", "update --fresh"]


def test_a_bundle_of_debian_that_lost_the_authority_is_made_again(tmp_path):
    host = Host(tmp_path, "debian")
    host.run("present", "slipway-demo", PEM)
    (tmp_path / "etc/ssl/certs/ca-certificates.crt").write_text("")
    assert host.run("present", "slipway-demo", PEM) == (0, ["changed"])
    assert host.updates() == 2
