"""roles/minikube/files/network-policies, with a kubectl that records its calls."""

import os
import pwd
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[4] / "roles/minikube/files/network-policies"
USER = pwd.getpwuid(os.getuid()).pw_name
KUBECTL = """#!/bin/sh
shift 6
echo "$*" >>"${0%/*}/calls"
case $1 in
    diff) cat "${0%/*}/difference"; exit "$(cat "${0%/*}/diff_rc")" ;;
    rollout) exit "$(cat "${0%/*}/rollout_rc")" ;;
    get) [ "$2" != events ] || echo "slipway-network-policies-x1 Back-off pulling image" ;;
esac
"""


class Cluster:
    """A directory of programs. Files beside kubectl contain its answers."""

    def __init__(self, root: Path):
        self.root = root
        self.manifest = root / "policies.yml"
        self.manifest.write_text("objects")
        self.answer("kubectl", KUBECTL)
        self.answer("runuser", '#!/bin/sh\nshift 3\nexec "$@"\n')
        self.set(difference="", diff_rc=0, rollout_rc=0)

    def answer(self, name: str, script: str) -> None:
        (self.root / name).write_text(script)
        (self.root / name).chmod(0o755)

    def set(self, **files: object) -> None:
        for name, value in files.items():
            (self.root / name).write_text(str(value))

    def run(self, *words: str) -> subprocess.CompletedProcess:
        (self.root / "calls").write_text("")
        path = f"{self.root}:{os.environ['PATH']}"
        command = ["sh", str(SCRIPT), *words, USER, "minikube", str(self.manifest)]
        return subprocess.run(
            command,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def verbs(self) -> list[str]:
        return [line.split()[0] for line in (self.root / "calls").read_text().splitlines()]


@pytest.fixture
def cluster(tmp_path):
    return Cluster(tmp_path)


def test_objects_as_declared_are_not_written(cluster):
    done = cluster.run("apply")
    assert (done.returncode, done.stdout) == (0, "")
    assert cluster.verbs == ["diff", "rollout"]


def test_a_difference_is_shown_written_and_waited_for(cluster):
    cluster.set(difference="+  image: new", diff_rc=1)
    done = cluster.run("apply")
    assert (done.returncode, done.stdout) == (0, "+  image: new\n")
    assert cluster.verbs == ["diff", "apply", "rollout"]


def test_check_mode_only_shows_the_difference(cluster):
    cluster.set(difference="+  image: new", diff_rc=1)
    for action in ("apply", "remove"):
        done = cluster.run("--check", action)
        assert (done.returncode, done.stdout) == (0, "+  image: new\n")
        assert cluster.verbs == ["diff", "rollout"]
    cluster.set(difference="", diff_rc=0, rollout_rc=1)
    assert cluster.run("--check", "apply").stdout == "The pods are not ready.\n"


def test_rules_are_removed_before_the_objects(cluster):
    cluster.set(difference="+  remove-rules", diff_rc=1)
    assert cluster.run("remove").returncode == 0
    assert cluster.verbs == ["diff", "apply", "rollout", "delete"]
    cluster.set(rollout_rc=1)
    assert cluster.run("remove").returncode == 1
    assert "delete" not in cluster.verbs


def test_a_cluster_that_does_not_answer_is_an_error_without_a_change(cluster):
    cluster.set(difference="connection refused", diff_rc=2)
    done = cluster.run("apply")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "connection refused\n")
    assert cluster.verbs == ["diff"]


def test_pods_that_do_not_become_ready_are_explained(cluster):
    cluster.set(rollout_rc=1)
    done = cluster.run("apply")
    assert done.returncode == 1
    assert "are not ready after 120 seconds" in done.stderr and "Back-off pulling" in done.stderr
