"""What all Kubernetes modules share: authentication options, and one way to fail."""

from __future__ import annotations

from collections.abc import Callable

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.kube.auth import AUTH_OPTIONS
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError


def kube_module(options: dict, **more) -> AnsibleModule:
    """An AnsibleModule with the authentication options added, check mode supported unless told."""
    more.setdefault("supports_check_mode", True)
    return AnsibleModule(argument_spec={**AUTH_OPTIONS, **options}, **more)


def run(module: AnsibleModule, work: Callable[[AnsibleModule], dict]) -> None:
    """Leave the module with the result of ``work``, or fail with the cause that a KubeError
    names.
    """
    try:
        result = work(module)
    except KubeError as error:
        details = {"changed": False, **error.details}
        _warn(module, details)
        module.fail_json(msg=str(error), **details)
    _warn(module, result)
    module.exit_json(**result)


def _warn(module: AnsibleModule, result: dict) -> None:
    for text in result.pop("warnings", []):
        module.warn(text)
