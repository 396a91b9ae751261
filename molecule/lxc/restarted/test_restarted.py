"""After side_effect.yml: containers come back with the host if that is declared, with what they hold."""

testinfra_hosts = ["ssh://debian13", "ssh://debian12"]


def test_only_containers_with_autostart_run(host):
    with host.sudo():
        assert host.check_output("lxc-ls -1 --running").split() == ["system"]


def test_container_has_started_everything(host):
    command = "lxc-attach --name system -- systemctl is-system-running --wait"
    with host.sudo():
        assert host.check_output(command) == "running"


def test_changed_setting_is_set(host):
    with host.sudo():
        pid = host.check_output("lxc-info --name system --no-humanize --pid")
        environment = host.file(f"/proc/{pid}/environ").content_string.split("\0")
    assert "ROOM=13" in environment


def test_files_are_kept(host):
    with host.sudo():
        host.check_output("lxc-attach --name system -- ls /root/kept")


def test_address_is_the_same_network(host):
    with host.sudo():
        assert host.check_output("lxc-info --name system --no-humanize --ips").startswith("10.0.3.")
