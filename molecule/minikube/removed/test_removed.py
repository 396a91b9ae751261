"""The removal leaves no file, process or container of Minikube on the host."""

testinfra_hosts = ["ssh://debian13"]


def test_programs_unit_and_user_are_gone(host):
    for path in (
        "/usr/local/bin/minikube",
        "/usr/local/bin/kubectl",
        "/usr/local/lib/slipway/minikube",
        "/usr/share/bash-completion/completions/minikube",
        "/etc/systemd/system/minikube-minikube.service",
        "/etc/systemd/system/slipway-addresses-minikube.service",
        "/etc/minikube-cni.yaml",
        "/home/minikube",
        "/etc/docker/certs.d",
    ):
        assert not host.file(path).exists, path
    assert not host.user("minikube").exists


def test_completion_of_somebody_else_is_kept(host):
    assert host.file("/usr/share/zsh/vendor-completions/_kubectl").content_string == "from before"


def test_containers_volumes_and_networks_are_gone(host):
    with host.sudo():
        assert host.check_output("docker ps -aq") == ""
        assert host.check_output("docker volume ls -q") == ""
        assert host.check_output("docker network ls -q --filter type=custom") == ""
