"""The command on a lab of kubeadm whose nodes are container hosts."""

import json
from pathlib import Path

import yaml

from support.lab import ROOT, Slipway

EXAMPLE = ROOT / "inventories/example_cluster"
ADDRESSES = {"cp1": 11, "cp2": 12, "cp3": 13, "node1": 21, "node2": 22}
CONTROL_PLANES = ("cp1", "cp2", "cp3")


class KubeadmLab(Slipway):
    """The command on an inventory whose groups the tests change."""

    def __init__(self, lab: str, inventory: Path, hosts=ADDRESSES):
        self.lab, self.inventory, self.hosts = lab, inventory, hosts
        for found in (EXAMPLE / "group_vars").rglob("*"):
            if found.parent.name != "group_vars" or found.is_file():
                link = inventory / found.relative_to(EXAMPLE)
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(found.resolve())
        self.declare()

    def __enter__(self):
        """Remove what an earlier run left."""
        self.run("down")
        return self

    def __exit__(self, *_):
        """Remove the lab with all of its hosts, which may have left the groups."""
        self.declare()
        assert self.run("down").returncode == 0

    def declare(self, control_planes=CONTROL_PLANES):
        """Write the groups. All hosts stay hosts of the lab."""
        document = yaml.safe_load((EXAMPLE / "hosts.yml").read_text())
        groups = document["all"]["children"]
        hosts = groups["lab_hosts"]["hosts"]
        groups["lab_hosts"]["hosts"] = {name: hosts[name] for name in self.hosts}
        groups["kube_control_plane"]["hosts"] = dict.fromkeys(
            filter(self.hosts.__contains__, control_planes)
        )
        groups["kube_node"]["hosts"] = {"node1": None, "node2": None}
        (self.inventory / "hosts.yml").write_text(yaml.safe_dump(document))

    def start(self, command, *arguments, **more):
        """Start the command on this lab with this inventory."""
        words = (command, arguments[0]) if command in ("etcd", "lesson") else (command,)
        chosen = ("--inventory", str(self.inventory), "--lab", self.lab)
        return super().start(*words, *chosen, *arguments[len(words) - 1 :], **more)

    def refused(self, *arguments):
        """Run the command, which must fail; return what it printed."""
        done = self.run(*arguments)
        assert done.returncode != 0
        return done.stdout + done.stderr

    def kubectl(self, *arguments):
        """Run kubectl and return what it printed."""
        done = self.run("kubectl", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def versions(self):
        """Return the versions of the nodes, each with whether pods can run there."""
        template = "{range .items[*]}{.status.nodeInfo.kubeletVersion}={.spec.unschedulable} {end}"
        return set(self.kubectl("get", "nodes", "-o", f"jsonpath={template}").split())

    def nodes(self):
        """Return the ready nodes by name, with their uids."""
        return {
            one["metadata"]["name"]: one["metadata"]["uid"]
            for one in json.loads(self.kubectl("get", "nodes", "-o", "json"))["items"]
            if ("Ready", "True") in [(c["type"], c["status"]) for c in one["status"]["conditions"]]
        }
