"""xterm.js, the terminal of the course pages: fetched from npm on first use, and verified on every use."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import io
import os
import shutil
import subprocess
import tarfile
import tempfile
import urllib.request
from pathlib import Path

import yaml

from slipway.errors import SlipwayError
from slipway.lab.project import Project

# The files that a page needs, by package.
FILES = {
    "@xterm/xterm": ("lib/xterm.mjs", "css/xterm.css"),
    "@xterm/addon-fit": ("lib/addon-fit.mjs",),
}
REGISTRY = "https://registry.npmjs.org"
SECONDS = 60


def load_xterm(project: Project) -> dict[str, bytes]:
    """Return the files of xterm.js by name.

    Args:
        project: Its cache keeps the packages, and its upstream/versions.yml names their versions and checksums.

    Raises:
        SlipwayError: A package cannot be fetched, or is another one than the pinned one.
    """
    versions = yaml.safe_load((project.root / "upstream/versions.yml").read_text(encoding="utf-8"))
    found = {}
    for name, wanted in FILES.items():
        pin = versions["slipway_npm_packages"][name]
        content = _package(project.cache / "npm", name, pin["version"], pin["integrity"])
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            for path in wanted:
                member = archive.extractfile(f"package/{path}")
                assert member is not None
                found[Path(path).name] = member.read()
    return found


def _package(folder: Path, name: str, version: str, integrity: str) -> bytes:
    """Return the verified archive of a package, and keep it in a directory."""
    kept = folder / f"{name.rpartition('/')[2]}-{version}.tgz"
    with contextlib.suppress(FileNotFoundError):
        if _integrity(content := kept.read_bytes()) == integrity:
            return content
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as work:
        fetched = Path(work) / "package.tgz"
        _fetch(name, version, fetched)
        content = fetched.read_bytes()
        if _integrity(content) != integrity:
            raise SlipwayError(
                f"the package {name} {version} of the npm registry is not the pinned one",
                "compare its sha512 with upstream/versions.yml",
            )
        fetched.replace(kept)
    return content


def _integrity(content: bytes) -> str:
    """Return a checksum as npm writes it."""
    return f"sha512-{base64.b64encode(hashlib.sha512(content).digest()).decode()}"


def _fetch(name: str, version: str, target: Path) -> None:
    """Fetch a package with the user's npm and its settings, or from the registry where there is no npm."""
    if npm := shutil.which("npm"):
        words = ["pack", "--ignore-scripts", "--fetch-retries=0", f"{name}@{version}"]
        try:
            subprocess.run([npm, *words], cwd=target.parent, check=True, capture_output=True,
                           stdin=subprocess.DEVNULL, timeout=SECONDS)  # fmt: skip
        except (OSError, subprocess.SubprocessError) as problem:
            reason = f"npm could not fetch {name} {version}"
            raise SlipwayError(reason, f"run: npm {' '.join(words)}") from problem
        next(target.parent.glob("*.tgz")).replace(target)
        return
    registry = os.environ.get("NPM_CONFIG_REGISTRY", REGISTRY).rstrip("/")
    url = f"{registry}/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310
            target.write_bytes(answer.read())
    except (OSError, ValueError, http.client.HTTPException) as problem:
        raise SlipwayError(
            f"{name} {version} could not be fetched from the npm registry: {problem}",
            "set https_proxy or NPM_CONFIG_REGISTRY",
        ) from problem
