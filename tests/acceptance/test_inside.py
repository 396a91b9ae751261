"""The commands that work inside a lab, on the real one: minikube, shell, logs, image, service and context."""

import json
import signal
import subprocess
import tarfile

import pytest
import yaml

from support.outside import first_answer

AGNHOST = "registry.k8s.io/e2e-test-images/agnhost"
NAMESPACE = "slipway-inside"
IMAGE = "slipway-test/inside:v1"


@pytest.fixture(scope="module")
def inside(slipway, lab):
    """Run a command on the lab with a namespace of its own, which goes afterwards."""

    def run(*words, **more):
        return slipway.run(*words, timeout=600, **more)

    run.nodes = [node["name"] for node in lab["nodes"]]
    run.host = lab["hosts"][0]["name"]
    run.start, run.slipway = slipway.start, slipway
    assert run("kubectl", "create", "namespace", NAMESPACE).returncode == 0
    yield run
    run("kubectl", "delete", "namespace", NAMESPACE)
    run("image", "rm", IMAGE)


@pytest.fixture(scope="module")
def application(inside):
    """An application with the lab's own image, in the namespace of the tests."""
    images = inside("shell", inside.nodes[0], "--", "crictl", "images", "-o", "json").stdout
    tags = [tag for one in json.loads(images)["images"] for tag in one["repoTags"]]
    image = next(tag for tag in tags if tag.startswith(f"{AGNHOST}:"))
    words = ("kubectl", "--namespace", NAMESPACE)
    port = ("--", "/agnhost", "netexec", "--http-port=8080")
    done = inside(
        *words[:1], "-n", NAMESPACE, "create", "deployment", "web", f"--image={image}", *port
    )
    assert done.returncode == 0, done.stderr
    inside(*words, "expose", "deployment", "web", "--port=80", "--target-port=8080")
    ready = inside(*words, "rollout", "status", "deployment/web", "--timeout=120s")
    assert ready.returncode == 0, ready.stderr
    return image


def test_programs_run_on_a_host_on_a_node_and_in_a_pod(inside, application):
    done = inside("shell", inside.host, "--", "sh", "-c", "id -un; exit 7")
    assert (done.returncode, done.stdout) == (7, "slipway\n"), done.stderr
    done = inside("shell", inside.nodes[-1], "--", "sh", "-c", "hostname; id -u; exit 8")
    assert (done.returncode, done.stdout.split()) == (8, [inside.nodes[-1], "0"]), done.stderr
    done = inside("shell", f"{NAMESPACE}/web", "--", "/agnhost", "--help")
    assert done.returncode == 0 and "Usage" in done.stdout, done.stderr
    without = inside("shell", "web", "--namespace", NAMESPACE)
    assert without.returncode != 0 and "has no shell" in without.stderr


def test_logs_of_an_application_a_node_and_a_host(inside, application):
    ask_pod = inside("logs", f"{NAMESPACE}/web")
    assert ask_pod.returncode == 0 and "[pod/web-" in ask_pod.stdout, ask_pod.stderr
    for name in (inside.nodes[0], inside.host):
        done = inside("logs", name, "--tail", "3")
        assert len(done.stdout.splitlines()) == 3, done.stderr
    follow = inside.start("logs", "-f", inside.host, "--tail", "1")
    assert follow.stdout.readline()
    follow.send_signal(signal.SIGTERM)
    follow.communicate(timeout=30)


def test_minikube_works_on_the_profile_of_the_lab(inside):
    done = inside("minikube", "status", "--output", "json")
    assert done.returncode == 0, done.stderr
    assert [one["Name"] for one in json.loads(done.stdout)] == inside.nodes


def test_a_built_image_runs_and_is_removed_after_its_pod(inside, application, tmp_path):
    archive = tmp_path / "agnhost.tar"
    inside.slipway.export_image(inside.nodes[0], application, archive)
    context = tmp_path / "context"
    context.mkdir()
    with tarfile.open(archive) as content:
        manifest = json.load(content.extractfile("manifest.json"))[0]
        lines = ["FROM scratch"]
        for number, layer in enumerate(manifest["Layers"]):
            (context / f"{number}.tar").write_bytes(content.extractfile(layer).read())
            lines.append(f"ADD {number}.tar /")
    (context / "Containerfile").write_text("\n".join([*lines, 'ENTRYPOINT ["/agnhost"]', ""]))
    built = inside("image", "build", str(context), "--tag", IMAGE, "--json")
    assert built.returncode == 0 and json.loads(built.stdout)["changed"] == 2, built.stderr
    again = inside("image", "build", str(context), "--tag", IMAGE, "--json")
    assert json.loads(again.stdout)["changed"] == 0
    saved = tmp_path / "saved.tar"
    subprocess.run(["docker", "save", "--output", str(saved), IMAGE], check=True)
    assert json.loads(inside("image", "load", str(saved), "--json").stdout)["changed"] == 0

    run = (
        "kubectl",
        "-n",
        NAMESPACE,
        "run",
        "built",
        f"--image={IMAGE}",
        "--image-pull-policy=Never",
    )
    assert inside(*run, "--", "netexec").returncode == 0
    ready = inside(
        "kubectl", "-n", NAMESPACE, "wait", "pod/built", "--for=condition=Ready", "--timeout=120s"
    )
    assert ready.returncode == 0, ready.stderr
    refused = inside("image", "rm", IMAGE)
    assert refused.returncode == 1 and f"used by {NAMESPACE}/built" in refused.stderr
    inside("kubectl", "-n", NAMESPACE, "delete", "pod", "built", "--grace-period=1")
    removed = inside("image", "rm", IMAGE, "--json")
    assert removed.returncode == 0 and json.loads(removed.stdout)["changed"] == 1, removed.stderr
    subprocess.run(["gzip", str(saved)], check=True)
    loaded = inside("image", "load", f"{saved}.gz", "--json")
    assert loaded.returncode == 0 and json.loads(loaded.stdout)["changed"] == 1, loaded.stderr
    images = json.loads(inside("image", "list", "--json").stdout)["images"]
    mine = [one for one in images if f"docker.io/{IMAGE}" in one["names"]]
    assert [sorted(one["nodes"]) for one in mine] == [sorted(inside.nodes)]
    assert inside("image", "rm", IMAGE).returncode == 0
    subprocess.run(["docker", "rmi", IMAGE], check=True, capture_output=True)


def test_services_have_an_address_that_answers(inside, application):
    published = inside("service", "hello-node", "--url")
    assert published.returncode == 0 and "NOW" in first_answer(published.stdout.strip()), (
        published.stderr
    )
    forward = inside.start("service", f"{NAMESPACE}/web", "--url")
    try:
        url = forward.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:") and "NOW" in first_answer(url)
        inside(
            "kubectl", "-n", NAMESPACE, "delete", "pod", "--selector", "app=web", "--grace-period=1"
        )
        assert "NOW" in first_answer(url)
    finally:
        forward.send_signal(signal.SIGTERM)
        forward.communicate(timeout=30)
    assert forward.returncode == 0


def test_a_context_comes_and_goes(inside, lab, tmp_path):
    path = tmp_path / "config"
    before = {"apiVersion": "v1", "kind": "Config", "current-context": "work", "clusters": [], "users": [],
              "contexts": [{"name": "work", "context": {"cluster": "c", "user": "u"}}]}  # fmt: skip
    path.write_text(yaml.safe_dump(before))
    environment = {"KUBECONFIG": str(path)}
    done = inside("context", "add", "--use", **environment)
    assert done.returncode == 0, done.stderr
    command = [lab["kubectl"], "--kubeconfig", str(path), "get", "nodes", "--output=name"]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stdout.split() == [f"node/{name}" for name in inside.nodes]
    assert inside("context", "remove", **environment).returncode == 0
    assert yaml.safe_load(path.read_text()) == before
