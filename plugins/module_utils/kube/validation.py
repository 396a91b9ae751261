"""Check names, quantities and ports as Kubernetes does, before a request is sent.

Each check takes a ``ValidationErrors`` and the place of the value in the task, so that all mistakes of a
task are
reported together, and no object is applied.
"""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError

LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
SERVICE_NAME = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
QUALIFIED = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
QUANTITY = re.compile(r"[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+|[KMGTPE]i|[numkMGTPE])?|\.[0-9]+")
CONFIG_KEY = re.compile(r"[-._a-zA-Z0-9]{1,253}")
ENV_NAME = re.compile(r"[^=\x00]+")
IMAGE = re.compile(
    r"([a-zA-Z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?"
    r"(@[a-z0-9+._-]+:[a-fA-F0-9]{32,})?"
)
CRON_FIELD = re.compile(r"[0-9A-Za-z*/,?#L-]+")
PERCENT = re.compile(r"[0-9]{1,3}%")


class ValidationErrors:
    """Mistakes in a task, each with its place, as ``apps[2].ports[0]``."""

    def __init__(self):
        self.found: list[str] = []

    def add(self, where: str, text: str) -> None:
        """Note one mistake."""
        self.found.append(f"{where}: {text}")

    def stop(self) -> None:
        """Raise KubeError with all problems, if there are any."""
        if self.found:
            shown = "\n".join(self.found[:20])
            more = f"\n... and {len(self.found) - 20} more" if len(self.found) > 20 else ""
            raise KubeError(
                f"nothing was applied, the task has mistakes:\n{shown}{more}", problems=self.found
            )


def _match(pattern: re.Pattern, value: Any, longest: int = 253) -> bool:
    return isinstance(value, str) and len(value) <= longest and pattern.fullmatch(value) is not None


def label_name(problems: ValidationErrors, where: str, value: Any) -> None:
    """Check an RFC 1123 label: names that become host names or label values."""
    if not _match(LABEL, value, 63):
        problems.add(
            where,
            f"{value!r} is not a valid RFC 1123 label: lower case letters, digits and '-', at most 63, "
            "starting and ending with a letter or digit",
        )


def service_name(problems: ValidationErrors, where: str, value: Any) -> None:
    """Check an RFC 1035 label: the name of a Service."""
    if not _match(SERVICE_NAME, value, 63):
        problems.add(
            where,
            f"{value!r} is not a valid name of a Service: lower case letters, digits and '-', at most 63, "
            "starting with a letter (RFC 1035)",
        )


def subdomain(problems: ValidationErrors, where: str, value: Any) -> None:
    """Check an RFC 1123 subdomain: the name of most objects."""
    if not _match(SUBDOMAIN, value):
        problems.add(
            where,
            f"{value!r} is not a valid RFC 1123 subdomain: lower case letters, digits, '-' and '.'",
        )


def quantity(problems: ValidationErrors, where: str, value: Any) -> None:
    """Check a resource quantity such as 100m, 1.5, 128Mi."""
    text = str(value)
    if isinstance(value, bool) or not QUANTITY.fullmatch(text):
        problems.add(
            where, f"{value!r} is not a valid quantity; write for example 250m, 1.5 or 128Mi"
        )


def port(problems: ValidationErrors, where: str, value: Any) -> int:
    """Check a port number from 1 to 65535; return it, or 0."""
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 65535:
        problems.add(where, f"{value!r} is not a valid port: 1 to 65535")
        return 0
    return value


def labels(problems: ValidationErrors, where: str, values: dict | None) -> None:
    """Check label keys, which may have a prefix, and values."""
    for name, value in (values or {}).items():
        prefix, _, key = str(name).rpartition("/")
        if (prefix and not _match(SUBDOMAIN, prefix)) or not _match(QUALIFIED, key):
            problems.add(where, f"{name!r} is not a valid label key")
        if not _match(LABEL_VALUE, str(value)):
            problems.add(
                where,
                f"{name}: {value!r} is not a valid label value: at most 63 of letters, digits, '-_.'",
            )


def image(problems: ValidationErrors, where: str, value: Any) -> None:
    """Check an image reference."""
    if not _match(IMAGE, value, 512):
        problems.add(
            where,
            f"{value!r} is not a valid image reference; write REGISTRY/NAME:TAG, the name in lower case",
        )


def cron(problems: ValidationErrors, where: str, value: str) -> None:
    """Check a schedule of five fields, or a macro such as @daily."""
    if value.startswith("@"):
        if value not in (
            "@yearly",
            "@annually",
            "@monthly",
            "@weekly",
            "@daily",
            "@midnight",
            "@hourly",
        ) and (not value.startswith("@every ")):
            problems.add(
                where,
                f"{value!r} is not a valid schedule; use @hourly, @daily, @weekly, @monthly or five fields",
            )
        return
    fields = value.split()
    if len(fields) != 5 or not all(CRON_FIELD.fullmatch(field) for field in fields):
        problems.add(
            where, f"{value!r} is not a valid schedule: five fields, for example '*/5 * * * *'"
        )


def count_or_percent(problems: ValidationErrors, where: str, value: Any) -> int | str | None:
    """Check an integer or a percentage, such as max_surge; return it in the API's form."""
    if value is None:
        return None
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not (
        (isinstance(value, int) and value >= 0)
        or (isinstance(value, str) and PERCENT.fullmatch(value))
    ):
        problems.add(where, f"{value!r} is neither a number nor a percentage such as 25%")
        return None
    return value


def at_least(problems: ValidationErrors, where: str, value: int | None, least: int) -> None:
    """Check that a number is not smaller than a minimum."""
    if value is not None and value < least:
        problems.add(where, f"{value} is too small, at least {least}")
