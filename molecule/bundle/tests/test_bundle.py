"""A host has a package of the bundle, although it reaches no package server, and nothing else of the bundle."""

testinfra_hosts = ["ssh://debian13"]


def test_the_package_is_there(host):
    assert host.package("skopeo").is_installed
    assert host.file("/var/lib/slipway/packages/first").contains("requested skopeo")


def test_the_copy_of_the_packages_is_deleted(host):
    assert not host.file("/var/lib/slipway/offline").exists


def test_the_sources_of_the_host_are_unchanged(host):
    assert (
        host.file("/etc/apt/sources.list").content_string == "deb http://127.0.0.1:9 trixie main\n"
    )
