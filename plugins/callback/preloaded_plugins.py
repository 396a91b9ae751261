"""Load plugins once, before Ansible starts a process for each task."""

from __future__ import annotations

from collections.abc import Iterator

from ansible.plugins.callback import CallbackBase
from ansible.plugins.loader import (
    action_loader,
    become_loader,
    connection_loader,
    filter_loader,
    lookup_loader,
    shell_loader,
    test_loader,
)

DOCUMENTATION = """
name: preloaded_plugins
type: aggregate
short_description: Load plugins once and not in the process of each task
description:
  - Ansible runs each task in a process of its own, a copy of the main process. What the main process has not loaded,
    each of these processes loads again, such as the filters of templates. This plugin loads in the main process what
    nearly every task needs.
  - A plugin that cannot be loaded is left to the task that needs it.
requirements:
  - enabled in C(callbacks_enabled)
"""

# Loading a filter of a collection loads the files of all its filters.
NAMES = (
    (action_loader, ("normal", "command", "assert", "set_fact", "copy", "template")),
    (filter_loader, ("slipway.lab.url_host",)),
    (lookup_loader, ("env", "file", "pipe", "vars")),
    (connection_loader, ("local", "ssh")),
    (become_loader, ("sudo",)),
    (shell_loader, ("sh",)),
)


class CallbackModule(CallbackBase):
    """Does its work before the first task; sees no task."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "preloaded_plugins"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_start(self, playbook) -> None:
        """Load the plugins. Without it everything works, only slower."""
        try:
            for _ in loaded():
                pass
        except Exception as error:  # the task that needs the plugin reports why it cannot be loaded
            self._display.vv(f"plugins are not loaded in advance: {error}")


def loaded() -> Iterator[object]:
    """Load the plugins, and yield each of them."""
    yield from filter_loader.all()
    yield from test_loader.all()
    for loader, names in NAMES:
        for name in names:
            yield loader.get(name, class_only=True)
