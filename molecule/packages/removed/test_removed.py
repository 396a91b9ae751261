"""The host has the packages that it had before."""

testinfra_hosts = ["ssh://debian13"]


def test_the_list_of_packages_is_as_before(host):
    now = "dpkg-query --show --showformat '${Package} ${db:Status-Status}\\n'"
    with host.sudo():
        assert host.check_output(now) == host.check_output("cat /root/before")
        assert not host.file("/var/lib/slipway").exists
