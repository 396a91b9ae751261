"""A report of lessons of which one claim did not hold, and the browser that shows it."""

import base64
import hashlib
import itertools
import os
import subprocess
import tarfile

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_record import Evidence
from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import read_text
from slipway.lab.project import locate
from slipway.lessons.catalogue import evidence_file, folder, lessons
from support.browser import Browser, program

AXE = "axe-core@4.14.1"
AXE_SHA512 = (
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
)
DATA = {
    "line": {
        "half": [[0, 3.0], [1, None], [2, 4.5]],
        "95 of 100": [[0, 9.0], [1, 12.0], [2, 11.0]],
    },
    "steps": {"ready": [[0, 4], [1.5, 3], [2.25, 4]]},
    "bars": {"a name that is rather long": 12.5, "short": 3},
    "distribution": {"pod killed": [1.0, 2.0, 2.5], "process crashed": [0.5], "never": []},
    "text": "systemd\n  sshd" + "-with-a-long-name" * 20,
}


@pytest.fixture(scope="session")
def environment(tmp_path_factory):
    """The environment of a user with evidence of all lessons."""
    variables = {**os.environ, "XDG_STATE_HOME": str(tmp_path_factory.mktemp("state"))}
    variables.pop("ANSIBLE_INVENTORY", None)
    project = locate(environ=variables)
    for lesson in lessons(project):
        leave_evidence(project, lesson.name)
    return variables


def leave_evidence(project, name):
    """Write evidence as a run does: every claim of the text, the last one not holding, and every kind of plot."""
    text = read_text(folder(project), name, "en")
    evidence = Evidence(evidence_file(project, name))
    evidence.begin(
        name, lab="x", broken="", check_only=False, versions={"kubernetes": "v1", "minikube": "v2"}
    )
    claims, share = list(text.claims), -(-len(text.claims) // len(text.steps))
    for step in text.steps:
        evidence.add("steps", id=step.id, commands=[f"kubectl get {'very-' * 40}long & <b>"])
        for claim in claims[:share]:
            evidence.add("claims", name=claim, passed=claim != list(text.claims)[-1], figure=12.3456,
                         unit="s", expected="<i>" + "x" * 300, seen="y " * 200)  # fmt: skip
        del claims[:share]
    for plot, (kind, data) in zip(
        dict.fromkeys([*text.plots, *DATA]), itertools.cycle(DATA.items()), strict=False
    ):
        marks = [[1.0, "pod"]] if kind in ("line", "steps") else []
        evidence.add(
            "evidence", name=plot, kind=kind, unit="ms", x_unit="s", marks=marks, data=data
        )
    evidence.end(text.claims, partial=False)


@pytest.fixture(scope="session")
def report(environment, tmp_path_factory):
    """The page as the command writes it; a claim that does not hold makes it end with 1."""
    target = tmp_path_factory.mktemp("report") / "page.html"
    root = locate().root
    done = subprocess.run(
        [str(root / "slipway"), "report", "--output", str(target)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "claims hold" in done.stdout
    return target


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    """The source of axe-core, from npm, by checksum."""
    folder = tmp_path_factory.mktemp("axe")
    pack = [program("npm", "npm"), "pack", "--silent", AXE]
    subprocess.run(pack, cwd=folder, check=True, capture_output=True)
    archive = next(folder.glob("*.tgz"))
    assert base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() == AXE_SHA512
    with tarfile.open(archive) as content:
        return content.extractfile("package/axe.min.js").read().decode()


@pytest.fixture
def browser():
    """A browser."""
    one = Browser()
    yield one
    one.close()
