"""Protect the data of a cluster from ``minikube start``, and copy them before an upgrade.

If Minikube cannot restart a control plane, it runs ``kubeadm reset``, which deletes etcd's data and the certificates,
and creates an empty cluster (pkg/minikube/bootstrapper/kubeadm/kubeadm.go, StartCluster).
"""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import Engine

SECONDS = 600
# In a container with the volume of the control plane at /node. A kubeadm that refuses the reset takes the place of the
# real one, for all versions in the volume. Minikube then continues with `kubeadm init`, which keeps existing data.
GUARD = """
for folder in /node/lib/minikube/binaries/v*; do
    cd "$folder" || exit 0
    { [ -e kubeadm ] || [ -L kubeadm ]; } && [ ! -L kubeadm.real ] && [ ! -e kubeadm.real ] || continue
    cat >kubeadm.new <<'END'
#!/bin/sh
# `minikube start` resets a control plane that it cannot restart. That would delete the data of the cluster.
case " $* " in
*" reset "*) echo "The data of the cluster are kept: kubeadm reset is refused (slipway.lab.minikube)." >&2; exit 1 ;;
esac
exec "${0%/*}/kubeadm.real" "$@"
END
    chmod 0755 kubeadm.new
    mv kubeadm kubeadm.real
    mv kubeadm.new kubeadm
done
"""
DATA = "/var/lib/minikube"
# etcd is suspended meanwhile, so the copy is as good as its disk after a power failure. The number of the directory
# shows later whether the data are still the same.
COPY = f"""
cd {DATA}
pid=$(pgrep -x etcd) || {{ echo "etcd does not run" >&2; exit 1; }}
rm -rf before-upgrade.part
mkdir -m 0700 before-upgrade.part
trap 'kill -CONT $pid' EXIT
kill -STOP $pid
cp -a etcd certs before-upgrade.part/
kill -CONT $pid
stat -c %i etcd/member >before-upgrade.part/number
rm -rf before-upgrade
mv before-upgrade.part before-upgrade
"""
IS_SAME = f'[ "$(stat -c %i {DATA}/etcd/member)" = "$(cat {DATA}/before-upgrade/number)" ]'
RESTORE = f"""
cd {DATA}
[ -d before-upgrade ] || {{ echo "{DATA}/before-upgrade does not exist" >&2; exit 1; }}
systemctl stop kubelet
crictl ps --quiet --name '^(etcd|kube-apiserver)$' | xargs -r crictl stop
rm -rf of-failed-upgrade
mkdir -m 0700 of-failed-upgrade
mv etcd certs of-failed-upgrade/
cp -a before-upgrade/etcd before-upgrade/certs .
"""


def guard_data(engine: Engine, node: str, image: str) -> None:
    """Make ``kubeadm reset`` fail in the control plane, running or not, for all versions that it has.

    Args:
        engine: The engine of the node.
        node: The control plane, whose volume has the same name.
        image: An image of nodes.

    Raises:
        EngineError: The volume cannot be changed.
    """
    engine.run_with_volume(image, node, "/node", "sh", "-euc", GUARD)


def copy_data(engine: Engine, node: str) -> None:
    """Copy etcd's data and the certificates inside the volume of their node, in place of an earlier copy.

    Raises:
        EngineError: They cannot be copied.
    """
    engine.run_in(node, "sh", "-euc", COPY, seconds=SECONDS)


def has_same_data(engine: Engine, node: str) -> bool:
    """Return whether etcd's data are still those that were copied, with what was written since then."""
    return engine.run("exec", node, "sh", "-c", IS_SAME).returncode == 0


def restore_data(engine: Engine, node: str) -> None:
    """Stop etcd, and put the copy in place of its data, which are kept beside it.

    Raises:
        EngineError: There is no copy, or it cannot be restored.
    """
    engine.run_in(node, "sh", "-euc", RESTORE, seconds=SECONDS)
