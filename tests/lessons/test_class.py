"""A class on the real lab: students do the lessons with their own rights, and are kept apart by trying."""

import json
import subprocess
import time

import pytest
import yaml

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import lesson_folder
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import read_tasks
from slipway.lab.project import locate
from slipway.lessons.catalogue import folder
from support.lab import ROOT

FOLDER = folder(locate())
LESSONS = yaml.safe_load((ROOT / "playbooks/lessons/vars/class.yml").read_text())["class_lessons"]
NAME, ADA, BOB = "trial", "student-01", "student-02"
PRIVILEGED = {"containers": [{"name": "a", "image": "a", "securityContext": {"privileged": True}}]}
HOST_PATH = {
    "containers": [{"name": "a", "image": "a"}],
    "volumes": [{"name": "host", "hostPath": {"path": "/"}}],
}
HOST_NETWORK = {"containers": [{"name": "a", "image": "a"}], "hostNetwork": True}


class Student:
    """A student with kubectl and the lessons, and no rights but the own."""

    def __init__(self, slipway, name):
        self.slipway, self.name = slipway, name
        self.place = f"{NAME}-{name}"
        self.namespace = f"class-{NAME}-{name}"
        self.facts = json.loads((slipway.state / f"classes/{NAME}/{name}.json").read_text())

    def run(self, *words):
        return self.slipway.run(*words, "--lab", self.place)

    def kubectl(self, *words, body=None):
        state = self.slipway.state.parent / self.place
        command = [state / "bin/kubectl", "--kubeconfig", state / "kubeconfig", *words]
        text = None if body is None else json.dumps(body)
        return subprocess.run(command, input=text, capture_output=True, text=True, check=False)

    def must(self, *words, body=None):
        done = self.kubectl(*words, body=body)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, *words, body=None, by="forbidden"):
        """Check that the API server refuses it, and not for another reason."""
        done = self.kubectl(*words, body=body)
        assert done.returncode != 0 and by in done.stderr.lower(), (words, done.stdout, done.stderr)

    def create(self, kind, spec, name="tried", version="v1", **metadata):
        return {
            "apiVersion": version, "kind": kind, "metadata": {"name": name, **metadata}, "spec": spec,
        }  # fmt: skip


@pytest.fixture(scope="module")
def made(slipway):
    """The class, made by the command; it is removed at the end, whatever a test does."""
    yield slipway.json("class", "create", NAME, "--students", "2")
    slipway.run("class", "delete", NAME)


@pytest.fixture(scope="module")
def students(slipway, made):
    """Two students who have joined."""
    found = [Student(slipway, name) for name in (ADA, BOB)]
    for one in found:
        slipway.json("class", "join", f"{made['directory']}/{one.name}.json")
    yield found
    for one in found:
        assert one.run("class", "leave").returncode == 0


@pytest.fixture(scope="module")
def neighbours(students):
    """Ada and Bob, each with a pod that serves and a Service."""
    ada, bob = students
    image = ada.facts["values"]["images"]["agnhost"]
    for one in students:
        serve = ["--", "/agnhost", "netexec", "--http-port=8080"]
        one.must("create", "deployment", "web", f"--image={image}", *serve)
        one.must("create", "secret", "generic", "password", "--from-literal=it=secret")
        one.must("expose", "deployment", "web", "--port=8080")
        one.must("rollout", "status", "deployment/web", "--timeout=120s")
    yield ada, bob
    for one in students:
        one.must("delete", "deployment/web", "service/web", "secret/password")


def connects(student, address):
    """Return whether a pod of the student reaches an address."""
    command = ["exec", "deployment/web", "--", "/agnhost", "connect", "--timeout=2s", address]
    return student.kubectl(*command).returncode == 0


def until(condition, seconds=60):
    """Wait: a firewall takes a moment for new pods."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not reached in time"
        time.sleep(1)


def test_a_class_is_made_once(slipway, made):
    assert [one["student"] for one in made["students"]] == [ADA, BOB]
    again = slipway.json("class", "create", NAME, "--students", "2")
    assert again["changed"] == 0 and again["students"] == made["students"]
    found = {one["class"]: one["students"] for one in slipway.json("class", "list")["classes"]}
    assert found[NAME] == 2
    for file in (slipway.state / f"classes/{NAME}").iterdir():
        assert file.stat().st_mode & 0o777 == 0o600


def test_a_namespace_of_others_is_not_taken(slipway, made):
    slipway.run("kubectl", "create", "namespace", "class-other")
    try:
        done = slipway.run("class", "create", "other", "--students", "1")
        assert done.returncode == 1 and "class-other exists and has no label" in done.stderr
        labels = slipway.run("kubectl", "get", "namespace", "class-other", "-o", "yaml").stdout
        assert "slipway.lab" not in labels
        assert slipway.run("class", "delete", "other").returncode == 1
        assert slipway.run("kubectl", "get", "namespace", "class-other").returncode == 0
    finally:
        slipway.run("kubectl", "delete", "namespace", "class-other")


@pytest.mark.parametrize(
    "kind", ["pods", "secrets", "configmaps", "services", "deployments", "roles"]
)
def test_a_student_reads_nothing_of_another(neighbours, kind):
    ada, bob = neighbours
    ada.must("get", kind)
    ada.refused("get", kind, "--namespace", bob.namespace)
    ada.refused("get", kind, "--all-namespaces")
    ada.refused("get", kind, "--namespace", f"class-{NAME}")


def test_a_student_changes_nothing_of_another(neighbours):
    ada, bob = neighbours
    for words in (
        ("get", "namespace", bob.namespace),
        ("delete", "namespace", bob.namespace),
        ("delete", "deployment", "web", "--namespace", bob.namespace),
        ("exec", "deployment/web", "--namespace", bob.namespace, "--", "true"),
        ("create", "configmap", "mine", "--namespace", bob.namespace),
        ("get", "configmap", f"record-{BOB}", "--namespace", f"class-{NAME}"),
        ("patch", "configmap", f"record-{BOB}", "--namespace", f"class-{NAME}", "--patch", '{"data": {}}'),
        ("delete", "configmap", f"record-{ADA}", "--namespace", f"class-{NAME}"),
        ("create", "token", BOB, "--namespace", f"class-{NAME}"),
        ("create", "token", ADA, "--namespace", f"class-{NAME}"),
        ("get", "--raw", f"/api/v1/namespaces/{bob.namespace}/services/web:8080/proxy/"),
    ):  # fmt: skip
        ada.refused(*words)


def test_a_student_has_no_rights_on_the_cluster(neighbours):
    ada, _ = neighbours
    ada.must("get", "namespace", ada.namespace)
    for words in (
        ("get", "nodes"), ("get", "namespaces"), ("get", "persistentvolumes"),
        ("create", "namespace", "mine"),
        ("create", "clusterrole", "mine", "--verb=get", "--resource=nodes"),
        ("create", "clusterrolebinding", "mine", "--clusterrole=view", "--user=me"),
        ("label", "namespace", ada.namespace, "pod-security.kubernetes.io/enforce=privileged", "--overwrite"),
        ("delete", "namespace", ada.namespace),
        ("delete", "validatingadmissionpolicy", f"slipway-class-{NAME}-objects"),
    ):  # fmt: skip
        ada.refused(*words)
    # More rights than the own cannot be given away, not even to oneself.
    ada.refused("create", "role", "more", "--verb=create", "--resource=endpointslices")
    ada.refused("create", "rolebinding", "more", "--clusterrole=cluster-admin", "--user=me")


@pytest.mark.parametrize(
    "kind", ["resourcequota", "limitrange", "networkpolicy", "role", "rolebinding"]
)
def test_what_belongs_to_the_class_is_protected(neighbours, kind):
    ada, _ = neighbours
    ada.refused("delete", kind, "slipway-class", by="only the teacher can change it")
    ada.refused("delete", kind, "--all", by="only the teacher can change it")
    ada.refused("label", kind, "slipway-class", "slipway.lab/class-", by="only the teacher")
    ada.must("get", kind, "slipway-class")


def test_own_quotas_are_the_students(neighbours):
    ada, _ = neighbours
    ada.must("create", "quota", "mine", "--hard=pods=5")
    ada.must("delete", "quota", "mine")


@pytest.mark.parametrize("spec", [PRIVILEGED, HOST_PATH, HOST_NETWORK])
def test_a_pod_that_could_take_the_node_is_refused(neighbours, spec):
    ada, _ = neighbours
    ada.refused("create", "-f", "-", body=ada.create("Pod", spec), by="violates podsecurity")


def test_the_quota_cannot_be_exceeded(neighbours):
    ada, _ = neighbours
    image = ada.facts["values"]["images"]["agnhost"]
    container = {"name": "a", "image": image, "args": ["pause"]}
    big = {**container, "resources": {"limits": {"memory": "1Gi"}}}
    ada.refused("create", "-f", "-", body=ada.create("Pod", {"containers": [big]}))
    ada.must(
        "create",
        "deployment",
        "many",
        f"--image={image}",
        "--replicas=30",
        "--",
        "/agnhost",
        "pause",
    )
    try:

        def exceeded():
            events = ada.must("get", "events", "--field-selector", "reason=FailedCreate")
            return "exceeded quota: slipway-class" in events

        until(exceeded)
        pods = json.loads(ada.must("get", "pods", "-o", "json"))["items"]
        assert len(pods) <= 20
    finally:
        ada.must("delete", "deployment", "many")


def test_ports_and_addresses_of_others_cannot_be_taken(neighbours):
    ada, bob = neighbours
    own, other = ada.facts["node_port"], bob.facts["node_port"]
    service = ("create", "service", "nodeport", "tried", "--tcp=8080")
    for taken in (other, 30079, 30081):
        ada.refused(*service, f"--node-port={taken}", by=f"your node port is {own}")
    ada.must("create", "service", "loadbalancer", "chosen", "--tcp=8080")  # by Kubernetes
    ada.must("delete", "service", "chosen")
    ada.must(*service, f"--node-port={own}")
    port = [{"port": 8080, "nodePort": other}]
    ada.refused("patch", "service", "tried", "--patch", json.dumps({"spec": {"ports": port}}),
                by=f"your node port is {own}")  # fmt: skip
    ada.must("label", "service", "tried", "more=yes")
    ada.must("delete", "service", "tried")
    spec = {"ports": [{"port": 80}], "externalIPs": ["192.0.2.1"]}
    ada.refused("create", "-f", "-", body=ada.create("Service", spec), by="external addresses")
    # A slice with the address of another student's pod would lead the API server's proxy there.
    slice_ = {
        "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": {"name": "tried"},
        "addressType": "IPv4", "endpoints": [{"addresses": ["10.244.0.9"]}],
    }  # fmt: skip
    ada.refused("create", "-f", "-", body=slice_)


def test_pods_reach_the_own_namespace_and_names_and_nothing_of_another(neighbours):
    ada, bob = neighbours
    pod = json.loads(bob.must("get", "pods", "-l", "app=web", "-o", "json"))["items"][0]
    service = json.loads(bob.must("get", "service", "web", "-o", "json"))["spec"]["clusterIP"]
    until(lambda: connects(ada, "web:8080"))  # by name, through the name service
    until(lambda: connects(bob, "web:8080"))
    until(lambda: not connects(ada, f"{pod['status']['podIP']}:8080"))
    assert not connects(ada, f"{service}:8080")
    assert not connects(ada, f"web.{bob.namespace}:8080")
    assert not connects(ada, "kubernetes.default:443")
    # Ada opens the own pods to all, and reaches Bob's all the same not.
    policy = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{}]}
    body = ada.create("NetworkPolicy", policy, version="networking.k8s.io/v1")
    ada.must("create", "-f", "-", body=body)
    try:
        until(lambda: connects(ada, "kubernetes.default:443"))
        assert not connects(ada, f"{pod['status']['podIP']}:8080")
        assert not connects(ada, f"{service}:8080")
        # Only when Bob opens the own pods too, is there a way.
        open_ = {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{}]}
        body = bob.create("NetworkPolicy", open_, version="networking.k8s.io/v1")
        bob.must("create", "-f", "-", body=body)
        until(lambda: connects(ada, f"{service}:8080"))
    finally:
        for one in neighbours:
            one.kubectl("delete", "networkpolicy", "tried")


@pytest.mark.parametrize("name", LESSONS)
def test_a_student_does_a_lesson_with_the_own_rights(students, name):
    """Every task is red, stays red after mistakes and is green after its solution, as on the lab."""
    ada, _ = students
    started = ada.run("lesson", "start", name, "--json")
    assert started.returncode == 0, started.stderr
    rehearsed = json.loads(ada.run("lesson", "test", "--json").stdout)["rehearsed"]
    assert {one["task"]: one["problems"] for one in rehearsed if one["problems"]} == {}
    tasks = read_tasks(lesson_folder(FOLDER, name)).confined()
    assert len(rehearsed) == len(tasks.tasks) + len(tasks.puzzles) >= 5
    assert ada.run("lesson", "end").returncode == 0
    ada.must("get", "resourcequota", "slipway-class")


def test_a_lesson_of_the_whole_lab_is_refused(students):
    done = students[0].run("lesson", "start", "cluster")
    assert done.returncode == 1 and "take turns" in done.stderr


def test_the_teacher_sees_what_students_do_and_exports_it(slipway, students, tmp_path):
    ada, bob = students
    bob.run("lesson", "start", "tutorial", "--restart")
    assert bob.run("lesson", "check", "--wait", "0").returncode == 1
    assert bob.run("lesson", "solve").returncode == 0

    def first():
        found = {one["student"]: one for one in slipway.json("class", "show", NAME)["students"]}
        return found[BOB]["lessons"][0]["tasks"][0]

    seen = first()
    assert (seen["state"], seen["checks"]) == ("solved", 2)
    assert slipway.run("class", "reset", NAME, BOB).returncode == 0
    assert json.loads(bob.must("get", "deployments", "-o", "json"))["items"] == []
    assert first() == seen  # the record stays
    assert bob.run("lesson", "check", "--wait", "0").returncode == 1  # with the same credentials

    folder = tmp_path / "results"
    signer = slipway.json("class", "export", NAME, str(folder))["signer"]
    assert f"{NAME},{BOB},tutorial,create-hello,no,solved" in (folder / "tasks.csv").read_text()
    assert "with the solution" in (folder / "junit.xml").read_text()
    verify = ("class", "verify", str(folder), "--signed-by", signer)
    assert slipway.run(*verify).returncode == 0
    (folder / "tasks.csv").write_text((folder / "tasks.csv").read_text().replace("solved", "done"))
    assert slipway.run(*verify).returncode == 1
    assert slipway.run("class", "export", NAME, str(folder)).returncode == 0  # its own results
    (tmp_path / "other").mkdir()
    (tmp_path / "other/mine").touch()
    assert slipway.run("class", "export", NAME, str(tmp_path / "other")).returncode == 1


def test_a_deleted_class_leaves_nothing_and_its_credentials_end(slipway, students):
    ada, _ = students
    ada.must("get", "pods")
    before = slipway.run("kubectl", "get", "namespaces", "-o", "name").stdout.split()
    assert slipway.run("class", "delete", NAME).returncode == 0
    after = slipway.run("kubectl", "get", "namespaces", "-o", "name").stdout.split()
    assert {one for one in before if "class-trial" in one} == set(before) - set(after)
    kinds = "validatingadmissionpolicies,validatingadmissionpolicybindings"
    left = slipway.run("kubectl", "get", kinds, "-l", f"slipway.lab/class={NAME}", "-o", "name")
    assert left.stdout == ""
    assert not (slipway.state / f"classes/{NAME}").exists()
    units = slipway.run(
        "shell", "lab1", "--", "systemctl", "list-units", "slipway-class@*", "--plain"
    )
    assert ".socket" not in units.stdout
    ada.refused("get", "pods", by="must be logged in")
