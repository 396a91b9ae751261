"""The scene of the lesson that the student practises: where commands run, and the values of their templates."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from ansible_collections.slipway.lab.plugins.plugin_utils.classroom.students import (
    LABEL as CLASS_LABEL,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.api import Api, ApiError
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import (
    HOST,
    Command,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.remote import as_user

FILE = "scene.json"
# The label of a namespace that a practice made, and may empty.
LABEL = "slipway.lab/practice"
# Kinds that `kubectl delete --all` removes after the pods.
KINDS = (
    "services,endpointslices,configmaps,secrets,persistentvolumeclaims,ingresses,horizontalpodautoscalers,"
    "poddisruptionbudgets,networkpolicies,roles,rolebindings,serviceaccounts,resourcequotas,limitranges"
)
CONTROLLERS = "cronjobs,jobs,deployments,statefulsets,daemonsets,replicasets,replicationcontrollers"
# Objects that Kubernetes puts into each namespace itself.
OWN_OBJECTS = "metadata.name!=default,metadata.name!=kube-root-ca.crt"
# Values that playbooks/lessons/vars/practice.yml provides for texts and commands.
VALUES = frozenset(
    {
        "lesson", "namespace", "registry", "images", "host_images", "host", "node_port", "url",
        "address", "nodes", "node_address", "vegeta",
    }
)  # fmt: skip

# Time for a command of a scene or a solution.
COMMAND_SECONDS = 120


class PracticeError(Exception):
    """The request of the student cannot be carried out.

    Args:
        reason: The reason.
        next_step: A command or an action that helps.
    """

    def __init__(self, reason: str, next_step: str = ""):
        super().__init__(reason)
        self.next_step = next_step


@dataclass(frozen=True)
class Answer:
    """The output of a command, and its exit code; 124 after a timeout."""

    code: int
    out: str
    error: str


@dataclass(frozen=True)
class Scene:
    """The place in which a student practises a lesson.

    Args:
        lesson: Name of the lesson.
        namespace: The student's own namespace, which the current context of the kubeconfig names.
        folder: The lesson's folder, ``$LESSON`` for commands.
        environment: Variables of the student's shell. ``PATH`` goes before the usual one.
        values: Values of ``{{ }}`` in texts and commands.
        host: The command that runs text in a shell of the lab's host, without the text. Empty for a student of a
            class, and with kubeadm, whose hosts run no Docker.
        class_name: The class whose student practises, with the rights on one namespace; empty for the user of the lab.
        offers: What there is for tasks that need more than the namespace, of ``NEEDS``.
    """

    lesson: str
    namespace: str
    folder: str
    environment: dict[str, str]
    values: dict[str, Any]
    host: tuple[str, ...] = ()
    class_name: str = ""
    offers: tuple[str, ...] = ()

    @classmethod
    def load(cls, state: Path) -> Scene | None:
        """Return the scene that was set last; ``None`` when there is none.

        Args:
            state: Directory of the practice.
        """
        try:
            content = json.loads((state / FILE).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        lists = {name: tuple(content.get(name, ())) for name in ("host", "offers")}
        return cls(**{**content, **lists})

    def save(self, state: Path) -> None:
        """Make this the current scene."""
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = state / f"{FILE}.new"
        temporary.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
        temporary.replace(state / FILE)

    def fill(self, template: str) -> str:
        """Return a text with the values of the lab.

        Raises:
            TemplateError: The text names an unknown value.
        """
        return Environment(undefined=StrictUndefined).from_string(template).render(self.values)

    def environ(self) -> dict[str, str]:
        """Return the environment of the student's shell."""
        own = {**self.environment, "LESSON": self.folder}
        path = [own.pop("PATH", ""), os.environ.get("PATH", os.defpath)]
        return {**os.environ, **own, "PATH": os.pathsep.join(filter(None, path))}

    def run(self, command: Command, seconds: float = 60) -> Answer:
        """Run text in a shell, as the student would."""
        text = self.fill(command.text)
        words = ["bash", "-c", text]
        if command.place == HOST:
            words = [*self.host, as_user("root", words)]
        return execute(words, self.environ(), seconds)

    def run_all(self, commands: Sequence[Command]) -> None:
        """Run commands of a scene or a solution.

        Raises:
            PracticeError: A command failed.
        """
        for command in commands:
            answer = self.run(command, COMMAND_SECONDS)
            if answer.code:
                output = (answer.error or answer.out).strip()
                raise PracticeError(f"this command failed: {command.text}\n{output}")

    def clean(self, commands: Sequence[Command]) -> None:
        """Remove what tasks leave outside the namespace.

        Without a host, no task left anything there. A student of a class has no rights outside the namespace, and so
        left nothing: what is refused is left out.

        Raises:
            PracticeError: A command failed.
        """
        possible = [one for one in commands if self.host or one.place != HOST]
        if not self.class_name:
            self.run_all(possible)
            return
        for command in possible:
            self.run(command, COMMAND_SECONDS)

    def kubectl(self, words: Sequence[str], seconds: float = 60) -> Answer:
        """Run kubectl as the student would."""
        return execute(["kubectl", *words], self.environ(), seconds)

    def get(self, query: str, seconds: float = 4) -> tuple[Any, str]:
        """Return what ``kubectl get`` finds, and why there is nothing.

        Args:
            query: Arguments, such as ``deployment web`` or ``pods --selector app=web``.
            seconds: Time for the answer.

        Returns:
            An object, or a list of objects, or ``None`` when the object does not exist.
        """
        if self.class_name and (api := Api.load(self.environment["KUBECONFIG"])):
            try:
                return api.get(self.namespace, self.fill(query), seconds), ""
            except ApiError as problem:
                return None, str(problem)
            except LookupError:
                pass  # kubectl understands more
        words = ["get", *shlex.split(self.fill(query)), "--output=json"]
        answer = self.kubectl([*words, f"--request-timeout={int(seconds)}s"], seconds + 1)
        if answer.code:
            return None, (answer.error.strip().splitlines() or ["no answer"])[-1]
        content = json.loads(answer.out)
        return (content["items"] if content["kind"].endswith("List") else content), ""

    def empty(self) -> Answer:
        """Delete everything in the student's namespace, after a proof that it belongs to the practice.

        What a class put there stays.
        """
        label, owner = (CLASS_LABEL, self.class_name) if self.class_name else (LABEL, self.lesson)
        words = ["get", "namespace", self.namespace, "--output", "jsonpath={.metadata.labels}"]
        found = self.kubectl(words)
        if found.code:
            return found
        labels = json.loads(found.out or "{}")
        if labels.get(label) != owner:
            reason = (
                f"namespace {self.namespace} has no label {label}={owner}, so it stays as it is"
            )
            return Answer(1, "", reason)
        delete = f"kubectl --namespace {self.namespace} delete --ignore-not-found"
        script = (
            f"{delete} --all --cascade=orphan {CONTROLLERS} && "
            f"{delete} --all --grace-period=1 pods && "
            f"{delete} --field-selector {OWN_OBJECTS} --selector '!{CLASS_LABEL}' {KINDS}"
        )
        return execute(["bash", "-c", script], self.environ(), COMMAND_SECONDS)


def execute(words: Sequence[str], environ: Mapping[str, str], seconds: float) -> Answer:
    """Run a program without input; return what it printed."""
    try:
        done = subprocess.run(
            list(words), env=dict(environ), stdin=subprocess.DEVNULL, capture_output=True,
            text=True, errors="replace", check=False, timeout=seconds,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Answer(124, "", f"no answer within {seconds:g} s")
    except OSError as problem:
        return Answer(127, "", str(problem))
    return Answer(done.returncode, done.stdout, done.stderr)
