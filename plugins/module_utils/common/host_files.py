"""Files of a host in their declared state: texts, downloads, links, and files that must not exist."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.urls import open_url

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError

BLOCK = 1 << 20
TIMEOUT = 60


@dataclass(frozen=True)
class HostFile:
    """One declared file, in the terms of the module host_files."""

    path: str
    content: str | None = None
    url: str | None = None
    checksum: str | None = None
    link: str | None = None
    mode: int = 0o644
    absent: bool = False

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> HostFile:
        """Return the file that options of the module declare.

        Raises:
            SlipwayError: It declares nothing.
        """
        absent = options["state"] == "absent"
        sources = [options[name] for name in ("content", "url", "link")]
        if not absent and all(source is None for source in sources):
            raise SlipwayError(
                f"{options['path']}: give one of content, url and link, or state: absent"
            )
        return cls(
            path=options["path"],
            content=sources[0],
            url=sources[1],
            link=sources[2],
            checksum=options["checksum"],
            mode=int(options["mode"], 8),
            absent=absent,
        )


def is_declared(file: HostFile) -> bool:
    """Return whether the host has the file as declared. Any other path than a link is kept where a link is declared."""
    exists = os.path.lexists(file.path)
    if file.absent:
        return not exists or (file.link is not None and not _links(file))
    if not exists:
        return False
    if file.link is not None:
        return not os.path.islink(file.path) or _links(file)
    if os.path.islink(file.path) or not os.path.isfile(file.path):
        return False
    status = os.stat(file.path)
    if status.st_mode & 0o7777 != file.mode or status.st_uid != os.geteuid():
        return False
    wanted = file.checksum if file.url else hashlib.sha256(_bytes(file)).hexdigest()
    return checksum(file.path) == wanted


def checksum(path: str) -> str:
    """Return the sha256 of a file."""
    digest = hashlib.sha256()
    with open(path, "rb") as source:
        while block := source.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def shown(file: HostFile) -> tuple[str, str]:
    """Return what a diff shows of a file, before and after."""
    before = ""
    if os.path.islink(file.path):
        before = f"link to {os.readlink(file.path)}\n"
    elif file.url and os.path.isfile(file.path):
        before = f"sha256 {checksum(file.path)}, mode {os.stat(file.path).st_mode & 0o7777:04o}\n"
    elif os.path.isfile(file.path):
        with open(file.path, encoding="utf-8", errors="replace") as source:
            before = source.read()
        if before == file.content:
            return (
                f"mode {os.stat(file.path).st_mode & 0o7777:04o}\n",
                f"mode {file.mode:04o}\n",
            )
    if file.absent:
        return before, ""
    if file.link is not None:
        return before, f"link to {file.link}\n"
    if file.url:
        return before, f"sha256 {file.checksum}, mode {file.mode:04o}\n"
    return before, file.content or ""


def download(file: HostFile, ca: str, use_proxy: bool) -> str:
    """Download a file beside its path, verify it, and return the path of the download.

    Args:
        file: The file.
        ca: File with the authorities of the server, empty for those of the host.
        use_proxy: Use the proxy of the environment.

    Raises:
        SlipwayError: The server does not answer, or sends something else.
    """
    os.makedirs(os.path.dirname(file.path), exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(file.path), prefix=".host_files-")
    try:
        digest = hashlib.sha256()
        with os.fdopen(handle, "wb") as target:
            try:
                with open_url(
                    file.url, ca_path=ca or None, use_proxy=use_proxy, timeout=TIMEOUT
                ) as answer:
                    while block := answer.read(BLOCK):
                        digest.update(block)
                        target.write(block)
            except OSError as error:
                raise SlipwayError(f"{file.url} cannot be downloaded: {error}") from error
        if digest.hexdigest() != file.checksum:
            raise SlipwayError(
                f"{file.url} has the sha256 {digest.hexdigest()}, and {file.checksum} is declared. "
                f"{file.path} stays as it was."
            )
    except BaseException:
        _remove(temporary)
        raise
    return temporary


def put(file: HostFile, downloaded: str | None = None) -> None:
    """Bring a file to its declared state.

    Args:
        file: The file.
        downloaded: Path of the verified download, which is moved.
    """
    if file.absent:
        _remove(file.path)
        return
    directory = os.path.dirname(file.path)
    os.makedirs(directory, exist_ok=True)
    if file.link is not None:
        temporary = tempfile.mktemp(dir=directory, prefix=".host_files-")  # noqa: S306 - no file, a link
        os.symlink(file.link, temporary)
    elif downloaded is not None:
        temporary = downloaded
        os.chmod(temporary, file.mode)
    else:
        handle, temporary = tempfile.mkstemp(dir=directory, prefix=".host_files-")
        with os.fdopen(handle, "wb") as target:
            target.write(_bytes(file))
        os.chmod(temporary, file.mode)
    os.replace(temporary, file.path)


def _links(file: HostFile) -> bool:
    return os.path.islink(file.path) and os.readlink(file.path) == file.link


def _bytes(file: HostFile) -> bytes:
    return (file.content or "").encode()


def _remove(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.remove(path)
