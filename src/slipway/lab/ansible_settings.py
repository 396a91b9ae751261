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
# Plays rely on the order of hosts and tasks, and errors are read without colours.
OWN_VALUES = {
    "ANSIBLE_CALLBACKS_ENABLED": "packed_modules, preloaded_plugins",
    "ANSIBLE_STRATEGY": "linear",
    "ANSIBLE_FORCE_COLOR": "0",
}
COLLECTIONS = "ANSIBLE_COLLECTIONS_PATH"
INVENTORY_PLUGINS = ("ANSIBLE_INVENTORY_ENABLED", "host_list, script, auto, yaml, ini, toml")
EXTENDED = (COLLECTIONS, INVENTORY_PLUGINS[0])


def own_settings(root: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables with which Ansible uses Slipway's own configuration and plugins.

    Args:
        root: The checkout.
        environ: Environment variables of the user.
    """
    chosen = {"ANSIBLE_CONFIG": str(root / OWN_PATHS["ANSIBLE_CONFIG"])}
    chosen |= {name: str(root / path) for name, path in OWN_PATHS.items() if name in environ}
    chosen |= {name: value for name, value in OWN_VALUES.items() if name in environ}
    # The user's collections and inventory plugins remain available.
    if COLLECTIONS in environ:
        chosen[COLLECTIONS] = f"{root / 'collections'}:{environ[COLLECTIONS]}"
    plugins, usual = INVENTORY_PLUGINS
    if plugins in environ:
        chosen[plugins] = f"{usual}, {environ[plugins]}"
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
        if name not in EXTENDED and environ.get(name, value) != value
    )
