"""Put the contents of a bundle into the cache, from where a lab is created without a network."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from slipway.bundle.archive import Bundle, opened
from slipway.bundle.signature import BundleError, verify_checksum, verify_signature
from slipway.errors import SlipwayError, UsageError

OFFLINE = "offline"
ABOUT = "bundle.json"
PACKAGES_DATE = "packages-date"


def default_cache() -> Path:
    """Return the cache of this user."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "slipway"


def load_bundle(
    path: Path, cache: Path, signer: str, sha256: str, report: Callable[[str], None]
) -> dict[str, Any]:
    """Verify a bundle and put its contents into the cache.

    Everything is unpacked and verified beside the cache first. Artifacts that the cache has already stay as they are.

    Args:
        path: The bundle.
        cache: Directory of the cache.
        signer: Public key that must have signed the bundle, or the path of a file with it. Empty does not verify it.
        sha256: Checksum that the file must have. Empty does not verify it.
        report: Gets lines of progress.

    Returns:
        The facts about the bundle in its manifest.

    Raises:
        UsageError: Neither a signer nor a checksum was given.
        BundleError: The bundle is not what it should be, or the machine cannot use it.
    """
    if not (signer or sha256):
        raise UsageError(
            "who made the bundle is not verified: pass --signed-by KEY or --sha256 DIGEST",
            "`bundle save` printed both on the machine that wrote the bundle",
        )
    if sha256:
        report("verifying the checksum")
        verify_checksum(path, sha256)
    with opened(path) as bundle:
        if signer:
            verify_signature(bundle.manifest, bundle.signature, signer)
        document = bundle.document()
        _check_machine(document, cache)
        _unpack(bundle, document, cache, report)
    about: dict[str, Any] = document["about"]
    return about


def _check_machine(document: dict[str, Any], cache: Path) -> None:
    machine = document["about"]["machine"]
    if machine != platform.machine():
        raise BundleError(
            f"the bundle is for {machine}, and this machine is {platform.machine()}",
            f"write one on a machine with {platform.machine()}",
        )
    needed = _total_size(document)
    cache.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(cache).free
    if free < needed * 1.05:
        raise BundleError(
            f"{cache} has {free >> 20} MB free, and the bundle needs {needed >> 20} MB",
            "free some space, or set XDG_CACHE_HOME",
        )


def _total_size(document: dict[str, Any]) -> int:
    return sum(one.get("size", 0) for one in document["files"].values())


def _unpack(
    bundle: Bundle, document: dict[str, Any], cache: Path, report: Callable[[str], None]
) -> None:
    total = _total_size(document)
    written = shown = 0

    def progress(count: int) -> None:
        nonlocal written, shown
        written += count
        percent = 100 * written // total
        if percent >= shown + 10:
            shown = percent - percent % 10
            report(f"unpacking and verifying, {shown} %")

    scratch = cache / ".bundle"
    shutil.rmtree(scratch, ignore_errors=True)  # of a run that was killed
    scratch.mkdir()
    try:
        bundle.extract(scratch, progress)
        _place(scratch, cache)
        about = scratch / ABOUT
        about.write_text(json.dumps(document["about"], indent=1))
        about.replace(cache / OFFLINE / ABOUT)
        # a part of the keys of the artifacts
        date = document["about"].get("packages_date") or ""
        if date:
            (cache / PACKAGES_DATE).write_text(date)
        else:
            (cache / PACKAGES_DATE).unlink(missing_ok=True)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _place(scratch: Path, cache: Path) -> None:
    """Move what was unpacked to its place. An artifact that is there has the same key, hence the same contents."""
    for section in ("artifacts", "hosts"):
        for source in sorted(scratch.glob(f"{section}/*/*")):
            target = cache / source.relative_to(scratch)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                source.rename(target)
    former = scratch / "former"
    if (cache / OFFLINE).exists():
        (cache / OFFLINE).rename(former)
    (scratch / OFFLINE).rename(cache / OFFLINE)


def arguments() -> argparse.ArgumentParser:
    """Return the parser of the launcher, with the options of the command ``bundle load``."""
    parser = argparse.ArgumentParser(prog="slipway bundle load", allow_abbrev=False)
    parser.add_argument("file", type=Path)
    parser.add_argument("--signed-by", default="", metavar="KEY")
    parser.add_argument("--sha256", default="", metavar="DIGEST")
    parser.add_argument("--json", action="store_true")
    return parser


def run(file: Path, signed_by: str, sha256: str, as_json: bool) -> None:
    """Load a bundle and print the result."""
    about = load_bundle(
        file, default_cache(), signed_by, sha256,
        lambda line: print(f"slipway: {line}", file=sys.stderr),
    )  # fmt: skip
    if as_json:
        print(json.dumps({"ok": True, **about}, indent=2))
    else:
        systems = ", ".join(about["systems"])
        print(f"The bundle is loaded. It has packages for {systems}. Next: ./slipway up")


def main(words: Sequence[str] | None = None) -> int:
    """Run for the launcher, before the Python environment exists; return the exit code."""
    given = arguments().parse_args(words)
    try:
        run(given.file, given.signed_by, given.sha256, given.json)
    except SlipwayError as problem:
        step = f"; {problem.next_step}" if problem.next_step else ""
        print(f"slipway: {problem}{step}", file=sys.stderr)
        if given.json:
            document = {"ok": False, "kind": problem.kind, "error": str(problem)}
            print(json.dumps({**document, "next_step": problem.next_step or None}, indent=2))
        return problem.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
