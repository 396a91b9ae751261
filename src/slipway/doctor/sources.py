"""Servers of software that can be reached, and why others cannot."""

from __future__ import annotations

import contextlib
import http.client
import re
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from slipway.doctor.checks import EVERYWHERE, Check
from slipway.doctor.findings import Finding, error, ok, warning
from slipway.doctor.machine import Machine
from slipway.doctor.variables import effective

TIMEOUT = 3.0
HOUR = 3600
# Causes in the words of OpenSSL, and what to do.
REMEDIES = (
    (
        "not yet valid|has expired",
        "compare the clock of this machine with the real time: date --utc",
    ),
    (
        "self.signed|issuer",
        "set slipway_ca to the certificate of the authority that your proxy uses",
    ),
)
USUAL_REMEDY = "check the network and the proxy variables (https_proxy, GOPROXY)"


class Answer(NamedTuple):
    """The outcome of a request.

    ``problem`` is the reason why it failed, empty if it did not. ``behind`` is the number of seconds by which
    the clock of the server is ahead of that of this machine.
    """

    problem: str = ""
    behind: float = 0


def sources(machine: Machine) -> Finding:
    """Find the source of software: official releases, or registries to build from."""
    wanted = effective(machine).get("slipway_source", "auto")
    release = release_file(machine)
    groups = [group for group in (apt_sources(machine), go_proxy(machine)) if group]
    urls = [url for group in groups for url in group]
    with ThreadPoolExecutor(max_workers=1 + len(urls)) as pool:
        asked = pool.submit(ask, release, strict=True)
        answers = dict(zip(urls, pool.map(ask, urls), strict=True))
    released = asked.result()
    if (behind := max(one.behind for one in (released, *answers.values()))) > HOUR:
        return error(
            f"the clock of this machine is {behind / HOUR:.0f} hours behind",
            "set the time: sudo timedatectl set-ntp true",
        )
    if wanted != "build" and not released.problem:
        return ok("official releases")
    if wanted == "release":
        message = f"{_host(release)} not reached: {released.problem}"
        return error(message, remedy(released, "set slipway_source: build, or a proxy"))
    # A dead repository among others does not prevent a lab.
    mute = [group[0] for group in groups if all(answers[url].problem for url in group)]
    if not mute:
        return ok("package registries: artifacts are built here, or come from the cache")
    message = " and ".join(f"{_host(url)} not reached: {answers[url].problem}" for url in mute)
    if any(not path.name.startswith("venv-") for path in machine.project.cache.glob("*/")):
        return warning(message, "what the cache holds is used; anything else will fail")
    return error(message, remedy(answers[mute[0]], USUAL_REMEDY))


def remedy(answer: Answer, usual: str) -> str:
    """Return what to do about a failed request."""
    return next((step for words, step in REMEDIES if re.search(words, answer.problem)), usual)


def release_file(machine: Machine) -> str:
    """Return the address of the small file by which roles/mirror, too, knows a release site."""
    base = machine.variables.get("mirror_release_kubernetes_url", "")
    version = (machine.variables.get("slipway_versions") or {}).get("kubernetes", "")
    return f"{base}/{version}/bin/linux/amd64/kubectl.sha256"


def apt_sources(machine: Machine) -> list[str]:
    """Return the first address in each file of APT's sources; a foreign one can come first, and be dead."""
    folder = machine.root / "etc/apt/sources.list.d"
    files = sorted([*folder.glob("*.list"), *folder.glob("*.sources")])
    paths = ["etc/apt/sources.list", *(str(path.relative_to(machine.root)) for path in files)]
    found = (next(addresses(machine.read(path)), "") for path in paths)
    return list(dict.fromkeys(url for url in found if url))


def addresses(text: str) -> Iterator[str]:
    """Yield the addresses in a file of APT's sources."""
    for line in text.splitlines():
        if not line.lstrip().startswith("#") and (found := re.search(r"https?://[^\s\]]+", line)):
            yield found[0]


def go_proxy(machine: Machine) -> list[str]:
    """Return the first address that Go asks for modules, if a Go is there to tell."""
    value = machine.environ.get("GOPROXY", "")
    tool = machine.which("go")
    if not value and tool:
        said = subprocess.run([tool, "env", "GOPROXY"], capture_output=True, text=True, check=False)
        value = said.stdout.strip()
    return [word for word in re.split(r"[,|]", value) if word.startswith("http")][:1]


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def ask(url: str, strict: bool = False) -> Answer:
    """Ask a server for the headers of an address, through the proxies of the environment.

    Args:
        url: The address.
        strict: Only the file itself will do; otherwise "not found" is an answer, too.
    """
    try:
        request = urllib.request.Request(url, method="HEAD")
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            problem = f"status {answer.status}" if strict and answer.status != 200 else ""
            return Answer(problem, _behind(answer.headers.get("Date")))
    except urllib.error.HTTPError as answer:
        accepted = not strict and answer.code in (301, 302, 400, 404, 405)
        return Answer(
            "" if accepted else f"status {answer.code}", _behind(answer.headers.get("Date"))
        )
    except urllib.error.URLError as problem:
        cause = problem.reason
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Answer(cause.verify_message)
        return Answer(str(cause))
    except (OSError, ValueError, http.client.HTTPException) as problem:
        return Answer(str(problem) or type(problem).__name__)


def _behind(date: str | None) -> float:
    """Return how far the time of an answer is in the future; a cache can only give an older one."""
    with contextlib.suppress(TypeError, ValueError):
        return max(0.0, parsedate_to_datetime(str(date)).timestamp() - time.time())
    return 0.0


CHECKS = (Check("sources", sources, EVERYWHERE),)
