# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Documentation of the action plugin practice, which runs in the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: practice
short_description: Act for a student who practises a lesson
version_added: 0.2.0
description:
  - Used by C(playbooks/lessons/practice). The commands C(lesson check), C(lesson hint) and others do the same without a
    playbook, so that a check answers within seconds.
  - V(start) stores the scene of the play, and begins the first task. A lesson that was begun before continues where it
    ended.
  - V(check) checks the outcome of the current task, whichever way it was made. It fails if an outcome is missing.
  - V(solve) runs the commands of the solution. V(reset) empties the student's namespace and restores the state in which
    the task starts. V(end) removes the namespace.
  - A namespace is only emptied or removed if its label shows that a practice created it.
options:
  action:
    description: What the student asks for.
    type: str
    choices: [start, check, predict, hint, solve, reset, next, end]
    required: true
  task:
    description: With O(action=start), the task or the puzzle to begin with.
    type: str
    default: ""
  prediction:
    description: With O(action=predict), the student's answer.
    type: str
    default: ""
  restart:
    description: With O(action=start), forget what was done before.
    type: bool
    default: false
  values:
    description: With O(action=start), values that texts and commands of the tasks use.
    type: dict
  environment:
    description: With O(action=start), variables of the student's shell.
    type: dict
  offers:
    description:
      - With O(action=start), what the lab has of what tasks may need. Tasks that need something else are left out.
      - V(lab) stands for the rights on the whole lab, V(minikube) for a host with Docker and a control plane that runs
        pods, V(network_policies) for NetworkPolicies that are enforced. A student of a class has none of them.
    type: list
    elements: str
    default: []
  class_name:
    description:
      - With O(action=start), the class whose student practises. The student has the rights on one namespace. Tasks that
        need more are left out, the namespace stays, and the record is stored on the cluster for the teacher.
    type: str
    default: ""
extends_documentation_fragment: [slipway.lab.attributes]
attributes:
  check_mode:
    support: none
  diff_mode:
    support: none
seealso:
  - module: slipway.lab.lesson
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Start a lesson at one of its tasks
  slipway.lab.practice:
    action: start
    values:
      host: lab1
      namespace: learn-tutorial
    offers: [lab, network_policies]
    environment:
      KUBECONFIG: /home/student/kubeconfig
    task: scale-bootcamp
    restart: false

- name: Start a lesson as a student of a class
  slipway.lab.practice:
    action: start
    class_name: math
    values:
      namespace: class-math-student-03
    environment:
      KUBECONFIG: /home/student/kubeconfig

- name: Predict an answer
  slipway.lab.practice:
    action: predict
    prediction: "3"

- name: Check the student's task
  slipway.lab.practice:
    action: check
"""

RETURN = r"""
task:
  description: Name of the current task.
  returned: success
  type: str
checks:
  description: The checked outcomes.
  returned: with O(action=check) and O(action=solve)
  type: list
  elements: dict
  contains:
    name:
      description: Name of the check.
      type: str
    passed:
      description: Whether the outcome is as expected.
      type: bool
    expected:
      description: The expected outcome in words.
      type: str
    seen:
      description: What was seen.
      type: str
hints:
  description: The hints so far.
  returned: with O(action=hint)
  type: list
  elements: str
more:
  description: Whether there was a further task.
  returned: with O(action=next)
  type: bool
"""
