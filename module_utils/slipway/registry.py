"""What a registry holds, asked by its HTTP API (distribution-spec 1.1), with verified TLS."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from pathlib import Path

MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
TRUST = Path("/etc/docker/certs.d")
TIMEOUT = 30


class RegistryError(Exception):
    """A registry gave no usable answer. The text names the registry, the cause and the next step."""


def split(name: str) -> tuple[str, str]:
    """Return repository and tag (or digest) of a name without its registry.

    Raises:
        ValueError: there is neither.
    """
    repository, at, digest = name.partition("@")
    if at:
        return repository, digest
    repository, colon, tag = name.rpartition(":")
    if not colon or "/" in tag:
        raise ValueError(f"{name!r} has no tag; write it as {name}:TAG")
    return repository, tag


class Registry:
    """A registry at ``host`` (address and port).

    ``ca`` is a file with the authority that its certificate must come from. Without one, that of Docker's
    configuration is used (/etc/docker/certs.d/HOST/ca.crt), else those of the machine. ``plain`` speaks http.
    """

    def __init__(self, host: str, ca: str = "", plain: bool = False):
        self.host = host
        self.url = f"{'http' if plain else 'https'}://{host}/v2"
        trusted = TRUST / host / "ca.crt"
        file = ca or (str(trusted) if not plain and trusted.exists() else None)
        try:
            handler = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=file))
        except (OSError, ssl.SSLError) as error:
            raise RegistryError(f"the authority in {file} cannot be used: {error}") from error
        # Labs are not behind proxies.
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), handler)

    def digest(self, name: str) -> str | None:
        """Return the digest of the image ``name`` (repository:tag), ``None`` when there is none."""
        repository, tag = split(name)
        with self._ask(f"{repository}/manifests/{tag}", "HEAD") as answer:
            return answer.headers["Docker-Content-Digest"] if answer.status == 200 else None

    def labels(self, name: str) -> dict[str, str]:
        """Return the labels of the image ``name``; none when it is an index or is not there."""
        repository, tag = split(name)
        manifest = self._json(f"{repository}/manifests/{tag}")
        if "config" not in manifest:
            return {}
        config = self._json(f"{repository}/blobs/{manifest['config']['digest']}")
        return config.get("config", {}).get("Labels") or {}

    def _json(self, path: str) -> dict:
        with self._ask(path) as answer:
            return json.load(answer) if answer.status == 200 else {}

    def _ask(self, path: str, method: str = "GET"):
        request = urllib.request.Request(
            f"{self.url}/{path}", method=method, headers={"Accept": ", ".join(MANIFESTS)}
        )
        try:
            return self.opener.open(request, timeout=TIMEOUT)
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return error
            raise RegistryError(
                f"{request.full_url} answered {error.code} {error.reason}"
            ) from error
        except (urllib.error.URLError, OSError) as error:
            raise RegistryError(self._explain(getattr(error, "reason", error))) from error

    def _explain(self, reason: object) -> str:
        if isinstance(reason, ssl.SSLCertVerificationError):
            return (
                f"the certificate of {self.host} is not trusted: {reason.verify_message}. "
                f"Name its authority (ca), or put it into {TRUST / self.host}/ca.crt"
            )
        return f"no answer from the registry {self.host}: {reason}. Does it run, and is it reached from here?"
