"""Return the phases of all playbooks of one command, and their earlier durations."""

from __future__ import annotations

from collections.abc import Sequence

from slipway.lab.artifact_progress import ArtifactProgress
from slipway.lab.history import recall, recall_artifacts, remember, remember_artifacts
from slipway.lab.phase_plan import read_phases
from slipway.lab.phases import Phase
from slipway.lab.project import Project
from slipway.lab.run_state import Run
from slipway.run.selection import read_selection


class Board:
    """Return the phases of one command.

    Args:
        project: The lab.
        command: Name of the command, such as ``up``.
        playbooks: Names of its playbooks. The phases of a teardown before others are shown as one.
        arguments: Arguments of ansible-playbook, which select phases.
        first: Phases before the playbooks.
    """

    def __init__(
        self, project: Project, command: str, playbooks: Sequence[str], arguments: Sequence[str],
        first: Sequence[Phase],
    ):  # fmt: skip
        self._project = project
        self._command = command
        self._artifacts = ArtifactProgress(recall_artifacts(project.cache))
        selection = read_selection(project, arguments)
        self.runs: list[Run] = []
        for name in playbooks:
            phases = read_phases(project.playbook(name), selection)
            if name == "teardown" and command != "down":
                plays = [play for phase in phases for play in phase.plays]
                phases = [Phase("down", "Remove the lab", plays=plays)]
            self.runs.append(Run(phases, self._artifacts))
        self._first = list(first)
        recall(project.state, command, self.phases)

    @property
    def phases(self) -> list[Phase]:
        """Return the phases of all playbooks in order, including those that a run added."""
        return [*self._first, *(phase for run in self.runs for phase in run.phases)]

    def remember(self) -> None:
        """Record the durations for later runs."""
        remember(self._project.state, self._command, self.phases)
        remember_artifacts(self._project.cache, self._artifacts.measured())
