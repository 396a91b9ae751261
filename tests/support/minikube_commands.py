"""Commands of a profile that record their calls instead of running minikube."""

from __future__ import annotations

from types import SimpleNamespace

from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_api import ApiError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.profile_commands import (
    ProfileCommands,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.profile_config import (
    write_config,
)


class RecordedCli:
    """Records the arguments of each command."""

    def __init__(self):
        self.calls = []
        self.reports = []
        self.warnings = []
        self.on_run = lambda args: None

    def run(self, *args, timeout, environment=None, check=True):
        """Record a command; ``on_run`` can change the profile or fail."""
        self.calls.append((args, environment))
        self.on_run(args)
        return SimpleNamespace(warnings=self.warnings)

    def report(self, message, step, total):
        """Record progress."""
        self.reports.append(message)


class RecordedReader:
    """Returns prepared readings of a profile, and records requests to its API."""

    def __init__(self, home, readings=()):
        self.home = home
        self.readings = list(readings)
        self.engine = None
        self.kubeconfig = home / "kubeconfig"
        self.deleted, self.patched = [], []
        self.api_error = ""
        self.objects = {}

    def config_path(self, profile):
        """Return the path of the configuration."""
        return self.home / "profiles" / profile / "config.json"

    def machine_path(self, name):
        """Return the directory of a machine."""
        return self.home / "machines" / name

    def read(self, profile):
        """Return the next prepared reading."""
        return self.readings.pop(0)

    def api(self, seen):
        """Return an API that records requests."""
        return self

    def delete_node(self, name):
        """Record a deletion, or fail with ``api_error``."""
        if self.api_error:
            raise ApiError(self.api_error)
        self.deleted.append(name)

    def request(self, method, path):
        """Return the prepared objects of a path."""
        return {"items": self.objects.get(path.partition("?")[0], [])}

    def patch_node(self, name, patch):
        """Record a patch."""
        self.patched.append((name, patch))


def make_commands(home, desired, config=None, readings=()):
    """Return recorded commands of a profile with a configuration."""
    reader = RecordedReader(home, readings)
    path = reader.config_path(desired.profile)
    path.parent.mkdir(parents=True)
    if config is not None:
        write_config(path, config)
    return ProfileCommands(desired, RecordedCli(), reader, lambda: 60.0)
