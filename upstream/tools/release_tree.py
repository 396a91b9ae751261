#!/usr/bin/env python3
"""Arrange programs as the release sites do, each with its checksum beside it.

Takes the target directory and a JSON object of programs by their path in the mirror. The layouts of the sites:
``kubernetes/VERSION/bin/linux/ARCH/NAME`` and ``NAME.sha256`` (dl.k8s.io/release, also read by
``minikube start --binary-mirror``), and ``minikube/VERSION/minikube-linux-ARCH`` (Minikube's releases).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path


def write_tree(root: Path, programs: dict[str, str]) -> None:
    """Write the tree below ``root``; programs are hard links where the file system allows it."""
    for name, source in programs.items():
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)
        with target.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        Path(f"{target}.sha256").write_text(digest)


if __name__ == "__main__":
    write_tree(Path(sys.argv[1]), json.loads(sys.argv[2]))
