"""Hosts as real ones: systemd, SSH and sudo."""

testinfra_hosts = ["ssh://one", "ssh://two"]


def test_systemd_runs_without_a_failed_unit(host):
    assert host.check_output("systemctl is-system-running") == "running"


def test_user_is_root_by_sudo(host):
    assert host.check_output("id -un") == "slipway"
    assert host.check_output("sudo -n id -un") == "root"


def test_release_is_the_declared_one(host):
    declared = {"one": "13", "two": "12"}
    assert host.system_info.release.split(".")[0] == declared[host.check_output("hostname")]


def test_only_keys_open_the_door(host):
    with host.sudo():
        settings = host.check_output("sshd -T")
    assert "passwordauthentication no" in settings
    assert "permitrootlogin no" in settings


def test_nothing_that_roles_install_is_there_already(host):
    for program in ("docker", "containerd", "kubectl", "minikube", "lxc-start"):
        assert not host.exists(program), program


def test_name_server_is_one_that_containers_in_the_host_reach(host):
    servers = host.file("/etc/resolv.conf").content_string
    assert "nameserver " in servers
    assert "nameserver 127." not in servers
