"""The packages are installed, and the record lists what that added."""

testinfra_hosts = ["ssh://debian13"]


def record(host, owner):
    return host.check_output(f"cat /var/lib/slipway/packages/{owner}").splitlines()


def test_packages_are_installed(host):
    assert host.exists("jq") and host.exists("tree")


def test_the_interrupted_run_is_complete(host):
    with host.sudo():
        assert host.check_output("ls /var/lib/dpkg/updates") == ""


def test_each_package_has_one_owner(host):
    assert "requested jq" in record(host, "first")
    assert "dependency libjq1" in record(host, "first")
    assert record(host, "second") == ["automatic libjq1", "requested tree"]
