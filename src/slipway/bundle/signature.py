"""Verify who made a bundle."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from slipway.errors import SlipwayError

# Purpose of the signature, the same as in roles/bundle/files/write_bundle.py.
NAMESPACE = "slipway-bundle"


class BundleError(SlipwayError):
    """A bundle cannot be loaded. The cache is unchanged."""


def verify_checksum(path: Path, expected: str) -> None:
    """Compare the file with a sha256.

    Raises:
        BundleError: The file is not readable or has another checksum.
    """
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise BundleError(f"{path}: {error.strerror}") from error
    if found != expected.lower().strip():
        raise BundleError(
            f"{path} has the sha256 {found}, not {expected}",
            "copy the file again, or ask its maker",
        )


def verify_signature(
    manifest: bytes, signature: bytes, signer: str, namespace: str = NAMESPACE
) -> None:
    """Verify the signature of a manifest.

    Args:
        manifest: The signed bytes.
        signature: An SSH signature.
        signer: A public key, or the path of a file with one.
        namespace: Purpose of the signature.

    Raises:
        BundleError: The key cannot be read, another key signed it, or ssh-keygen is missing.
    """
    if not shutil.which("ssh-keygen"):
        raise BundleError(
            "ssh-keygen, which verifies the signature, is not installed",
            "pass the checksum that `bundle save` printed instead: --sha256 DIGEST",
        )
    key = _public_key(signer)
    with tempfile.TemporaryDirectory() as directory:
        allowed, signed = Path(directory) / "allowed", Path(directory) / "signature"
        allowed.write_text(f'slipway namespaces="{namespace}" {key}\n')
        signed.write_bytes(signature)
        done = subprocess.run(
            ["ssh-keygen", "-Y", "verify", "-f", str(allowed), "-I", "slipway", "-n", namespace,
             "-s", str(signed)],
            input=manifest, capture_output=True, check=False,
        )  # fmt: skip
    if done.returncode != 0:
        reason = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise BundleError(
            f"it is not signed by this key ({reason})", "ask its maker for the public key"
        )


def _public_key(signer: str) -> str:
    text = signer
    if not signer.startswith(("ssh-", "ecdsa-", "sk-")):
        try:
            text = Path(signer).expanduser().read_text()
        except (OSError, UnicodeDecodeError) as error:
            raise BundleError(
                f"the public key {signer} cannot be read: {error}",
                "pass the key itself, or the path of its .pub file: --signed-by KEY",
            ) from error
    words = text.split()
    if len(words) < 2:
        raise BundleError(f"{signer} is not a public SSH key")
    return " ".join(words[:2])
