"""The programs, files and declared state of one run of the module."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.common.progress import Progress
from ansible_collections.slipway.lab.plugins.module_utils.minikube.cli import (
    MinikubeCli,
    MinikubeError,
    deadline,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import (
    Engine,
    EngineError,
    create_engine,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.errors import SpecError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.paths import (
    default_kubeconfig,
    file_digest,
    minikube_environment,
    minikube_home,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.profile_commands import (
    ProfileCommands,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec_parser import parse_spec
from ansible_collections.slipway.lab.plugins.module_utils.minikube.status import Reader


class ProfileContext:
    """Find the programs and files for the options of the module.

    Args:
        params: The options of the module.
        check_mode: Whether nothing may be changed; missing programs are then no error.

    Raises:
        SpecError: An option is wrong.
    """

    def __init__(self, params: dict, check_mode: bool):
        self.params = params
        self.check_mode = check_mode
        self.desired = parse_spec(params, os.geteuid())
        environment = {str(k): str(v) for k, v in params["environment"].items()}
        self.home = minikube_home(params["home"], environment)
        self.kubeconfig = Path(params["kubeconfig"] or default_kubeconfig(environment))
        self.left = deadline(params["timeout"])
        self.progress = Progress(params["progress_file"], "minikube")
        executable = shutil.which(params["executable"])
        self.cli = executable and MinikubeCli(
            executable,
            self.desired.profile,
            {**minikube_environment(self.home, self.kubeconfig, self.desired), **environment},
            self.progress,
        )
        self.engine = create_engine(self.desired.driver)
        self.reader = Reader(self.home, self.cli or None, self.engine, self.kubeconfig)
        self.cni_digest = file_digest(self.desired.cni) if self.desired.cni_is_file else ""

    def check_programs(self) -> None:
        """Check that Minikube and the engine can be used.

        Raises:
            SpecError: Minikube is not installed.
            EngineError: The engine does not answer.
        """
        optional = self.check_mode or self.desired.state == "absent"
        if not self.cli and not optional:
            raise SpecError(
                f"executable: {self.params['executable']!r} is not installed on this host (PATH: "
                f"{os.environ.get('PATH', '')}); the role minikube installs it"
            )
        if not self.engine:
            return
        try:
            self.engine.check()
        except EngineError:
            # An engine that was never installed contains nothing to delete, and check mode can run before the
            # engine is installed.
            gone = shutil.which(self.engine.binary) is None
            if not gone or not optional:
                raise
            self.use_engine(None)

    def use_driver(self, driver: str) -> bool:
        """Use the engine that created the existing nodes; return whether it is another one than the declared.

        Raises:
            EngineError: That engine does not answer.
        """
        engine = create_engine(driver)
        if engine is None or driver == self.desired.driver:
            return False
        engine.check()
        self.use_engine(engine)
        return True

    def use_engine(self, engine: Engine | None) -> None:
        """Use an engine to read and change the profile."""
        self.engine = self.reader.engine = engine

    def commands(self) -> ProfileCommands:
        """Return the commands that change the profile."""
        return ProfileCommands(self.desired, self.cli, self.reader, self.left)

    def interrupt(self, number: int, _frame: object) -> None:
        """Stop the running minikube when a signal ends the module.

        Raises:
            MinikubeError: Always, so that the module reports the completed actions.
        """
        if self.cli:
            self.cli.terminate()
        raise MinikubeError(
            f"interrupted by signal {number}; repeat the task to continue from here",
            id="INTERRUPTED",
        )
