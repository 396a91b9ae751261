#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: declare applications, and wait until they serve or fail with the cause."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workload
short_description: Declare applications on Kubernetes and wait until they serve
version_added: 0.1.0
description:
  - Declares one or many applications in a short form, manifests, or both, in one task.
  - Applies the objects in dependency order with server-side apply. Objects without a difference are not written.
  - Watches the objects with one deadline for the whole task. If an application cannot succeed, the task fails early
    with the cause, the events and the last log lines.
  - Can restore the earlier state of every object of the task when it fails.
  - Keeps an order inside the task. Applications come after others (O(apps[].after)), and the annotation
    C(slipway/stage) of a manifest, a whole number, puts it into a stage. Without it, a manifest is in stage 0. The
    objects of a stage are applied when all objects of the earlier stages have reached the goal of O(wait). If one of
    them fails, nothing of the later stages is applied.
  - Deletes objects that an application no longer declares, for example its autoscaler, if this module applied them
    and nothing else owns them. The annotation C(slipway/keep=true) keeps an object. PersistentVolumeClaims stay.
  - Waits for the end of objects and namespaces that are being deleted, and then creates them again.
options:
  apps:
    description: Applications in short form. The options of a single application can be options of the task.
    type: list
    elements: dict
    suboptions: &app
      name:
        description: Name of the application and of its objects (RFC 1123, with a Service RFC 1035).
        type: str
      namespace:
        description: Namespace of the application. As an option of the task, the namespace of all objects without one.
          By default V(default).
        type: str
      kind:
        description: Kind of the workload. By default V(Deployment).
        type: str
        choices: [Deployment, StatefulSet, DaemonSet, Job, CronJob]
      image:
        description: Image of the container.
        type: str
      image_pull_policy: &image_pull_policy
        description: When the kubelet pulls the image. By default as the API server decides.
        type: str
        choices: [Always, IfNotPresent, Never]
      image_pull_secrets:
        description: Names of Secrets with credentials of the registry.
        type: list
        elements: str
      command: &command
        description: Command instead of the image's entrypoint.
        type: list
        elements: str
      args: &args
        description: Arguments of the command.
        type: list
        elements: str
      replicas:
        description:
          - Number of pods. Without a number, the declaration does not own it, so that scaling by
            M(slipway.lab.workload_scale) or an autoscaler is not undone. A new workload then starts with one pod, and
            a workload whose
            declaration had a number before keeps its present number.
        type: int
      ports:
        description:
          - Ports. Each is a container port (V(8080)), a Service port and a container port (V(80:8080)), one of them
            with a protocol (V(53/udp)), or a mapping with C(container_port), C(port), C(node_port), C(name),
            C(protocol).
        type: list
        elements: raw
      service_type:
        description:
          - Type of the Service. By default V(Headless) for a StatefulSet, V(none) for Jobs and CronJobs, and
            V(ClusterIP) otherwise.
        type: str
        choices: [ClusterIP, NodePort, LoadBalancer, Headless, none]
      env: &env
        description:
          - Environment variables. A value is a string, C({secret, key}), C({config, key}) or C({field}).
        type: dict
      env_from: &env_from
        description: Existing objects whose entries become environment variables. Later ones win, and O(apps[].config)
          and O(apps[].secrets) win over all.
        type: list
        elements: dict
        suboptions:
          config_map:
            description: Name of a ConfigMap.
            type: str
          secret:
            description: Name of a Secret.
            type: str
          prefix:
            description: Text in front of each name.
            type: str
          optional:
            description: Start the container even when the object does not exist.
            type: bool
      config:
        description:
          - Content of a ConfigMap, as environment variables, or as files below O(config_mount). A change replaces the
            pods.
        type: dict
      config_mount:
        description: Directory for O(config).
        type: str
      secrets:
        description: Content of a Secret, as environment variables, or as files below O(secrets_mount). The content is
          never returned or logged.
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
            description: Directory in the application's own container. Without it, only containers that name the volume
              in C(mounts) have it.
            type: str
          sub_path:
            description: Directory of the volume that is mounted.
            type: str
          read_only:
            description: Mount the volume read-only.
            type: bool
          size:
            description: Size of a new PersistentVolumeClaim, one per pod for a StatefulSet.
            type: str
          storage_class:
            description: Storage class of the new claim.
            type: str
          access_mode:
            description: Access mode of the new claim. By default V(ReadWriteOnce).
            type: str
            choices: [ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod]
          claim:
            description: Name of an existing claim.
            type: str
          config_map:
            description: Name of an existing ConfigMap.
            type: str
          secret:
            description: Name of an existing Secret.
            type: str
          host_path:
            description: Directory of the node.
            type: str
          empty_dir:
            description: Empty directory that is deleted with the pod.
            type: bool
      probes: &probes
        description: Probes of the container. Each has one of C(http), C(tcp), C(grpc), C(exec).
        type: dict
        suboptions:
          readiness:
            description: Probe that decides whether the pod receives requests.
            type: dict
            suboptions: &probe
              http:
                description: Path that must answer with a status below 400.
                type: str
              port:
                description: Number or name of the port. By default the first port.
                type: raw
              scheme:
                description: Scheme of the HTTP probe.
                type: str
                choices: [HTTP, HTTPS]
              tcp:
                description: Port that must accept connections. V(true) means the first port.
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
                description: Seconds to wait for a response.
                type: int
              failures:
                description: Number of consecutive failures after which the probe fails.
                type: int
              successes:
                description: Number of consecutive successes after which the probe succeeds.
                type: int
          liveness:
            description: Probe that decides whether the container is restarted.
            type: dict
            suboptions: *probe
          startup:
            description: Probe that must succeed before the other probes start.
            type: dict
            suboptions: *probe
      hooks: &hooks
        description: Actions after the start and before the end of the container. Each has one of C(exec), C(http),
          C(sleep).
        type: dict
        suboptions:
          post_start:
            description: Action immediately after the start. The container is not ready before it ends.
            type: dict
            suboptions: &hook
              exec:
                description: Command that is run in the container.
                type: list
                elements: str
              http:
                description: Path of a request to the container.
                type: str
              port:
                description: Number or name of the port of the request. By default the first port.
                type: raw
              scheme:
                description: Scheme of the request.
                type: str
                choices: [HTTP, HTTPS]
              sleep:
                description: Seconds to wait.
                type: int
          pre_stop:
            description: Action before the container is terminated, for example a wait for the last requests.
            type: dict
            suboptions: *hook
      resources: &resources
        description: Resources of the container.
        type: dict
        suboptions:
          requests:
            description: Reserved resources, as C({cpu, memory}).
            type: dict
          limits:
            description: Largest allowed resources.
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
            description: Type of the match.
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
            description: Smallest number of pods.
            type: int
            default: 1
          max:
            description: Largest number of pods.
            type: int
            required: true
          cpu:
            description: Target use of the requested CPU in percent.
            type: int
          memory:
            description: Target use of the requested memory in percent.
            type: int
          behavior:
            description: Scaling behavior as in the API.
            type: dict
      disruption_budget:
        description: PodDisruptionBudget.
        type: dict
        suboptions:
          min_available:
            description: Number or percentage of pods that must stay available.
            type: raw
          max_unavailable:
            description: Number or percentage of pods that may be unavailable.
            type: raw
      update_strategy:
        description: Strategy that replaces pods.
        type: dict
        suboptions:
          type:
            description: Name of the strategy. By default V(RollingUpdate).
            type: str
            choices: [RollingUpdate, Recreate, OnDelete]
          max_surge:
            description: Number or percentage of pods beyond the declared number.
            type: raw
          max_unavailable:
            description: Number or percentage of pods that may be unavailable during the update.
            type: raw
          partition:
            description: Smallest ordinal of the pods that are updated. StatefulSet only.
            type: int
      min_ready_seconds:
        description: Seconds that a pod must be ready before it counts as available.
        type: int
      progress_deadline:
        description: Seconds without progress after which a rollout has failed. Deployment only.
        type: int
      revision_history:
        description: Number of old revisions to keep.
        type: int
      termination_grace:
        description: Seconds that a pod gets to terminate.
        type: int
      affinity:
        description: Affinity as in the API.
        type: dict
      spread:
        description: Topology keys over which the scheduler spreads the pods where possible, for example
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
      security_context: &security_context
        description: Security context of the container as in the API.
        type: dict
      containers:
        description:
          - Additional containers of the pod. They have the options of the application's own container, which is named
            like the application. Their ports are ports of the Service too.
          - Content of O(apps[].config) and O(apps[].secrets) is for the application's own container. Others name it in
            C(env_from), or mount the volumes C(config) and C(secrets).
        type: list
        elements: dict
        suboptions: &container
          name:
            description: Name of the container.
            type: str
            required: true
          image:
            description: Image of the container. By default that of the application.
            type: str
          image_pull_policy: *image_pull_policy
          command: *command
          args: *args
          ports:
            description: Ports, as in the option O(apps[].ports) of the application.
            type: list
            elements: raw
          env: *env
          env_from: *env_from
          mounts:
            description: Volumes of the application that the container mounts.
            type: list
            elements: dict
            suboptions:
              volume:
                description: Name of the volume. V(config) and V(secrets) are the content of these options.
                type: str
                required: true
              path:
                description: Directory in the container.
                type: str
                required: true
              sub_path:
                description: Directory of the volume that is mounted.
                type: str
              read_only:
                description: Mount the volume read-only.
                type: bool
          probes: *probes
          hooks: *hooks
          resources: *resources
          security_context: *security_context
      init_containers:
        description: Containers that run one after another before the others start. They have the options of
          O(apps[].containers).
        type: list
        elements: dict
        suboptions:
          <<: *container
          sidecar:
            description: Keep the container running beside the others, and start the next one when it has started
              (restart policy V(Always)). Only then it may have ports, probes and hooks.
            type: bool
      pod_security:
        description:
          - Profile of the Pod Security Standards. V(restricted) fills in what the profile asks for, wherever the
            application declares nothing itself. For the pod that is C(runAsNonRoot=true) and the seccomp profile
            C(RuntimeDefault). For each container it is C(allowPrivilegeEscalation=false) and the drop of all
            capabilities. An application that contradicts the profile is a mistake. V(none) adds nothing.
          - By default, the profile is filled in only if the security contexts exclude root for every container
            (C(runAsUser) above 0, or C(runAsNonRoot=true)), and if nothing else contradicts the profile. Only then the
            images surely allow it. RV(pod_security) shows the outcome.
        type: str
        choices: [restricted, none]
      pod_security_context:
        description: Security context of the pod as in the API.
        type: dict
      priority_class:
        description: Name of the PriorityClass of the pods.
        type: str
      labels:
        description: Further labels of all objects and pods.
        type: dict
      annotations:
        description: Annotations of the workload and its pods.
        type: dict
      service_annotations:
        description: Annotations of the Service.
        type: dict
      keep:
        description: Mark all objects of the application with the annotation C(slipway/keep=true). They stay when they
          are no longer declared, also with O(prune). O(state=absent) deletes them.
        type: bool
      schedule:
        description: Schedule of a CronJob.
        type: str
      concurrency:
        description: Policy for a CronJob whose last run has not finished.
        type: str
        choices: [Allow, Forbid, Replace]
      time_zone:
        description: Time zone of O(apps[].schedule), such as V(Europe/Berlin). By default that of the controller
          manager.
        type: str
      successful_history:
        description: Number of complete Jobs of a CronJob to keep.
        type: int
      failed_history:
        description: Number of failed Jobs of a CronJob to keep.
        type: int
      suspend:
        description: Suspend the Job or CronJob.
        type: bool
      completions:
        description: Number of pods of a Job that must succeed.
        type: int
      parallelism:
        description: Number of pods of a Job that run at the same time.
        type: int
      backoff_limit:
        description: Number of retries of a Job.
        type: int
      active_deadline:
        description: Seconds that a Job may run.
        type: int
      restart_policy:
        description: Restart policy of the pods of a Job. By default V(Never).
        type: str
        choices: [Never, OnFailure]
      ttl_after_finished:
        description: Seconds after which a finished Job is deleted. The next run of the task then creates it again.
        type: int
      serve:
        description: Conditions under which the application counts as serving.
        type: dict
        suboptions:
          path:
            description: Path of the request. The status must be below 400. Without a path, it must be below 500.
            type: str
          port:
            description: Port of the Service, by number or name. By default the first port.
            type: raw
          scheme:
            description:
              - Protocol of the request. V(tcp) only connects, and requires O(apps[].serve.url). V(none) sends no
                request and relies on the EndpointSlices.
              - By default what the port's C(appProtocol), its name, a probe of the container, or the number (80,
                8080, 443, 8443) tells.
                V(http) if O(apps[].serve.path) or O(apps[].serve.status) is set. Without any of these, no request is
                sent, and ready addresses suffice.
            type: str
            choices: [http, https, tcp, none]
          status:
            description: Status codes of a successful response.
            type: list
            elements: int
          url:
            description:
              - URL of the request, such as a node port. By default, the request uses the API server's service proxy.
                The host on which the module runs must reach the URL.
            type: str
          successes:
            description: Number of consecutive successful responses, each on its own connection. By default 3.
            type: int
      overlay:
        description:
          - Raw fields that are merged into the rendered objects, as a mapping of kinds such as C(Deployment) to parts
            of objects. With several objects of a kind, such as claims, they are merged into each.
          - Mappings are merged field by field, and null removes a field. Lists whose members all have a name are merged
            by name, such as C(containers), C(env), C(ports) and C(volumes). C(volumeMounts) are merged by
            C(mountPath). Any other list or value replaces the rendered one.
          - A kind that the application does not have and fields that identify an object are mistakes. Content of
            O(apps[].config) and O(apps[].secrets) belongs to these options.
        type: dict
      after:
        description:
          - Names of applications of the same task that must be rolled out, serving (O(wait)) or, as a Job, complete
            before any object of this application is applied. V(NAMESPACE/NAME) is an application of another namespace.
          - A Job that is complete and did not change holds nothing up. A CronJob counts as soon as it is applied.
          - If an earlier application fails, the task ends with the cause, and O(on_failure) covers all of them.
        type: list
        elements: str
  <<: *app
  manifests:
    description:
      - Objects as mappings, YAML text, files, globs or directories. Names are looked up on the controller first, in
        C(manifests) and C(files) of the role and beside the playbook, and then on the host of the task.
      - A mapping with C(template) names a template, looked up as M(ansible.builtin.template) does. C(vars) adds
        variables.
      - A mapping with C(kustomize) names the directory of a kustomization, which is built on the controller.
      - A mapping with C(helm) has the options of a chart, which is rendered on the controller. A task has one chart.
        Its objects are recorded in an O(applyset) of their own, and O(prune) is on.
      - Options of a chart are C(release) (required), C(chart) (a directory, an archive, C(oci://) or a name with
        C(repo)), C(repo), C(version), C(namespace), C(values), C(values_files), C(include_crds) (true), C(hooks)
        (true), C(tests) (false) and C(helm_adopt) (false).
      - Hooks run when the chart or its values differ from the last run. Values that a chart makes up at each
        rendering, such as passwords, stay as they are in the cluster. The templates cannot read the cluster
        (C(lookup) finds nothing).
      - C(helm_adopt) takes over a release that helm installed, in the same version of the chart. It changes no pod and
        runs no hook, and helm no longer finds the release.
      - Programs are C(helm) and C(kustomize) of Slipway's cache, or compatible ones in E(PATH). The playbook
        C(slipway.lab.chart_tools) builds them.
    type: list
    elements: raw
  state:
    description:
      - V(present) applies the objects.
      - V(restarted) also restarts the pods of workloads that did not change.
      - V(absent) deletes all objects of the applications, which need only a name, and the objects in O(manifests). It
        keeps data unless O(remove_data) is true. Of a chart, it deletes the recorded objects, but
        neither the definitions in C(crds) nor objects with C(helm.sh/resource-policy=keep). Members of a set in
        O(manifests) are deleted only by a task that names the set (O(applyset)) or has O(force=true), and objects of a
        release of helm only with O(force=true).
    type: str
    choices: [present, absent, restarted]
    default: present
  remove_data:
    description:
      - Delete data too, with O(state=absent), O(prune) and when an application no longer declares an object. Without
        it, PersistentVolumeClaims, PersistentVolumes, VolumeSnapshots and VolumeSnapshotContents are kept.
      - Without it, the task also fails before it deletes namespaces with claims, CustomResourceDefinitions of which
        other objects exist, StatefulSets whose retention policy deletes their claims, or objects that own
        claims, also through other objects. It also fails if a StatefulSet gets fewer pods and its retention policy
        deletes their claims (C(whenScaled=Delete)).
    type: bool
    default: false
  wait:
    description:
      - V(none) and V(applied) do not wait. With O(apps[].after), the task still waits until the earlier applications
        are rolled out.
      - V(rolled_out) waits for the pods of the new revision. An object of another kind is waited for when its status
        reports that its controller has not seen the declaration, or that it is reconciling, stalled or not ready, as in
        kstatus. A controller that has not reported anything yet is not waited for; see O(wait_for).
      - V(serving) also waits for their addresses in the EndpointSlices, and for responses of the Service. A Service
        of the task whose pods
        the task does not declare needs one ready address. If the account may not read EndpointSlices or send requests
        through the API
        server, the task continues with a warning.
      - With O(state=absent), any value except V(none) waits until all objects are gone.
    type: str
    choices: [none, applied, rolled_out, serving]
    default: serving
  wait_for:
    description: Conditions, properties or the end of objects of any kind. The task waits for them after the rollouts,
      unless O(wait=none). The objects need not be declared by this task.
    type: list
    elements: dict
    suboptions:
      api_version:
        description: API version of the kind. Not needed for usual kinds, and for kinds of the task's objects.
        type: str
      kind:
        description: Kind of the object.
        type: str
        required: true
      name:
        description: Name of the object.
        type: str
        required: true
      namespace:
        description: Namespace of the object. By default the namespace of the task.
        type: str
      condition:
        description: Type of a condition that must have O(wait_for[].status).
        type: str
      status:
        description: Status of the condition.
        type: str
        default: "True"
      path:
        description: Path of a property that must have a value, such as C(.status.loadBalancer.ingress).
        type: str
      value:
        description: The value that the property must have.
        type: str
      deleted:
        description: The object must not exist.
        type: bool
        default: false
  wait_timeout:
    description: Seconds for the whole task.
    type: int
    default: 120
  on_failure:
    description:
      - V(keep) changes nothing. V(rollback) restores the earlier state of every object of the task, and deletes the
        objects that the task created. V(delete) only deletes the objects that the task created.
      - Objects that another client has replaced or deleted in the meantime stay as they are. PersistentVolumeClaims of
        the task stay, and so does what would take data along. The result names them.
      - A Deployment whose earlier state had not succeeded either returns to its last revision with ready pods.
      - A goal that is not reached at the deadline is a failure. If the state cannot be seen then, because the API
        server does not answer or the account may not watch the objects, the changes stay.
    type: str
    choices: [keep, rollback, delete]
    default: keep
  create_namespace:
    description: Create missing namespaces.
    type: bool
    default: false
  namespace_labels:
    description: Labels of namespaces that O(create_namespace) creates, for example of Pod Security Admission. Existing
      namespaces keep theirs.
    type: dict
  applyset:
    description:
      - Name of an ApplySet, a Secret in O(namespace) that records the objects, as with C(kubectl apply --applyset).
        C(configmaps/NAME) records them in a ConfigMap, and C(PLURAL.GROUP/NAME) in a custom resource, which must exist
        and be marked as a set. The label C(applyset.kubernetes.io/is-parent-type=true) of its CustomResourceDefinition
        allows this, and the account needs the right to read that definition.
      - A set of another tool, such as kubectl, is refused without O(force=true), which takes it over with its members.
        Other tools refuse it from then on.
    type: str
  adopt:
    description:
      - Take objects that exist already and are in no set into O(applyset). With V(false), the task refuses them and
        changes nothing, so that it only changes objects that it created. With O(state=absent), it deletes only members
        of the set.
    type: bool
    default: true
  prune:
    description: Delete the members of O(applyset) that are no longer declared, after the others have succeeded.
    type: bool
    default: false
  validate:
    description: Treatment of unknown fields. V(strict) refuses the object, V(warn) and V(ignore) leave the field out,
      and V(warn) reports it in RV(warnings).
    type: str
    choices: [strict, warn, ignore]
    default: strict
  force:
    description:
      - Take the ownership of fields from other field managers, of objects from other sets, and of a set (O(applyset))
        from another tool.
      - Objects that C(kubectl apply) or C(kubectl create) declared are taken over as a whole. What kubectl declared and
        the task does not declare is removed. Without O(force=true) it stays, with a warning.
      - A port of another manager that has the name of a declared port, and another number, is replaced.
    type: bool
    default: false
  recreate:
    description:
      - Delete and recreate objects that cannot be changed in place.
      - The API server validates the new object first. If it still refuses the new object after the deletion, the
        former object is created again.
      - A StatefulSet keeps its pods if its selector and C(serviceName) stay. If its templates of claims have grown, its
        claims grow first, or the task fails before any change.
      - PersistentVolumeClaims, PersistentVolumes, their snapshots, Namespaces and CustomResourceDefinitions are never
        recreated, because their content would be lost. Neither are StatefulSets whose retention policy would delete
        their claims, and objects that own claims, also through other objects, with or without O(remove_data).
    type: bool
    default: false
  field_manager:
    description: Name of the field manager that owns the fields.
    type: str
    default: slipway
extends_documentation_fragment:
  - slipway.lab.kube_auth
  - slipway.lab.attributes
  - slipway.lab.fail_after
  - slipway.lab.progress
attributes:
  check_mode:
    support: full
    details: Sends a dry run to the API server. For objects in a namespace that does not exist yet, the module
      predicts the result.
  diff_mode:
    support: full
    details: Shows the objects before and after, without the content of Secrets.
seealso:
  - module: slipway.lab.release_info
  - module: slipway.lab.workload_info
  - module: slipway.lab.workload_scale
  - module: slipway.lab.workload_rollout
  - module: kubernetes.core.k8s
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Deploy an application with a node port
  slipway.lab.workload:
    name: hello-node
    image: registry.k8s.io/e2e-test-images/agnhost:2.59
    command: [/agnhost, netexec, --http-port=8080]
    replicas: 2
    ports:
      - {container_port: 8080, node_port: 30080}
    service_type: NodePort

- name: Deploy two applications, and restore both when one fails
  slipway.lab.workload:
    namespace: shop
    create_namespace: true
    namespace_labels: {pod-security.kubernetes.io/enforce: baseline}
    on_failure: rollback
    wait_timeout: 300
    fail_after: {pull: 20, crashes: 1}
    apps:
      - name: web
        image: registry.example.com/web:1.4
        ports: ["80:8080"]
        probes:
          readiness: {http: /healthz}
        serve: {path: /healthz, status: [200]}
      - name: worker
        image: registry.example.com/worker:1.4
        env:
          QUEUE: {config: queue, key: url}

- name: Deploy a web application with its configuration, limits and placement
  slipway.lab.workload:
    name: api
    namespace: shop
    image: registry.example.com/api:2.0
    image_pull_policy: IfNotPresent
    image_pull_secrets: [registry]
    command: [/api]
    args: [--listen, ":8080"]
    ports: ["80:8080"]
    config: {settings.yaml: "log: info"}
    config_mount: /etc/api
    secrets: {token: "{{ vault_token }}"}
    secrets_mount: /etc/api-secrets
    resources:
      requests: {cpu: 100m, memory: 128Mi}
      limits: {memory: 256Mi}
    ingress: {host: api.example.com, tls_secret: api-tls}
    autoscale: {min: 2, max: 6, cpu: 70}
    disruption_budget: {min_available: 1}
    update_strategy: {max_unavailable: 0, max_surge: 1}
    min_ready_seconds: 5
    progress_deadline: 120
    revision_history: 5
    termination_grace: 20
    spread: [kubernetes.io/hostname]
    node_selector: {disk: ssd}
    tolerations:
      - {key: tier, operator: Equal, value: backend, effect: NoSchedule}
    affinity:
      podAntiAffinity:
        preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 1
            podAffinityTerm:
              topologyKey: kubernetes.io/hostname
              labelSelector: {matchLabels: {app.kubernetes.io/name: api}}
    service_account: api
    security_context: {runAsNonRoot: true, runAsUser: 65534}
    labels: {team: a}
    annotations: {example.com/owner: team-a}

- name: Deploy a database with a volume for each pod
  slipway.lab.workload:
    name: database
    kind: StatefulSet
    image: registry.example.com/postgres:17
    ports: [5432]
    volumes:
      - {name: data, mount: /var/lib/postgresql, size: 10Gi}

- name: Deploy an application that prepares its data first, with a proxy and a helper beside it
  slipway.lab.workload:
    name: portal
    image: registry.example.com/portal:3
    ports: ["80:8080"]
    env_from:
      - {config_map: shared, prefix: SHARED_}
      - {secret: mail, optional: true}
    hooks:
      post_start: {http: /warm-up, port: 8080, scheme: HTTP}
      pre_stop: {sleep: 5}
    volumes:
      - {name: pages, mount: /srv/pages, empty_dir: true}
      - {name: cache, empty_dir: true}
    init_containers:
      - name: pages
        command: [/portal, generate, /out]
        mounts: [{volume: pages, path: /out}]
      - name: proxy
        sidecar: true
        image: registry.example.com/proxy:1
        image_pull_policy: IfNotPresent
        ports: [9090]
        probes:
          startup: {tcp: true}
        mounts: [{volume: cache, path: /var/cache, sub_path: proxy, read_only: false}]
    containers:
      - name: exporter
        image: registry.example.com/exporter:1
        args: [--pages, /pages]
        env: {LEVEL: info}
        ports: [9100]
        resources:
          limits: {memory: 32Mi}
        security_context: {readOnlyRootFilesystem: true}
        mounts: [{volume: pages, path: /pages, read_only: true}]
    pod_security_context: {fsGroup: 1000, runAsUser: 1000}
    pod_security: restricted
    overlay:
      Deployment:
        spec:
          template:
            spec:
              dnsPolicy: Default
              containers:
                - {name: portal, tty: true}
    priority_class: high
    service_annotations: {prometheus.io/scrape: "true"}
    keep: true

- name: Run a job every night
  slipway.lab.workload:
    name: backup
    kind: CronJob
    image: registry.example.com/backup:1.0
    schedule: "0 3 * * *"
    time_zone: Europe/Berlin
    successful_history: 1
    failed_history: 3
    concurrency: Forbid
    suspend: false
    completions: 1
    parallelism: 1
    backoff_limit: 2
    active_deadline: 600
    restart_policy: Never
    ttl_after_finished: 86400

- name: Apply files and templates of the role, and a kustomization
  slipway.lab.workload:
    namespace: shop
    manifests:
      - base.yml
      - settings/
      - {template: ingress.yml.j2, vars: {host: shop.example.com}}
      - {kustomize: overlays/production}

- name: Deploy a chart from an archive
  slipway.lab.workload:
    namespace: shop
    create_namespace: true
    manifests:
      - helm:
          release: shop
          chart: shop-1.2.0.tgz
          values_files: [production.yml]
          values: {replicaCount: 3}

- name: Deploy a chart from a registry, and take it over if helm installed it
  slipway.lab.workload:
    namespace: shop
    manifests:
      - helm: {release: cache, chart: oci://registry.example.com/charts/cache, version: 0.3.1, helm_adopt: true}

- name: Delete a release
  slipway.lab.workload:
    namespace: shop
    state: absent
    manifests:
      - helm: {release: shop, chart: shop-1.2.0.tgz}

- name: Apply manifests, and delete the objects that an earlier run declared
  slipway.lab.workload:
    manifests:
      - manifests/*.yaml
      - "{{ lookup('ansible.builtin.template', 'extra.yaml.j2') }}"
    applyset: shop
    adopt: false
    prune: true
    wait: rolled_out
    validate: warn
    field_manager: shop-deployment
    force: true
    recreate: true
    progress_file: /tmp/apply.jsonl

- name: Apply a certificate, and wait until it is issued and the load balancer has an address
  slipway.lab.workload:
    namespace: shop
    manifests: [certificate.yml]
    wait_for:
      - {kind: Certificate, name: web, condition: Ready, status: "True"}
      - {kind: Service, name: web, namespace: edge, path: ".status.loadBalancer.ingress[0].ip"}
      - {kind: Job, api_version: batch/v1, name: migration, path: .status.succeeded, value: "1"}
      - {kind: Pod, name: old, deleted: true}

- name: Migrate the database before the application is updated
  slipway.lab.workload:
    namespace: shop
    on_failure: rollback
    recreate: true
    apps:
      - name: database
        kind: StatefulSet
        image: registry.example.com/postgres:17
        ports: [5432]
      - name: migration
        kind: Job
        image: registry.example.com/shop:1.4
        args: [migrate]
        after: [database]
      - name: shop
        image: registry.example.com/shop:1.4
        ports: ["80:8080"]
        after: [migration]

- name: Delete an application with its volumes
  slipway.lab.workload:
    name: database
    state: absent
    remove_data: true
"""

RETURN = r"""
objects:
  description: The objects, the action for each, and the changed fields.
  returned: always
  type: list
  elements: dict
  contains:
    kind:
      description: Kind.
      type: str
    namespace:
      description: Namespace. Empty for cluster-scoped objects.
      type: str
    name:
      description: Name.
      type: str
    action:
      description: C(created), C(configured), C(unchanged), C(recreated), C(deleted) or C(pruned).
      type: str
    changes:
      description: Fields as C({field, before, after}).
      type: list
      elements: dict
counts:
  description: Number of objects by action.
  returned: always
  type: dict
apps:
  description: The workloads that were waited for, with C(state), C(seconds) and the C(answers) of their Services.
  returned: when the wait succeeded
  type: list
  elements: dict
waited:
  description: The awaited state and the seconds of the wait.
  returned: after a wait
  type: dict
failures:
  description:
    - Reasons why objects cannot succeed, each with C(kind), C(name), C(reason), C(message), C(pod), C(container),
      C(image), C(events), C(logs), C(next_step).
  returned: on failure of a wait
  type: list
  elements: dict
rollback:
  description: Whether the earlier state was restored, and the action for each object.
  returned: on failure, unless O(on_failure=keep)
  type: dict
kept:
  description: PersistentVolumeClaims, PersistentVolumes, their snapshots and objects with the annotation
    C(slipway/keep=true) or C(helm.sh/resource-policy=keep) that were not deleted.
  returned: with O(state=absent) or O(prune), if there are any
  type: list
  elements: dict
restarted:
  description: Restarted workloads.
  returned: with O(state=restarted)
  type: list
  elements: dict
warnings:
  description: Fields that were left out, warnings of the API server, and what the account may not read.
  returned: if there were any
  type: list
  elements: str
waited_for:
  description: Each entry of O(wait_for) as C(expected), with its last C(state) and whether it was C(met).
  returned: with O(wait_for)
  type: list
  elements: dict
pod_security:
  description: Whether the pods of each application fit the profile C(restricted) of the Pod Security Standards.
  returned: if applications were declared
  type: list
  elements: dict
  contains:
    namespace:
      description: Namespace of the application.
      type: str
    name:
      description: Name of the application.
      type: str
    restricted:
      description: Whether a namespace that enforces the profile admits the pods.
      type: bool
    violations:
      description: What keeps the pods from the profile.
      type: list
      elements: str
stages:
  description: The objects of each stage, in the order in which the stages were applied.
  returned: if there was more than one stage, except in check mode
  type: list
  elements: list
not_applied:
  description: Objects of later stages that were not applied, because an earlier stage failed.
  returned: if there were any
  type: list
  elements: str
release:
  description: The release of a chart, with C(name), C(namespace), C(chart), C(version) and C(operation), which is
    C(install), C(upgrade), C(adopt), or empty if the chart and its values are those of the last run.
  returned: when the task has a chart and its objects are deployed
  type: dict
hooks:
  description: The hooks that ran, each with C(event), C(kind), C(namespace) and C(name).
  returned: when the hooks of a chart were due
  type: list
  elements: dict
unblocked:
  description: Broken pods of an old revision that were deleted because a StatefulSet waited for them.
  returned: if there were any
  type: list
  elements: str
requests:
  description: Number of requests to the API server.
  returned: always
  type: int
writes:
  description: Number of requests that write.
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
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.task import (
    EXPECTATION_OPTIONS,
)
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
    "wait_for": {"type": "list", "elements": "dict", "options": EXPECTATION_OPTIONS},
    "wait_timeout": {"type": "int", "default": 120},
    "fail_after": {
        "type": "dict",
        "options": {name: {"type": "int", "default": value} for name, value in FAIL_AFTER.items()},
    },
    "on_failure": {"type": "str", "choices": ["keep", "rollback", "delete"], "default": "keep"},
    "create_namespace": {"type": "bool", "default": False},
    "namespace_labels": {"type": "dict"},
    "applyset": {"type": "str"},
    "adopt": {"type": "bool", "default": True},
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
