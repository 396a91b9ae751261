#!/usr/bin/env python3
"""Write a bill of materials (CycloneDX 1.6) of a cache: what was built and downloaded, and what is in it.

Takes the directory of the cache, the lock file of the Python environment, the version of Slipway and the file to write.
Prints ``changed`` if the file has other contents now, and the number of components.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.sbom.bill import (
    Bill,
    debian_component,
    file_component,
    go_component,
    python_component,
)
from ansible_collections.slipway.lab.plugins.module_utils.sbom.debian_packages import read_packages
from ansible_collections.slipway.lab.plugins.module_utils.sbom.go_modules import (
    GoModule,
    read_build,
)
from ansible_collections.slipway.lab.plugins.module_utils.sbom.python_lock import parse_lock

RECORD = "artifact.json"


def records(cache: Path) -> Iterator[tuple[str, Path]]:
    """Yield ``SECTION/NAME/KEY`` and the directory of each complete artifact below a cache."""
    for path in sorted(cache.glob(f"*/*/[!.]*/{RECORD}")):
        yield path.parent.relative_to(cache).as_posix(), path.parent


def add_artifact(bill: Bill, reference: str, home: Path) -> None:
    """Add an artifact, its files, and the modules and packages in them."""
    record = json.loads((home / RECORD).read_text())
    section, name, key = reference.split("/")
    files = [
        bill.add(file_component(f"{reference}/{path}", path, digest))
        for path, digest in record["sha256"].items()
    ]
    bill.add({"type": "data", "bom-ref": reference, "group": section, "name": name, "version": key})
    sources = [f"{section}/{other}/{used}" for other, used in record.get("made_from", {}).items()]
    bill.contain(reference, [*files, *sources])
    for path in record["sha256"]:
        add_contents(bill, f"{reference}/{path}", home / path)


def add_contents(bill: Bill, reference: str, path: Path) -> None:
    """Add what is in a file: the modules of a program of Go, the packages of a root file system."""
    if path.is_symlink() or not path.is_file():
        return
    build = read_build(path)
    if build:
        toolchain = GoModule("stdlib", build.toolchain.removeprefix("go"))
        bill.contain(
            reference, [bill.add(go_component(one)) for one in (toolchain, *build.modules)]
        )
    elif path.name == "root.tar":
        bill.contain(reference, [bill.add(debian_component(one)) for one in read_packages(path)])


def compose(cache: Path, lock: Path, version: str) -> tuple[str, int]:
    """Return the text of the bill, and the number of its components."""
    bill = Bill("slipway", version)
    for reference, home in records(cache):
        add_artifact(bill, reference, home)
    environment = bill.add(
        {"type": "application", "bom-ref": "python-environment", "name": "python-environment"}
    )
    packages = parse_lock(lock.read_text())
    bill.contain(environment, [bill.add(python_component(one)) for one in packages])
    return bill.text(), len(bill)


def main(cache: str, lock: str, version: str, output: str) -> None:
    """Write the bill unless the file has the same contents."""
    text, number = compose(Path(cache), Path(lock), version)
    target = Path(output)
    if not target.exists() or target.read_text() != text:
        partial = target.with_name(f".{target.name}.part")
        partial.write_text(text)
        partial.replace(target)
        print("changed")
    print(f"{number} components")


if __name__ == "__main__":
    main(*sys.argv[1:])
