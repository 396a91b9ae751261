"""Keep secrets out of what Ansible prints, without censoring ordinary words.

Ansible masks each known secret wherever it occurs in a result. A short one, such as ``web`` or ``2``, would mask names
and numbers. Results have no content of Secrets, so such a value is only taken out of the parameters.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.common.manifest_text import RENDERED
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import HIDDEN

MIN_MASKED = 6


def hide_secrets(module: Any, values: set[str]) -> None:
    """Mask secrets in the result of a module, and take them out of its parameters.

    Args:
        module: The AnsibleModule.
        values: Content of Secrets, besides the parameters that Ansible masks by itself.
    """
    masked = module.no_log_values | values
    kept = {value for value in masked if len(str(value)) >= MIN_MASKED}
    module.no_log_values.clear()
    module.no_log_values.update(kept)
    for app in [module.params, *(module.params.get("apps") or [])]:
        if isinstance(app.get("secrets"), dict):
            app["secrets"] = dict.fromkeys(app["secrets"], HIDDEN)
    if module.params.get("manifests"):
        module.params["manifests"] = [_without_secrets(one) for one in module.params["manifests"]]


def _without_secrets(source: Any) -> Any:
    if isinstance(source, list):
        return [_without_secrets(one) for one in source]
    if isinstance(source, dict) and source.keys() == RENDERED:
        return {"source": source["source"]}
    if isinstance(source, dict) and isinstance(source.get("helm"), dict):
        shown = {k: v for k, v in source["helm"].items() if isinstance(v, (str, bool))}
        return {"helm": shown}
    if isinstance(source, dict) and isinstance(source.get("items"), list):
        return {**source, "items": [_without_secrets(one) for one in source["items"]]}
    if isinstance(source, dict) and source.get("kind") == "Secret":
        hidden = {
            field: dict.fromkeys(source[field], HIDDEN)
            for field in ("data", "stringData")
            if isinstance(source.get(field), dict)
        }
        return {**source, **hidden}
    if isinstance(source, str) and "Secret" in source and "\n" in source:
        return f"{HIDDEN}: YAML text with a Secret"
    return source
