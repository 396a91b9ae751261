#!/usr/bin/env python3
"""Lay programs out as the upstream sites do, each with its checksum beside it.

Takes the target directory and a JSON mapping of path in the mirror to program. The sites' layouts:
``kubernetes/VERSION/bin/linux/ARCH/NAME`` and ``NAME.sha256`` (dl.k8s.io/release), which
``minikube start --binary-mirror`` reads too, and ``minikube/VERSION/minikube-linux-ARCH`` (Minikube's releases).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path


def main() -> None:
    """Make the tree; programs are hard links where the file system allows it."""
    root = Path(sys.argv[1])
    for name, source in json.loads(sys.argv[2]).items():
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
    main()
