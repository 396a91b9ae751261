"""A practice of the lesson ``demo`` of the tests' project, with a kubectl that only records."""

import json
from pathlib import Path

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import LABEL, Scene

LESSONS = Path(__file__).resolve().parents[1] / "fixtures/project/playbooks/lessons"
# The answers are files beside the program: the first word is get, delete or another verb.
KUBECTL = """#!/bin/sh
here=$(dirname "$0")
echo "$*" >> "$here/calls"
verb=$1; [ "$verb" = --namespace ] && verb=$3
cat "$here/$verb.err" >&2 2>/dev/null && exit 1
cat "$here/$verb.out" 2>/dev/null
exit 0
"""


def make_scene(folder, state):
    """Set the scene of ``demo``; return it.

    Args:
        folder: Directory for kubectl and the file that the tasks write.
        state: Directory of the practice.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kubectl = folder / "kubectl"
    kubectl.write_text(KUBECTL)
    kubectl.chmod(0o755)
    answer(folder, "get", json.dumps({LABEL: "demo"}))
    scene = Scene(
        lesson="demo",
        namespace="learn-demo",
        folder=str(LESSONS / "demo"),
        environment={"KUBECONFIG": str(folder / "kubeconfig"), "PATH": str(folder)},
        values={"file": str(folder / "sum"), "host": "lab1"},
        host=("sh", "-c"),
        offers=("lab", "minikube"),
    )
    scene.save(state)
    return scene


def answer(folder, verb, out="", error=None):
    """Set what kubectl prints for a verb; with an error, it fails."""
    for suffix, text in ((".out", out), (".err", error)):
        file = folder / f"{verb}{suffix}"
        file.unlink(missing_ok=True)
        if text is not None:
            file.write_text(text)


def calls(folder):
    """Return the arguments of the calls of kubectl."""
    file = folder / "calls"
    return file.read_text().splitlines() if file.exists() else []
