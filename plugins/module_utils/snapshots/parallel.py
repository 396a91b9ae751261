"""Run jobs beside one another, and end all when one fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")
Report = Callable[[str, int, int], None]
JOBS = 2


def run_all(
    jobs: Mapping[str, Callable[[], Result]], interrupt: Callable[[], None], report: Report
) -> dict[str, Result]:
    """Run jobs, two at a time; return their results by name.

    Args:
        jobs: The jobs by name, the longest first.
        interrupt: Ends the programs of all jobs.
        report: Gets the name of a job, the number of ended jobs and of all.

    Raises:
        Exception: The error of the first job that failed.
    """
    found: dict[str, Result] = {}
    with ThreadPoolExecutor(JOBS) as pool:
        futures = {name: pool.submit(job) for name, job in jobs.items()}
        try:
            for name, future in futures.items():
                report(name, len(found), len(jobs))
                found[name] = future.result()
        except BaseException:
            for future in futures.values():
                future.cancel()
            interrupt()
            raise
    return found
