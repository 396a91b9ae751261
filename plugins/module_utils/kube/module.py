"""Create modules that talk to an API server."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.kube.auth import AUTH_OPTIONS


def kube_module(options: dict, **settings) -> AnsibleModule:
    """Return an AnsibleModule that has the authentication options too.

    Args:
        options: The argument spec of the module itself.
        **settings: Further arguments of AnsibleModule. Check mode is supported by default.
    """
    settings.setdefault("supports_check_mode", True)
    return AnsibleModule(argument_spec={**AUTH_OPTIONS, **options}, **settings)
