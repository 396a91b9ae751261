"""The settings of Ansible that a user's shell must not change, because Slipway's plugins depend on them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

# The same as in ansible.cfg. Only variables that the user's shell sets are overridden.
OWN_PATHS = {
    "ANSIBLE_CONFIG": "ansible.cfg",
    "ANSIBLE_LIBRARY": "library",
    "ANSIBLE_ROLES_PATH": "roles",
    "ANSIBLE_ACTION_PLUGINS": "plugins/action",
    "ANSIBLE_DOC_FRAGMENT_PLUGINS": "plugins/doc_fragments",
}
CALLBACKS = ("ANSIBLE_CALLBACKS_ENABLED", "packed_modules, preloaded_plugins")
COLLECTIONS = "ANSIBLE_COLLECTIONS_PATH"


def own_settings(root: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables with which Ansible uses Slipway's own configuration and plugins.

    Args:
        root: The checkout.
        environ: Environment variables of the user.
    """
    chosen = {"ANSIBLE_CONFIG": str(root / OWN_PATHS["ANSIBLE_CONFIG"])}
    chosen |= {name: str(root / path) for name, path in OWN_PATHS.items() if name in environ}
    if CALLBACKS[0] in environ:
        chosen[CALLBACKS[0]] = CALLBACKS[1]
    if COLLECTIONS in environ:  # the user's collections remain available
        chosen[COLLECTIONS] = f"{root / 'collections'}:{environ[COLLECTIONS]}"
    return chosen


def ignored_settings(root: Path, environ: Mapping[str, str]) -> list[str]:
    """Return the names of the user's variables whose values Slipway does not use.

    Args:
        root: The checkout.
        environ: Environment variables of the user.
    """
    own = own_settings(root, environ)
    return sorted(
        name
        for name, value in own.items()
        if name != COLLECTIONS and environ.get(name, value) != value
    )
