"""Tests of ``sbom.debian_packages``."""

import io
import tarfile

from ansible_collections.slipway.lab.plugins.module_utils.sbom.debian_packages import (
    DebianPackage,
    read_packages,
)

STATUS = """\
Package: b
Status: install ok installed
Architecture: all
Version: 2:1.0+x
Description: first
 Version: 9

Package: a
Status: hold ok installed
Architecture: amd64
Version: 1

Package: gone
Status: deinstall ok config-files
Version: 1

Package: never
Status: unknown ok not-installed
Version: 1
"""


def archive(path, files):
    with tarfile.open(path, "w") as made:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            made.addfile(member, io.BytesIO(text.encode()))
    return path


def test_installed_packages_are_read(tmp_path):
    files = {
        "./var/lib/dpkg/status": STATUS,
        "./usr/lib/os-release": 'ID=debian\nVERSION_ID="13"\n',
    }
    assert read_packages(archive(tmp_path / "root.tar", files)) == [
        DebianPackage("a", "1", "amd64", "debian-13"),
        DebianPackage("b", "2:1.0+x", "all", "debian-13"),
    ]


def test_packages_of_an_image_without_dpkg_are_read(tmp_path):
    files = {
        "var/lib/dpkg/status": "",
        "var/lib/dpkg/status.d/b": "Package: b\nVersion: 2\nArchitecture: amd64\n",
        "var/lib/dpkg/status.d/a": "Package: a\nVersion: 1\n",
    }
    found = read_packages(archive(tmp_path / "root.tar", files))
    assert found == [DebianPackage("a", "1", ""), DebianPackage("b", "2", "amd64")]


def test_other_files_have_no_packages(tmp_path):
    (tmp_path / "root.tar").write_text("no archive")
    assert read_packages(tmp_path / "root.tar") == []
