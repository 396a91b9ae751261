"""A registry's HTTP API (distribution-spec 1.1): ask what it holds, push to it, with verified TLS."""

from __future__ import annotations

import base64
import json
import re
import ssl
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError
from ansible_collections.slipway.lab.plugins.module_utils.oci.credentials import find_credentials
from ansible_collections.slipway.lab.plugins.module_utils.oci.image import blob_digest

INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    *INDEXES,
)
TRUST = Path("/etc/docker/certs.d")
TIMEOUT = 60


class RegistryError(SlipwayError):
    """A registry gave no usable answer. The text names the registry, the cause and the next step."""


def parse_reference(name: str) -> tuple[str, str]:
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
    configuration is used (/etc/docker/certs.d/HOST/ca.crt), else those of the machine. A registry that asks for
    credentials gets those of ``docker login``.
    """

    def __init__(self, host: str, ca: str = ""):
        self.host = host
        self.url = f"https://{host}/v2/"
        trusted = TRUST / host / "ca.crt"
        file = ca or (str(trusted) if trusted.exists() else None)
        try:
            handler = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=file))
        except (OSError, ssl.SSLError) as error:
            raise RegistryError(f"the authority in {file} cannot be used: {error}") from error
        # A lab is not behind a proxy.
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), handler)
        self._authorization = ""

    def digest(self, name: str) -> str | None:
        """Return the digest of the image ``name`` (repository:tag), ``None`` when there is none."""
        repository, reference = parse_reference(name)
        with self._ask("HEAD", f"{repository}/manifests/{reference}") as answer:
            return answer.headers["Docker-Content-Digest"] if answer.status == 200 else None

    def manifest(self, name: str, architecture: str = "") -> dict | None:
        """Return the manifest of an image, ``None`` when there is none; of an index, that for an architecture."""
        repository, reference = parse_reference(name)
        manifest = self._json(f"{repository}/manifests/{reference}")
        if manifest and "manifests" in manifest and architecture:
            for entry in manifest["manifests"]:
                platform = entry.get("platform", {})
                if (platform.get("os"), platform.get("architecture")) == ("linux", architecture):
                    return self.manifest(f"{repository}@{entry['digest']}")
            raise RegistryError(f"{name} has no image for linux/{architecture}")
        return manifest

    def config(self, name: str, manifest: dict) -> dict:
        """Return the configuration of the image ``name``, whose manifest is known."""
        repository, _ = parse_reference(name)
        return self._json(f"{repository}/blobs/{manifest['config']['digest']}") or {}

    def labels(self, name: str) -> dict[str, str]:
        """Return the labels of the image ``name``; none for an index or a missing image."""
        manifest = self.manifest(name)
        if not manifest or "config" not in manifest:
            return {}
        return self.config(name, manifest).get("config", {}).get("Labels") or {}

    def push_blob(self, repository: str, content: bytes) -> None:
        """Store a blob, unless the repository has it."""
        digest = blob_digest(content)
        if not self._has(repository, digest):
            with self._ask("POST", f"{repository}/blobs/uploads/") as answer:
                place = answer.headers["Location"]
            self._finish(place, digest, content)

    def mount_blob(self, source: str, repository: str, digest: str) -> None:
        """Let a repository have a blob of another one of the same registry."""
        if self._has(repository, digest):
            return
        query = urllib.parse.urlencode({"mount": digest, "from": source})
        with self._ask("POST", f"{repository}/blobs/uploads/?{query}") as answer:
            mounted, place = answer.status == 201, answer.headers["Location"]
        if not mounted:
            with self._ask("GET", f"{source}/blobs/{digest}") as answer:
                self._finish(place, digest, answer.read())

    def push_manifest(self, name: str, manifest: bytes) -> None:
        """Store a manifest whose blobs exist."""
        repository, tag = parse_reference(name)
        kind = json.loads(manifest)["mediaType"]
        self._ask("PUT", f"{repository}/manifests/{tag}", manifest, kind).close()

    def _has(self, repository: str, digest: str) -> bool:
        with self._ask("HEAD", f"{repository}/blobs/{digest}") as answer:
            return answer.status == 200

    def _finish(self, place: str, digest: str, content: bytes) -> None:
        url = urllib.parse.urljoin(self.url, place)
        url += ("&" if "?" in url else "?") + urllib.parse.urlencode({"digest": digest})
        self._ask("PUT", url, content, "application/octet-stream").close()

    def _json(self, path: str) -> dict | None:
        with self._ask("GET", path) as answer:
            return json.load(answer) if answer.status == 200 else None

    def _ask(self, method: str, path: str, content: bytes | None = None, kind: str = ""):
        url = urllib.parse.urljoin(self.url, path)
        headers = {"Accept": ", ".join(MANIFESTS)} | ({"Content-Type": kind} if kind else {})
        try:
            return self._open(urllib.request.Request(url, content, headers, method=method))
        except urllib.error.HTTPError as error:
            if error.code == 404 and method in ("GET", "HEAD"):
                return error
            said = error.read(500).decode(errors="replace").strip()
            hint = ". Run docker login for it" if error.code in (401, 403) else ""
            raise RegistryError(
                f"{method} {url} answered {error.code} {error.reason}: {said}{hint}"
            ) from error
        except (urllib.error.URLError, OSError) as error:
            raise RegistryError(self._explain(getattr(error, "reason", error))) from error

    def _open(self, request: urllib.request.Request):
        """Send a request, a second time with credentials if the registry asks for them."""
        if self._authorization:
            request.add_unredirected_header("Authorization", self._authorization)
        try:
            return self.opener.open(request, timeout=TIMEOUT)
        except urllib.error.HTTPError as error:
            wanted = self._answer_challenge(error.headers.get("WWW-Authenticate", ""))
            if error.code != 401 or wanted in ("", self._authorization):
                raise
            self._authorization = wanted
            request.add_unredirected_header("Authorization", wanted)
            return self.opener.open(request, timeout=TIMEOUT)

    def _answer_challenge(self, challenge: str) -> str:
        """Return the header that answers ``WWW-Authenticate``, an empty text when there is no answer."""
        scheme, _, rest = challenge.partition(" ")
        known = find_credentials(self.host)
        basic = f"Basic {base64.b64encode(known.encode()).decode()}" if known else ""
        if scheme.lower() != "bearer":
            return basic if scheme.lower() == "basic" else ""
        asked = dict(re.findall(r'(\w+)="([^"]*)"', rest))
        if not asked.get("realm", "").startswith("https://"):
            return ""
        query = urllib.parse.urlencode({n: asked[n] for n in ("service", "scope") if n in asked})
        request = urllib.request.Request(f"{asked['realm']}?{query}")
        if basic:
            request.add_unredirected_header("Authorization", basic)
        with self.opener.open(request, timeout=TIMEOUT) as answer:
            said = json.load(answer)
        return f"Bearer {said.get('token') or said.get('access_token')}"

    def _explain(self, reason: object) -> str:
        if isinstance(reason, ssl.SSLCertVerificationError):
            return (
                f"the certificate of {self.host} is not trusted: {reason.verify_message}. "
                f"Name its authority (ca), or put it into {TRUST / self.host}/ca.crt"
            )
        return f"no answer from the registry {self.host}: {reason}. Does it run, and is it reached from here?"
