"""Create modules that talk to an API server."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.kube.auth import AUTH_OPTIONS
from ansible_collections.slipway.lab.plugins.module_utils.kube.invocation import (
    credentials_in,
    without_secrets,
)


class KubeModule(AnsibleModule):
    """A module whose parameters Ansible prints and logs without their secrets.

    A parameter such as ``manifests`` has secrets in a few places only. With ``no_log``, Ansible would mask all of its
    words in every result.
    """

    def _log_invocation(self) -> None:
        params = self.params
        self.params = without_secrets(params)
        try:
            super()._log_invocation()
        finally:
            self.params = params

    def _return_formatted(self, kwargs: dict[str, Any]) -> None:
        # a mistake in the parameters ends the module before any work
        kwargs.setdefault("invocation", {"module_args": without_secrets(self.params)})
        self.no_log_values.update(credentials_in(self.params.get("kubeconfig")))
        super()._return_formatted(kwargs)


def kube_module(options: dict, **settings) -> AnsibleModule:
    """Return an AnsibleModule that has the authentication options too.

    Args:
        options: The argument spec of the module itself.
        **settings: Further arguments of AnsibleModule. Check mode is supported by default.
    """
    settings.setdefault("supports_check_mode", True)
    return KubeModule(argument_spec={**AUTH_OPTIONS, **options}, **settings)
