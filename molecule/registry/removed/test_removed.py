"""The removal leaves no listener and no CA certificate of the registry."""

import testinfra

testinfra_hosts = ["ssh://debian13"]

REGISTRY = "10.213.8.1:5443"


def test_nobody_listens(host):
    assert host.run(f"curl -sS https://{REGISTRY}/v2/").rc == 7  # no connection, by curl's manual


def test_nobody_trusts_it(host):
    for machine in (host, testinfra.get_host("local://")):
        assert not machine.file(f"/etc/docker/certs.d/{REGISTRY}").exists
    assert host.run("sudo docker exec minikube ls /etc/containerd/certs.d/10.213.8.1_5443_").rc != 0
    assert (
        host.run(
            "sudo ls /home/minikube/.minikube/files/etc/containerd/certs.d/10.213.8.1_5443_"
        ).rc
        != 0
    )


def test_the_mirror_still_serves(host):
    assert host.run("curl -skSf https://10.213.8.1:5080/.mirror").rc == 0
