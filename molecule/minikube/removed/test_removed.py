"""The removal leaves no file, process or container of Minikube on the host."""

testinfra_hosts = ["ssh://debian13"]


def test_programs_unit_and_user_are_gone(host):
    for path in (
        "/usr/local/bin/minikube",
        "/usr/local/bin/kubectl",
        "/etc/systemd/system/minikube-minikube.service",
        "/etc/minikube-cni.yaml",
        "/home/minikube",
    ):
        assert not host.file(path).exists, path
    assert not host.user("minikube").exists


def test_containers_volumes_and_networks_are_gone(host):
    with host.sudo():
        assert host.check_output("docker ps -aq") == ""
        assert host.check_output("docker volume ls -q") == ""
        assert host.check_output("docker network ls -q --filter type=custom") == ""
