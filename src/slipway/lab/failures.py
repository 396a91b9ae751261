"""Explain a failure in a few lines: the task, the reason, and the next step."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slipway.lab.phases import Failure
from slipway.launcher import CommandLine

LINES = 8
# Keys in which our modules return advice, and others a second text besides `msg`.
ADVICE = ("advice", "hint", "next_step")
DETAILS = ("stderr", "module_stderr", "stdout", "module_stdout", "details", "reason")
# ssh prints it at the end of each command with a terminal. A script's own errors are then in its output.
SSH_END = re.compile(r"(Shared c|C)onnection to \S+ closed\.")

NEXT_STEPS: tuple[tuple[str, str], ...] = (
    (r"must have a tty",
     "sudo requires a terminal (requiretty): add 'Defaults:USER !requiretty' to the sudoers of that host,"
     " or turn pipelining off with ANSIBLE_PIPELINING=False"),
    (r"no space left on device|disk quota", "free disk space, then repeat the command"),
    (r"temporary failure (?:in name resolution|resolving)|could not resolve|name or service not known",
     "check the network and DNS: {doctor}"),
    (r"not valid yet|not yet valid|release file [^\n]*is expired|certificate has expired",
     "compare the clocks of the machine and the host with the real time: date --utc"),
    (r"no package matching|no installation candidate|unable to locate package",
     "see on that host why its repositories do not offer the package (a pin, a missing suite): apt-cache policy NAME"),
    (r"held packages|held broken packages",
     "list the packages that are held on that host: apt-mark showhold; release what is needed: apt-mark unhold NAME"),
    (r"unmet dependencies|fix-broken",
     "repair the packages of that host: sudo apt-get --fix-broken install"),
    (r"dpkg returned an error code|error processing package",
     "see which package of that host cannot be configured: sudo dpkg --configure --pending"),
    (r"is not signed|NO_PUBKEY|EXPKEYSIG|couldn't be verified",
     "correct or disable the repository named above in /etc/apt/sources.list.d of that host"),
    (r"conflicting values set for option signed-by",
     "leave one of the declarations of that repository in /etc/apt/sources.list.d of that host"),
    (r"unit \S+ is masked", "release it on that host: sudo systemctl unmask docker.service docker.socket"),
    (r"job for docker\.service failed|service docker: job",
     "see the reason on that host: journalctl --unit docker"),
    (r"controlpath.* too long|too long for unix domain socket",
     "give the sockets of SSH a short directory: export ANSIBLE_SSH_CONTROL_PATH_DIR=$XDG_RUNTIME_DIR/ssh"),
    (r"account is currently not available",
     "the user of that host has no login shell: set ansible_user to one that has, or give it one with chsh"),
    (r"failed to create temporary directory",
     "set ansible_remote_tmp of that host to a directory that its user can write to, for example /var/tmp/ansible"),
    (r"checksum|sha256", "repeat the command, which discards the bad download and fetches it again"),
    (r"cannot connect to the docker daemon|docker\.sock|error while fetching server api",
     "see what keeps Docker from running: {doctor}"),
    (r"address already in use|port is already allocated",
     "free the port; this names the program that uses it: {doctor}"),
    (r"missing sudo password|incorrect sudo password|a password is required",
     "allow sudo without a password, or add: -- --become-password-file FILE"),
    (r"urlopen error|status code was -1",
     "nothing answers at that address, or a firewall of the control machine drops the packets; this starts the lab's"
     " mirror when it is not running: {up}"),
    (r"could not get lock|dpkg[^\n]*lock|apt[^\n]*lock", "wait for the other package manager, then repeat the command"),
    (r"permission denied \(publickey", "the host refuses the lab's key; this repairs hosts of the lab: {up}"),
    (r"host key verification failed|host key .* changed",
     "SSH does not know the key of that host, or the key changed: connect once with ssh HOST, and compare the key; this"
     " repairs hosts of the lab: {up}"),
    (r"unsupported parameters|is not a valid|argument spec|validation of arguments failed"
     r"|is unknown to|unknown (?:services|sets|break):",
     "correct the variable named above"),
)  # fmt: skip


@dataclass(frozen=True)
class Explanation:
    """A failure for people and programs."""

    phase: str
    host: str
    task: str
    where: str
    reason: str
    next_step: str

    def as_dict(self) -> dict[str, str]:
        """Return it for JSON."""
        return dict(vars(self))


def explain(failure: Failure, root: Path, lines: CommandLine) -> Explanation:
    """Return the explanation of a failure.

    Args:
        failure: The failure that Ansible reported.
        root: The project's directory, which paths are shortened by.
        lines: Writes the commands that the advice names.
    """
    name = failure.task
    if failure.role and not name.startswith(f"{failure.role} :"):
        name = f"{failure.role} : {name}"
    text = reason(failure.result)
    return Explanation(
        phase=failure.phase,
        host=failure.host,
        task=name,
        where=failure.path.removeprefix(f"{root}/"),
        reason=text,
        next_step=next_step(failure, text, lines),
    )


def reason(result: dict[str, Any]) -> str:
    """Return why a task failed: its message, and the end of its output."""
    if result.get("censored"):
        return "hidden, because it can contain secrets (no_log)"
    loop = [item for item in result.get("results") or [] if isinstance(item, dict)]
    failed = [item for item in loop if item.get("failed") or item.get("unreachable")]
    if failed:
        item = failed[0].get("item")
        label = f"item {item}: " if isinstance(item, str | int) else ""
        return label + reason(failed[0])
    message = _text(result.get("msg")) or _text(result.get("exception"))
    lines = _tidy(message)
    for key in DETAILS:
        extra = [line for line in _tidy(_text(result.get(key))) if line not in lines]
        if extra and (key != "stdout" or not _tidy(_text(result.get("stderr")))):
            lines += extra[-LINES:]
            break
    url = _text(result.get("url"))
    if url and lines and url not in "\n".join(lines):
        lines[0] += f" ({url})"
    if len(lines) > 2 * LINES:
        lines = [*lines[:LINES], "...", *lines[-LINES:]]
    return "\n".join(lines) or "the module gave no reason; see the log"


def next_step(failure: Failure, text: str, lines: CommandLine) -> str:
    """Return what to do: the module's own advice first, then what the words point to."""
    for key in ADVICE:
        if advice := _text(failure.result.get(key)):
            return " ".join(advice.split())
    for pattern, step in NEXT_STEPS:
        if re.search(pattern, text, re.IGNORECASE | re.DOTALL):
            return lines.filled(step)
    if failure.unreachable:
        return lines.filled("see whether the host runs; this repairs hosts of the lab: {up}")
    return ""


def _text(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(_text(item) for item in value)
    return str(value) if isinstance(value, str | int | float) else ""


def _tidy(text: str) -> list[str]:
    lines = [line.rstrip() for line in text.splitlines()]
    return [line for line in lines if line and not SSH_END.fullmatch(line)]
