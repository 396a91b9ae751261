"""The services that a lab can have."""

from __future__ import annotations

from slipway.lab.project import project_root
from slipway.lab.yaml_file import read_yaml


def known_services() -> list[str]:
    """Return the names of all services, from the variables that the inventories share."""
    content = read_yaml(project_root() / "inventories/common/services.yml")
    return list(content.get("slipway_known_services") or ()) if isinstance(content, dict) else []
