"""Write a bundle: a compressed archive whose first members are a manifest of all others and its signature.

Reads a job as JSON from standard input: ``output`` (the file), ``key`` (private SSH key), ``project`` (a checkout),
``about`` (facts that the manifest repeats) and ``entries``, each with a ``source`` (file or directory) and a ``target``
below the cache of the machine that loads the bundle. Prints a JSON object with ``changed``, ``file``, ``bytes``,
``sha256`` and ``signer``.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FORMAT = 1
MANIFEST, SIGNATURE = "manifest.json", "manifest.json.sig"
NAMESPACE = "slipway-bundle"
RECORD = "artifact.json"
CHUNK_BYTES = 1 << 20


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def project_files(project: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of a checkout with their names in the bundle. Files that Git does not track are left out."""
    command = ["git", "-C", str(project), "-c", f"safe.directory={project}", "ls-files", "-z"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for name in sorted(filter(None, listed.split("\0"))):
        if (project / name).is_symlink() or (project / name).is_file():
            yield f"project/{name}", project / name


def entry_files(source: Path, target: str) -> Iterator[tuple[str, Path]]:
    """Yield the files of an entry with their names in the bundle."""
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            if path.is_symlink() or path.is_file():
                yield f"{target}/{path.relative_to(source)}", path
    else:
        yield target, source


class Content:
    """The files of a bundle.

    Args:
        job: The job.
    """

    def __init__(self, job: dict[str, Any]):
        self.paths: dict[str, Path] = dict(project_files(Path(job["project"])))
        # Records of artifacts without the times of their files, which differ on the other machine.
        self.records: dict[str, bytes] = {}
        self._known: dict[str, str] = {}
        for entry in job["entries"]:
            source, target = Path(entry["source"]), entry["target"]
            self.paths.update(entry_files(source, target))
            if (source / RECORD).is_file():
                record = json.loads((source / RECORD).read_text())
                record.pop("stamps", None)
                self.records[f"{target}/{RECORD}"] = json.dumps(record, sort_keys=True).encode()
                self._known.update(
                    {f"{target}/{name}": digest for name, digest in record["sha256"].items()}
                )

    def describe(self, name: str) -> dict[str, Any]:
        """Return the entry of a file in the manifest."""
        path = self.paths[name]
        if path.is_symlink():
            return {"link": str(path.readlink())}
        if name in self.records:
            data = self.records[name]
            return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "mode": 0o644}
        mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
        return {
            "sha256": self._known.get(name) or sha256_of(path),
            "size": path.stat().st_size,
            "mode": mode,
        }

    def add(self, archive: tarfile.TarFile, name: str, described: dict[str, Any]) -> None:
        """Write a file into the archive."""
        member = tarfile.TarInfo(name)
        if "link" in described:
            member.type, member.linkname = tarfile.SYMTYPE, described["link"]
            archive.addfile(member)
            return
        member.size, member.mode = described["size"], described["mode"]
        if name in self.records:
            archive.addfile(member, io.BytesIO(self.records[name]))
            return
        with self.paths[name].open("rb") as stream:
            archive.addfile(member, stream)


def sign(manifest: bytes, key: str) -> bytes:
    """Return the SSH signature of a manifest."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / MANIFEST
        path.write_bytes(manifest)
        subprocess.run(
            ["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", NAMESPACE, str(path)], check=True
        )
        return (Path(directory) / SIGNATURE).read_bytes()


def existing_manifest(output: Path) -> bytes:
    """Return the manifest of a bundle that exists; nothing if there is none, or if the file is something else."""
    try:
        with tarfile.open(output, "r|gz") as archive:
            first = archive.next()
            stream = archive.extractfile(first) if first and first.name == MANIFEST else None
            return stream.read() if stream else b""
    except (OSError, tarfile.TarError, EOFError):
        return b""


def write(job: dict[str, Any], content: Content, manifest: dict[str, Any], text: bytes) -> None:
    """Write the file. A killed run leaves only a file with the ending .part."""
    output = Path(job["output"])
    partial = output.with_name(output.name + ".part")
    with (
        partial.open("wb") as raw,
        gzip.GzipFile("", "wb", 1, raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, data in ((MANIFEST, text), (SIGNATURE, sign(text, job["key"]))):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        for name, described in manifest["files"].items():
            content.add(archive, name, described)
    partial.replace(output)


def main() -> None:
    """Write the bundle of the job unless it exists."""
    job = json.load(sys.stdin)
    output = Path(job["output"])
    content = Content(job)
    signer = " ".join(Path(job["key"] + ".pub").read_text().split()[:2])
    files = {name: content.describe(name) for name in content.paths}
    manifest = {"format": FORMAT, "about": job["about"], "signer": signer, "files": files}
    text = json.dumps(manifest, sort_keys=False).encode()
    changed = existing_manifest(output) != text
    if changed:
        write(job, content, manifest, text)
    written = {
        "file": str(output),
        "bytes": output.stat().st_size,
        "sha256": sha256_of(output),
        "signer": signer,
    }
    print(json.dumps({"changed": changed, **written}))


if __name__ == "__main__":
    try:
        main()
    except (OSError, subprocess.CalledProcessError) as problem:
        sys.exit(f"the bundle was not written: {problem}")
