#!/usr/bin/python
"""Ansible module: declare applications, see them serve, or learn why they do not."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workload
short_description: Declare applications on Kubernetes and wait until they serve
description:
  - Declares one or many applications in a short form, manifests, or both, in one task.
  - Objects go out in dependency order, side by side, by server-side apply. What is as declared is
    not written.
  - Waits by watch with one deadline for the whole task, and fails early with the cause, the events
    and the
    last log lines when an application can not succeed.
  - Can restore the earlier state of every object of the task when it fails.
options:
  apps:
    description: Applications in short form. For a single one its options may stand in the task
      itself.
    type: list
    elements: dict
    suboptions: &app
      name:
        description: Name of the application and of its objects (RFC 1123, with a Service RFC 1035).
        type: str
      namespace:
        description: Namespace of the application, or in the task itself of everything that names
          none. V(default) when left out.
        type: str
      kind:
        description: Kind of workload. V(Deployment) when left out.
        type: str
        choices: [Deployment, StatefulSet, DaemonSet, Job, CronJob]
      image:
        description: Image of the container.
        type: str
      image_pull_policy:
        description: When the image is pulled.
        type: str
        choices: [Always, IfNotPresent, Never]
      image_pull_secrets:
        description: Names of Secrets with credentials of the registry.
        type: list
        elements: str
      command:
        description: Command instead of the image's entrypoint.
        type: list
        elements: str
      args:
        description: Arguments of the command.
        type: list
        elements: str
      replicas:
        description:
          - Number of pods. When left out the number is not owned by the declaration, so that
            scaling by
            others (M(workload_scale), an autoscaler) is not undone. New workloads then start with
            one.
        type: int
      ports:
        description:
          - Ports, each as container port (V(8080)), service and container port (V(80:8080)), with
            protocol
            (V(53/udp)), or a mapping with C(container_port), C(port), C(node_port), C(name),
            C(protocol).
        type: list
        elements: raw
      service_type:
        description:
          - How the ports are exposed. V(Headless) when left out for a StatefulSet, V(none) for Jobs
            and
            CronJobs, else V(ClusterIP).
        type: str
        choices: [ClusterIP, NodePort, LoadBalancer, Headless, none]
      env:
        description:
          - Environment. A value is a text, C({secret, key}), C({config, key}) or C({field}).
        type: dict
      config:
        description:
          - Content of a ConfigMap, as environment, or as files below O(config_mount). A change
            rolls the pods.
        type: dict
      config_mount:
        description: Directory for O(config).
        type: str
      secrets:
        description: Content of a Secret, as environment, or as files below O(secrets_mount). Never
          shown.
        type: dict
      secrets_mount:
        description: Directory for O(secrets).
        type: str
      volumes:
        description: Volumes. Each has exactly one source.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name.
            type: str
            required: true
          mount:
            description: Directory in the container.
            type: str
            required: true
          sub_path:
            description: Part of the volume that is mounted.
            type: str
          read_only:
            description: Whether writing is refused.
            type: bool
          size:
            description: Size of a new PersistentVolumeClaim, one per pod for a StatefulSet.
            type: str
          storage_class:
            description: Storage class of the new claim.
            type: str
          access_mode:
            description: Access mode of the new claim. V(ReadWriteOnce) when left out.
            type: str
            choices: [ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod]
          claim:
            description: Name of a claim that is there.
            type: str
          config_map:
            description: Name of a ConfigMap that is there.
            type: str
          secret:
            description: Name of a Secret that is there.
            type: str
          host_path:
            description: Directory of the node.
            type: str
          empty_dir:
            description: Empty directory that lives as long as the pod.
            type: bool
      probes:
        description: Probes of the container. Each has one of C(http), C(tcp), C(grpc), C(exec).
        type: dict
        suboptions:
          readiness:
            description: Whether the pod gets requests.
            type: dict
            suboptions: &probe
              http:
                description: Path that must answer below 400.
                type: str
              port:
                description: Port or its name. The first port when left out.
                type: raw
              scheme:
                description: Scheme of the HTTP probe.
                type: str
                choices: [HTTP, HTTPS]
              tcp:
                description: Port that must accept connections. V(true) is the first port.
                type: raw
              grpc:
                description: Port of a gRPC health service.
                type: int
              exec:
                description: Command that must succeed.
                type: list
                elements: str
              delay:
                description: Seconds before the first probe.
                type: int
              period:
                description: Seconds between probes.
                type: int
              timeout:
                description: Seconds that an answer may take.
                type: int
              failures:
                description: Failures in a row that count.
                type: int
              successes:
                description: Successes in a row that count.
                type: int
          liveness:
            description: Whether the container is restarted.
            type: dict
            suboptions: *probe
          startup:
            description: Whether the other probes begin.
            type: dict
            suboptions: *probe
      resources:
        description: Resources of the container.
        type: dict
        suboptions:
          requests:
            description: What is reserved, as C({cpu, memory}).
            type: dict
          limits:
            description: What is allowed at most.
            type: dict
      ingress:
        description: Ingress in front of the first port.
        type: dict
        suboptions:
          host:
            description: Host name.
            type: str
          path:
            description: Path.
            type: str
            default: /
          path_type:
            description: How the path is matched.
            type: str
            choices: [Prefix, Exact, ImplementationSpecific]
            default: Prefix
          class_name:
            description: Ingress class.
            type: str
          tls_secret:
            description: Secret with the certificate.
            type: str
          annotations:
            description: Annotations of the Ingress.
            type: dict
      autoscale:
        description: HorizontalPodAutoscaler. Excludes O(replicas).
        type: dict
        suboptions:
          min:
            description: Least number of pods.
            type: int
            default: 1
          max:
            description: Greatest number of pods.
            type: int
            required: true
          cpu:
            description: Target use of requested CPU in percent.
            type: int
          memory:
            description: Target use of requested memory in percent.
            type: int
          behavior:
            description: Scaling behaviour as in the API.
            type: dict
      disruption_budget:
        description: PodDisruptionBudget.
        type: dict
        suboptions:
          min_available:
            description: Number or percentage of pods that must stay.
            type: raw
          max_unavailable:
            description: Number or percentage of pods that may be missing.
            type: raw
      update_strategy:
        description: How pods are replaced.
        type: dict
        suboptions:
          type:
            description: Strategy. V(RollingUpdate) when left out.
            type: str
            choices: [RollingUpdate, Recreate, OnDelete]
          max_surge:
            description: Number or percentage of pods beyond the declared number.
            type: raw
          max_unavailable:
            description: Number or percentage of pods that may be missing meanwhile.
            type: raw
          partition:
            description: StatefulSet only. Pods with a smaller number are not updated.
            type: int
      min_ready_seconds:
        description: Seconds that a pod must be ready before it counts as available.
        type: int
      progress_deadline:
        description: Deployment only. Seconds that a rollout may stand still.
        type: int
      revision_history:
        description: Number of old revisions that are kept.
        type: int
      termination_grace:
        description: Seconds that a pod gets to end.
        type: int
      affinity:
        description: Affinity as in the API.
        type: dict
      spread:
        description: Topology keys over which pods are spread where possible, for example
          C(kubernetes.io/hostname).
        type: list
        elements: str
      node_selector:
        description: Labels that the node must have.
        type: dict
      tolerations:
        description: Tolerations as in the API.
        type: list
        elements: dict
      service_account:
        description: ServiceAccount of the pods.
        type: str
      security_context:
        description: Security context of the container as in the API.
        type: dict
      labels:
        description: Further labels of all objects and pods.
        type: dict
      annotations:
        description: Annotations of the workload and its pods.
        type: dict
      schedule:
        description: CronJob only. Schedule.
        type: str
      concurrency:
        description: CronJob only. What happens when the last run is not over.
        type: str
        choices: [Allow, Forbid, Replace]
      suspend:
        description: Job and CronJob only. Whether it stands still.
        type: bool
      completions:
        description: Job and CronJob only. Number of successful pods wanted.
        type: int
      parallelism:
        description: Job and CronJob only. Number of pods at a time.
        type: int
      backoff_limit:
        description: Job and CronJob only. Number of retries.
        type: int
      active_deadline:
        description: Job and CronJob only. Seconds that it may run.
        type: int
      restart_policy:
        description: Job and CronJob only. V(Never) when left out.
        type: str
        choices: [Never, OnFailure]
      serve:
        description: What "serving" means for this application.
        type: dict
        suboptions:
          path:
            description: Path that is asked. Given, the answer must be below 400, else below 500.
            type: str
          port:
            description: Port of the Service, by number or name. The first when left out.
            type: raw
          scheme:
            description:
              - How to ask. V(tcp) only connects (and needs O(apps[].serve.url)), V(none) trusts the
                EndpointSlices.
              - V(http) for TCP ports when left out, V(https) for port 443.
            type: str
            choices: [http, https, tcp, none]
          status:
            description: Status codes that count as an answer.
            type: list
            elements: int
          url:
            description:
              - Ask here instead of through the API server's service proxy, for example a node port.
                It must be reachable from where the module runs.
            type: str
          successes:
            description: Answers in a row, each on a connection of its own. 3 when left out.
            type: int
  <<: *app
  manifests:
    description:
      - Objects as mappings, YAML text, files, globs or directories. For templates use the
        C(template) lookup.
    type: list
    elements: raw
  state:
    description:
      - V(present) applies, V(restarted) applies and restarts the pods of what did not change,
        V(absent) deletes all that was made for an application, of which only the name is needed
        then, and
        the objects of O(manifests). PersistentVolumeClaims stay unless O(remove_data).
    type: str
    choices: [present, absent, restarted]
    default: present
  remove_data:
    description: With V(absent), delete PersistentVolumeClaims too.
    type: bool
    default: false
  wait:
    description:
      - V(none) and V(applied) return at once, V(rolled_out) waits for the pods of the new revision,
        V(serving)
        also for their addresses in the EndpointSlices and asks the service. For V(absent) any but
        V(none)
        waits until all is gone.
    type: str
    choices: [none, applied, rolled_out, serving]
    default: serving
  wait_timeout:
    description: Seconds for the whole task.
    type: int
    default: 120
  fail_after:
    description: How long a cause may last before the task fails. Causes that can not pass fail at
      once.
    type: dict
    suboptions:
      pull:
        description: Seconds for a registry that fails in passing. "Not found" and "unauthorized"
          fail at once.
        type: int
        default: 60
      config:
        description: Seconds for a missing ConfigMap, Secret or key, or a command that can not be
          started.
        type: int
        default: 5
      schedule:
        description: Seconds for pods that fit on no node.
        type: int
        default: 15
      volume:
        description: Seconds for a volume that can not be made or mounted.
        type: int
        default: 30
      create:
        description: Seconds for pods that quota or admission refuse.
        type: int
        default: 10
      probe:
        description: Seconds for a failing probe. 0 is until O(wait_timeout).
        type: int
        default: 0
      crashes:
        description: Number of times that a process may end.
        type: int
        default: 2
  on_failure:
    description:
      - V(keep) leaves everything as it is, V(rollback) restores every object of the task as it was
        and deletes
        what the task made, V(delete) only deletes what the task made.
      - A Deployment whose earlier state had not succeeded either goes back to its last revision
        with ready pods.
    type: str
    choices: [keep, rollback, delete]
    default: keep
  create_namespace:
    description: Make namespaces that are not there.
    type: bool
    default: false
  applyset:
    description:
      - Record the objects as an ApplySet under this name, a Secret in O(namespace), as C(kubectl
        apply --applyset) does.
    type: str
  prune:
    description: Delete members of O(applyset) that are no longer declared, after the others
      succeeded.
    type: bool
    default: false
  validate:
    description: What happens to unknown and duplicate fields.
    type: str
    choices: [strict, warn, ignore]
    default: strict
  force:
    description: Take over fields that other managers own.
    type: bool
    default: false
  recreate:
    description: Delete and make again what can not be changed in place.
    type: bool
    default: false
  field_manager:
    description: Name under which fields are owned.
    type: str
    default: slipway
  progress_file:
    description: File that gets progress as JSON lines. Empty turns it off.
    type: str
    default: ""
extends_documentation_fragment: [slipway.lab.kube_auth]
attributes:
  check_mode:
    support: full
    description: Asks the API server by dry run. Objects whose namespace is only to be made are
      predicted.
  diff_mode:
    support: full
    description: Shows the objects before and after. The content of Secrets is hidden.
author:
  - Slipway
"""

EXAMPLES = r"""
- name: One application, reachable by a node port
  workload:
    name: hello-node
    image: registry.k8s.io/e2e-test-images/agnhost:2.59
    command: [/agnhost, netexec, --http-port=8080]
    replicas: 2
    ports:
      - {container_port: 8080, node_port: 30080}
    service_type: NodePort

- name: Two applications, back to the old version when one fails
  workload:
    namespace: shop
    create_namespace: true
    on_failure: rollback
    apps:
      - name: web
        image: registry.example.com/web:1.4
        ports: ["80:8080"]
        probes:
          readiness: {http: /healthz}
      - name: worker
        image: registry.example.com/worker:1.4
        env:
          QUEUE: {config: queue, key: url}

- name: Manifests, and nothing that an earlier run declared beside them
  workload:
    manifests:
      - manifests/*.yaml
      - "{{ lookup('ansible.builtin.template', 'extra.yaml.j2') }}"
    applyset: shop
    prune: true
    wait: rolled_out
"""

RETURN = r"""
objects:
  description: The objects, what happened to each, and which fields changed.
  returned: always
  type: list
  elements: dict
  contains:
    kind:
      description: Kind.
      type: str
    namespace:
      description: Namespace. Empty for objects without.
      type: str
    name:
      description: Name.
      type: str
    action:
      description: One of created, configured, unchanged, recreated, deleted, pruned.
      type: str
    changes:
      description: Fields as C({field, before, after}).
      type: list
counts:
  description: Number of objects by action.
  returned: always
  type: dict
apps:
  description: What was waited for, with C(state), C(seconds) and the C(answers) of its services.
  returned: when waiting succeeded
  type: list
waited:
  description: What was waited for and how many seconds.
  returned: when waiting
  type: dict
failures:
  description:
    - Why objects can not succeed, each with C(kind), C(name), C(reason), C(message), C(pod),
      C(container),
      C(image), C(events), C(logs), C(next_step).
  returned: on failure of a wait
  type: list
rollback:
  description: Whether the earlier state was restored, and what of each object.
  returned: on failure with O(on_failure) other than V(keep)
  type: dict
kept:
  description: PersistentVolumeClaims that were not deleted.
  returned: with V(absent) when there are any
  type: list
restarted:
  description: Workloads that were restarted.
  returned: with V(restarted)
  type: list
unblocked:
  description: Broken pods of an old revision that were deleted because a StatefulSet waited for
    them.
  returned: when there were any
  type: list
requests:
  description: Number of requests to the API server.
  returned: always
  type: int
writes:
  description: Number of requests among them that could write.
  returned: always
  type: int
seconds:
  description: Duration.
  returned: always
  type: float
"""

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import FAIL_AFTER
from ansible_collections.slipway.lab.plugins.module_utils.workload.arguments import APP_OPTIONS
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.apply import (
    apply_workloads,
)

OPTIONS = {
    **APP_OPTIONS,
    "apps": {"type": "list", "elements": "dict", "options": APP_OPTIONS},
    "manifests": {"type": "list", "elements": "raw"},
    "state": {"type": "str", "choices": ["present", "absent", "restarted"], "default": "present"},
    "remove_data": {"type": "bool", "default": False},
    "wait": {
        "type": "str",
        "choices": ["none", "applied", "rolled_out", "serving"],
        "default": "serving",
    },
    "wait_timeout": {"type": "int", "default": 120},
    "fail_after": {
        "type": "dict",
        "options": {name: {"type": "int", "default": value} for name, value in FAIL_AFTER.items()},
    },
    "on_failure": {"type": "str", "choices": ["keep", "rollback", "delete"], "default": "keep"},
    "create_namespace": {"type": "bool", "default": False},
    "applyset": {"type": "str"},
    "prune": {"type": "bool", "default": False},
    "validate": {"type": "str", "choices": ["strict", "warn", "ignore"], "default": "strict"},
    "force": {"type": "bool", "default": False},
    "recreate": {"type": "bool", "default": False},
    "field_manager": {"type": "str", "default": "slipway"},
    "progress_file": {"type": "str", "default": ""},
}


def main() -> None:
    """Declare applications and wait for them."""
    module = kube_module(OPTIONS, mutually_exclusive=[("apps", "name"), ("apps", "image")])
    run_module(module, apply_workloads)


if __name__ == "__main__":
    main()
