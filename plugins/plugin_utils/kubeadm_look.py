"""The output of the scripts api-server and kubelet-config of the role kubernetes: lines ``NAME=VALUE``."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

import yaml


def parse_facts(lines: Iterable[str]) -> dict[str, str]:
    """Return the values of an output by name."""
    return dict(line.split("=", 1) for line in lines)


def parse_look(lines: Iterable[str], document: str) -> tuple[bool, Any]:
    """Return whether a replacement was interrupted, and the document that the host has.

    Args:
        lines: The output of ``look``.
        document: The name whose value is the document, as YAML in base64.
    """
    facts = parse_facts(lines)
    return facts["interrupted"] == "yes", yaml.safe_load(base64.b64decode(facts[document]))
