"""``dev`` on the real lab: edits reach the cluster, and a broken one does not replace what serves."""

import json
import signal
import subprocess
import threading
import time

import pytest

from support.outside import ask, first_answer

pytestmark = pytest.mark.long

AGNHOST = "registry.k8s.io/e2e-test-images/agnhost"
BASE = "slipway-test/dev-base:v1"
NAMESPACE = "slipway-dev"
FILES = """FROM {base}
COPY page.txt /
EXPOSE 8080
ENTRYPOINT ["/agnhost"]
CMD ["test-webserver", "--port=8080"]
"""


@pytest.fixture(scope="module")
def kubectl(slipway, lab):
    """Run kubectl in the namespace of the tests, which goes afterwards."""

    def run(*words):
        done = slipway.run("kubectl", "--namespace", NAMESPACE, *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("create", "namespace", NAMESPACE)
    yield run
    run("delete", "namespace", NAMESPACE)


@pytest.fixture(scope="module")
def base(slipway, lab, tmp_path_factory):
    """The lab's own image with programs, in the engine of this machine."""
    images = slipway.json("image", "list")["images"]
    names = [name for one in images for name in one["names"]]
    name = next(one for one in names if one.startswith(f"{AGNHOST}:"))
    archive = tmp_path_factory.mktemp("image") / "agnhost.tar"
    slipway.export_image(lab["nodes"][0]["name"], name, archive)
    before = subprocess.run(["docker", "image", "inspect", name], capture_output=True, check=False)
    subprocess.run(["docker", "load", "--input", str(archive)], check=True)
    subprocess.run(["docker", "tag", name, BASE], check=True)
    if before.returncode:
        subprocess.run(["docker", "rmi", name], check=True)
    yield BASE
    subprocess.run(["docker", "rmi", BASE], check=True)


@pytest.fixture
def app(base, tmp_path):
    """The directory of an application that serves a page."""
    folder = tmp_path / "Page Server"
    folder.mkdir()
    (folder / "Containerfile").write_text(FILES.format(base=base))
    (folder / ".dockerignore").write_text("notes\n")
    (folder / "page.txt").write_text("one")
    return folder


class Dev:
    """A running ``dev``, whose output is collected."""

    def __init__(self, process):
        self.process = process
        self.text = ""
        self._waits = 0
        for stream in (process.stdout, process.stderr):
            threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream):
        for line in stream:
            self.text += line

    def until(self, condition, seconds=300):
        """Wait for a condition; return the seconds that it took."""
        began = time.monotonic()
        while not condition():
            assert time.monotonic() < began + seconds, self.text[-6000:]
            time.sleep(0.1)
        return time.monotonic() - began

    def next_pass(self, edit=lambda: None):
        """Edit, wait for the end of one pass, and return what was printed meanwhile."""
        known = len(self.text)
        edit()
        self._waits += 1
        mark = "waiting for a change"
        seconds = self.until(lambda: self.text.count(mark) == self._waits)
        print(f"pass {self._waits}: {seconds:.1f} s")
        return self.text[known:]

    @property
    def url(self):
        """The address on loopback."""
        return next(line for line in self.text.splitlines() if line.startswith("http://127.0.0.1:"))


def images_left(name):
    """Return the images of an application in the engine of this machine."""
    command = ["docker", "image", "ls", "--quiet", f"slipway-dev/{name}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_edits_reach_the_lab_and_broken_ones_do_not(slipway, kubectl, app):
    containerfile, page = app / "Containerfile", app / "page.txt"
    good = containerfile.read_text()
    dev = Dev(slipway.start("dev", str(app), "--namespace", NAMESPACE, "--remove"))
    try:
        dev.next_pass()
        url = f"{dev.url}page.txt"
        assert first_answer(url) == "one"
        dev.next_pass(lambda: page.write_text("two"))
        dev.until(lambda: first_answer(url) == "two")

        def generation():
            return kubectl("get", "deployment", "page-server", "-o=jsonpath={.metadata.generation}")

        before = generation()
        (app / "notes").write_text("ignored")
        time.sleep(3)
        dev.next_pass(lambda: page.write_text("two"))
        assert generation() == before

        answers, ended = [], threading.Event()

        def probe():
            while not ended.wait(0.1):
                answers.append(ask(url))

        prober = threading.Thread(target=probe)
        prober.start()
        broken = good.replace("--port=8080", "--no-such-flag")
        said = dev.next_pass(lambda: containerfile.write_text(broken))
        assert "unknown flag: --no-such-flag" in said and "still serving: " in said
        said = dev.next_pass(
            lambda: containerfile.write_text(good.replace("page.txt", "no-such.txt"))
        )
        assert "no-such.txt" in said and "still serving: " in said
        ended.set()
        prober.join()
        assert len(answers) > 50 and set(answers) == {"two"}

        netexec = good.replace('"test-webserver", "--port=8080"', '"netexec", "--http-port=8080"')
        dev.next_pass(lambda: containerfile.write_text(netexec))
        dev.until(lambda: first_answer(f"{dev.url}echo?msg=mended") == "mended")
        dev.until(
            lambda: any(
                "[pod/page-server-" in line and "mended" in line for line in dev.text.splitlines()
            )
        )
    finally:
        dev.process.send_signal(signal.SIGINT)
        dev.process.wait(300)
    assert dev.process.returncode == 0, dev.text[-3000:]
    assert kubectl("get", "deployments,services,pods,secrets", "-o=name") == ""
    nodes = [name for one in slipway.json("image", "list")["images"] for name in one["names"]]
    assert not [name for name in nodes if "slipway-dev/page-server" in name]
    assert images_left("page-server") == []


def test_one_pass_for_programs_changes_nothing_foreign(slipway, kubectl, app):
    words = ("dev", str(app), "--namespace", NAMESPACE, "--name", "once", "--once")
    assert slipway.json(*words, "--check")["changed"] == 2
    first = slipway.json(*words)
    assert first["changed"] == 3 and first["dev"]["service"] == "once"
    image = kubectl("get", "deployment", "once", "-o=jsonpath={..image}")
    assert image == first["dev"]["image"]
    assert slipway.json(*words)["changed"] == 0 and slipway.json(*words, "--check")["changed"] == 0
    assert slipway.run(*words, "--remove").returncode == 0

    kubectl("create", "deployment", "once", f"--image={image}", "--replicas=0")
    before = kubectl("get", "deployment", "once", "-o=json")
    refused = slipway.run(*words)
    assert (
        refused.returncode == 1 and "Deployment slipway-dev/once: not created by" in refused.stderr
    )
    assert slipway.run(*words, "--remove").returncode == 0
    assert (
        json.loads(kubectl("get", "deployment", "once", "-o=json"))["spec"]
        == json.loads(before)["spec"]
    )
    kubectl("delete", "deployment", "once")
    assert images_left("once") == []


def test_own_manifests_get_the_built_image(slipway, kubectl, app, tmp_path):
    deployment = kubectl(
        "create", "deployment", "mine", "--image=page", "--dry-run=client", "-o=yaml"
    )
    (tmp_path / "mine.yml").write_text(deployment.replace(f"  namespace: {NAMESPACE}\n", ""))
    words = ("dev", str(app), "--namespace", NAMESPACE, "--name", "page", "--once")
    done = slipway.json(*words, "--manifests", str(tmp_path))
    assert kubectl("get", "deployment", "mine", "-o=jsonpath={..image}") == done["dev"]["image"]
    assert slipway.run(*words, "--remove").returncode == 0
    assert kubectl("get", "deployments", "-o=name") == ""
