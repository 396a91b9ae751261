"""Converge one profile, or predict the changes in check mode."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.minikube.lock import profile_lock
from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import Observed
from ansible_collections.slipway.lab.plugins.module_utils.minikube.plan import plan
from ansible_collections.slipway.lab.plugins.module_utils.minikube.prediction import (
    prediction,
    summary,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.preflight import (
    check_addons,
    prepare_creation,
    resolve_version,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.profile_context import (
    ProfileContext,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.profile_result import (
    profile_result,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.reconcile import Converger


class ProfileRun:
    """One run of the module.

    Args:
        context: The programs, files and declared state.
    """

    def __init__(self, context: ProfileContext):
        self.context = context
        self.converger: Converger | None = None

    def run(self) -> dict:
        """Reconcile the profile, or predict the result in check mode; return the result of the module.

        Raises:
            SlipwayError: The profile cannot be converged.
        """
        context, desired = self.context, self.context.desired
        context.check_programs()
        seen = self._read()
        if context.cli and desired.state in ("started", "paused"):
            desired.kubernetes_version = resolve_version(context.cli, desired)
            check_addons(context.cli, desired)
        actions = plan(desired, seen, context.cni_digest)
        before = summary(seen)
        if not actions and not self._must_wait(seen):
            return profile_result(context, seen, [], before, before)
        if context.check_mode:
            after = prediction(desired, seen, actions, context.cni_digest)
            return profile_result(context, seen, actions, before, after)
        seen = self._converge({action.kind for action in actions}, seen)
        done = self.converger.actions
        result = profile_result(context, seen, done, before, summary(seen))
        return {**result, "warnings_of_minikube": self.converger.warnings}

    def done(self) -> list[str]:
        """Return the completed actions."""
        return [action.text for action in self.converger.actions] if self.converger else []

    def _read(self) -> Observed:
        seen = self.context.reader.read(self.context.desired.profile)
        if self.context.use_driver(seen.config.get("Driver") or ""):
            seen = self.context.reader.read(self.context.desired.profile)
        return seen

    def _must_wait(self, seen: Observed) -> bool:
        desired = self.context.desired
        waits = desired.state == "started" and "node_ready" in desired.wait
        return waits and not all(n.ready for n in seen.nodes) and not self.context.check_mode

    def _converge(self, kinds: set[str], seen: Observed) -> Observed:
        context, desired = self.context, self.context.desired
        lock = context.home / f".{desired.profile}.lock"
        left = context.left()
        with profile_lock(lock, context.left(), context.progress) as descriptor:
            context.cli.lock_fd = descriptor
            if context.left() < left - 1:
                seen = self._read()  # another run may have changed the profile
            if "create" in kinds:
                prepare_creation(desired, context.engine, "delete" in kinds, context.progress)
            self.converger = Converger(context.commands(), context.cni_digest)
            seen = self.converger.converge(seen)
            if desired.state == "absent":
                lock.unlink(missing_ok=True)
        return seen
