"""The slipway command line."""

from __future__ import annotations

import click

from slipway import __version__
from slipway.commands.group import CommandGroup

SECTIONS = {
    "Lab": {
        "up": "slipway.commands.up:up",
        "status": "slipway.commands.status:status",
        "list": "slipway.commands.list:list_labs",
        "open": "slipway.commands.open:open_page",
        "stop": "slipway.commands.stop:stop",
        "start": "slipway.commands.start:start",
        "snapshot": "slipway.commands.snapshot:snapshot",
        "etcd": "slipway.commands.etcd:etcd",
        "down": "slipway.commands.down:down",
        "rebuild": "slipway.commands.rebuild:rebuild",
        "refresh": "slipway.commands.refresh:refresh",
        "bundle": "slipway.commands.bundle:bundle",
        "sbom": "slipway.commands.sbom:sbom",
    },
    "Inside the lab": {
        "kubectl": "slipway.commands.kubectl:kubectl",
        "ui": "slipway.commands.ui:ui",
        "minikube": "slipway.commands.minikube:minikube",
        "shell": "slipway.commands.shell:shell",
        "logs": "slipway.commands.logs:logs",
        "image": "slipway.commands.image:image",
        "dev": "slipway.commands.dev:dev",
        "service": "slipway.commands.service:service",
        "context": "slipway.commands.context:context",
    },
    "Lessons": {
        "lesson": "slipway.commands.lesson:lesson",
        "class": "slipway.commands.classroom:classroom",
        "report": "slipway.commands.report:report",
    },
    "Checks": {
        "doctor": "slipway.commands.doctor:doctor",
        "test": "slipway.commands.test:test",
        "bench": "slipway.commands.bench:bench",
    },
    "Shell": {
        "env": "slipway.commands.env:env",
        "completion": "slipway.commands.completion:completion",
    },
}


@click.group(
    cls=CommandGroup,
    sections=SECTIONS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 failed, 2 wrong usage, 3 this machine cannot run a lab, or the "
    "lab is busy or another account's (nothing was changed), 4 no lab is up, 130 interrupted.",
)
@click.version_option(__version__, "--version", message="slipway %(version)s")
def main() -> None:
    """Manage a container-orchestration lab: Docker, LXC and a real Minikube cluster."""
