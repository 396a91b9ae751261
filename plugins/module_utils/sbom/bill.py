"""A bill of materials in the format CycloneDX 1.6."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from urllib.parse import quote

from ansible_collections.slipway.lab.plugins.module_utils.sbom.debian_packages import DebianPackage
from ansible_collections.slipway.lab.plugins.module_utils.sbom.go_modules import GoModule
from ansible_collections.slipway.lab.plugins.module_utils.sbom.python_lock import PythonPackage


class Bill:
    """The components of a bill, and which of them contain which.

    The same components give the same bytes: the bill has no time, and its serial number is made from its contents.

    Args:
        name: Name of what the bill is about.
        version: Its version.
    """

    def __init__(self, name: str, version: str):
        self._subject = {"type": "application", "bom-ref": name, "name": name, "version": version}
        self._components: dict[str, dict] = {}
        self._parts: dict[str, set[str]] = {}

    def add(self, component: dict) -> str:
        """Add a component unless it exists; return its reference."""
        reference: str = component["bom-ref"]
        self._components.setdefault(reference, component)
        return reference

    def contain(self, reference: str, parts: Iterable[str]) -> None:
        """Record what a component contains. The bill leaves out parts that it does not list."""
        self._parts.setdefault(reference, set()).update(parts)

    def __len__(self) -> int:
        """Return the number of components."""
        return len(self._components)

    def text(self) -> str:
        """Return the bill as JSON."""
        document = {
            "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "version": 1,
            "metadata": {"component": self._subject},
            "components": [self._components[name] for name in sorted(self._components)],
            "dependencies": [
                {"ref": name, "dependsOn": sorted(self._parts[name] & self._components.keys())}
                for name in sorted(self._parts)
            ],
        }
        content = json.dumps(document, sort_keys=True)
        document["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, content)}"
        return json.dumps(document, indent=1, sort_keys=True) + "\n"


def file_component(reference: str, name: str, sha256: str) -> dict:
    """Return the component for a file."""
    return {
        "type": "file",
        "bom-ref": reference,
        "name": name,
        "hashes": [{"alg": "SHA-256", "content": sha256}],
    }


def go_component(module: GoModule) -> dict:
    """Return the component for a module of Go. Its checksum is that of go.sum."""
    version = module.version or "unknown"
    purl = f"pkg:golang/{quote(module.path, safe='/')}@{quote(version)}"
    component = _library(purl, module.path, version)
    if module.checksum:
        component["properties"] = [{"name": "slipway:go.sum", "value": module.checksum}]
    return component


def debian_component(package: DebianPackage) -> dict:
    """Return the component for a package of Debian or Ubuntu."""
    vendor = package.system.partition("-")[0] or "debian"
    given = (("arch", package.architecture), ("distro", package.system))
    qualifiers = "&".join(f"{key}={quote(value)}" for key, value in given if value)
    purl = f"pkg:deb/{vendor}/{quote(package.name)}@{quote(package.version)}"
    return _library(f"{purl}?{qualifiers}" if qualifiers else purl, package.name, package.version)


def python_component(package: PythonPackage) -> dict:
    """Return the component for a Python package, with the checksums of all its files."""
    page = f"https://pypi.org/project/{package.name}/{package.version}/"
    return {
        **_library(f"pkg:pypi/{package.name}@{package.version}", package.name, package.version),
        "externalReferences": [
            {
                "type": "distribution",
                "url": page,
                "hashes": [{"alg": "SHA-256", "content": one} for one in package.sha256],
            }
        ],
    }


def _library(purl: str, name: str, version: str) -> dict:
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
