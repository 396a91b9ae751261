"""Hide secrets in the parameters of a module, which Ansible prints with ``-vvv`` and writes to the system's log."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.common.manifest_text import RENDERED
from ansible_collections.slipway.lab.plugins.module_utils.kube.kubeconfig import content_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import HIDDEN

# Fields of a kubeconfig, at any depth: in users, and in the settings of their plugins.
CREDENTIALS = (
    "token", "password", "client-key-data", "access-token", "refresh-token", "id-token",
    "client-secret",
)  # fmt: skip
# A field of credentials in YAML or JSON.
CREDENTIAL_FIELD = re.compile(rf"""(?:^|[\s{{,])["']?(?:{"|".join(CREDENTIALS)})["']?\s*:""")
CONTENT = ("data", "stringData")


def without_secrets(value: Any) -> Any:
    """Return parameters, or a part of them, without content of Secrets and without credentials.

    Mappings and lists that are the content of a Secret keep their keys.
    """
    if isinstance(value, list):
        return [without_secrets(part) for part in value]
    if isinstance(value, str):
        return _text_without_secrets(value)
    if not isinstance(value, dict):
        return value
    if value.keys() == RENDERED:
        return {"source": value["source"]}
    if isinstance(value.get("helm"), dict):  # values of a chart can be secrets
        return {"helm": {k: v for k, v in value["helm"].items() if isinstance(v, (str, bool))}}
    # Also with a misspelled kind, whose refusal shows the parameters.
    is_secret = "secret" in str(value.get("kind")).lower() or "stringData" in value
    return {
        name: _hidden(part)
        if name == "secrets" or (is_secret and name in (*CONTENT, "patch"))
        else HIDDEN
        if name in CREDENTIALS and part
        else without_secrets(part)
        for name, part in value.items()
    }


def _hidden(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _hidden(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_hidden(part) for part in value]
    return HIDDEN if value else value


def _text_without_secrets(text: str) -> str:
    if "\n" not in text and "{" not in text:
        return text
    if "Secret" in text:
        return f"{HIDDEN}: text with a Secret"
    return f"{HIDDEN}: text with credentials" if CREDENTIAL_FIELD.search(text) else text


def credentials_in(kubeconfig: Any) -> set[str]:
    """Return the credentials in a kubeconfig that is a mapping or its text."""
    try:
        return _credentials(content_of(kubeconfig))
    except (ValueError, AttributeError):  # no YAML, or no library for it
        return set()


def _credentials(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_credentials, value))
    if not isinstance(value, dict):
        return set()
    found = {str(value[name]) for name in CREDENTIALS if value.get(name)}
    return found.union(*map(_credentials, value.values()))
