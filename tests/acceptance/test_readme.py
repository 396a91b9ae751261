"""The playbook of the README, word for word, on the real cluster."""

import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from support.module_runner import run_module
from support.on_cluster import good

ROOT = Path(__file__).resolve().parents[2]
APPS = ("web", "api")


class Requests(threading.Thread):
    """Asks the services without a pause, from the first answer of all to the end; counts every request."""

    def __init__(self, client):
        super().__init__(daemon=True)
        self.client = client
        self.answered = dict.fromkeys(APPS, 0)
        self.failed = []
        self.ended = threading.Event()

    def run(self):
        while not self.ended.is_set() and not all(self.answers(name) for name in APPS):
            time.sleep(0.1)
        while not self.ended.is_set():
            for name in APPS:
                if self.answers(name):
                    self.answered[name] += 1
                else:
                    self.failed.append((name, time.monotonic()))

    def answers(self, name):
        path = f"/api/v1/namespaces/default/services/{name}:tcp-80/proxy/"
        try:
            return b"NOW" in self.client.raw("GET", path, 5).read()
        except KubeError:
            return False


@pytest.fixture
def playbook(tmp_path):
    """The one playbook of the README that rolls back."""
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (text,) = [block for block in blocks if "on_failure: rollback" in block]
    path = tmp_path / "deploy.yml"
    path.write_text(text)
    return path


@pytest.fixture
def requests(client, kubeconfig):
    """Requests meanwhile; the applications go whatever happens."""
    asking = Requests(client)
    yield asking
    asking.ended.set()
    gone = [{"name": name} for name in APPS]
    good(run_module("workload", kubeconfig=kubeconfig, state="absent", apps=gone))


def test_ten_lines_deploy_explain_and_roll_back(playbook, requests, kubeconfig):
    assert len(playbook.read_text().splitlines()) == 10
    requests.start()
    done = subprocess.run(
        [str(Path(sys.executable).parent / "ansible-playbook"), str(playbook)],
        env={**os.environ, "KUBECONFIG": kubeconfig, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    requests.ended.set()
    requests.join()
    assert done.returncode == 2, done.stdout + done.stderr
    for words in (
        "Deployment default/web: ",
        "ImagePull",
        "agnhost:no-such",
        "events:",
        "next: ",
        "the earlier state is rolled out",
    ):
        assert words in done.stdout, done.stdout
    assert "Deployment default/api: " not in done.stdout
    assert not requests.failed
    assert min(requests.answered.values()) > 20
