#!/usr/bin/env python3
"""Write the results of benchmarks to files, and fill the figures of the docs from these files.

Run it without arguments to fill every block between ``<!-- figures: NAME -->`` and ``<!-- end -->``.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks/results"
BLOCK = re.compile(r"(<!-- figures: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
PAGES = ("README.md", "docs/*.md", "roles/*/README.md")


def write(name: str, columns: list[str], rows: list[list[str]]) -> Path:
    """Write a table of figures with date, machine and revision to ``benchmarks/results/NAME.json``.

    Args:
        name: Name of the benchmark.
        columns: Titles of the columns.
        rows: Formatted cells, one list per row.
    """
    revision = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    result = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {memory:.0f} GiB of memory",
        "revision": revision,
        "columns": columns,
        "rows": rows,
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return path


def table(name: str) -> str:
    """Return the figures of a benchmark as Markdown; empty when it was never recorded."""
    path = RESULTS / f"{name}.json"
    if not path.exists():
        return ""
    result = json.loads(path.read_text(encoding="utf-8"))
    lines = [
        f"Measured on {result['date']} at revision {result['revision']} on {result['machine']}:",
        "",
    ]
    for cells in (result["columns"], ["---"] * len(result["columns"]), *result["rows"]):
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def fill(text: str) -> str:
    """Return a page with the blocks of figures filled."""
    return BLOCK.sub(lambda block: block[1] + table(block[2]) + block[4], text)


def pages() -> list[Path]:
    """Return the pages that may have figures."""
    return sorted(path for pattern in PAGES for path in ROOT.glob(pattern))


def main() -> None:
    """Fill the blocks of all pages."""
    for path in pages():
        text = path.read_text(encoding="utf-8")
        if fill(text) != text:
            path.write_text(fill(text), encoding="utf-8")
            print(f"updated {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
