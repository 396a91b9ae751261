"""Run the README's commands in the README's order as a new user does, without the cache and state of an earlier run.

A used machine hides missing steps. So the checkout is a copy of what git would keep, and the cache, the state,
the registry and the Go caches are new directories. The engine must carry no lab: the commands are those of the README,
with its default names and addresses. The run takes about an hour on 2 cores; most of it is building and lessons.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = "monitoring,logging,registry"
# A cold `up` without a terminal: a user must be able to read its log.
MAX_LINES = 300
COMMANDS = re.compile(r"^\$ \./slipway (\w+)", re.MULTILINE)


def docker(*arguments: str) -> str:
    """Return what docker prints; empty when no engine answers."""
    if not shutil.which("docker"):
        return ""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip()


class NewUser:
    """A user with a checkout and empty directories."""

    def __init__(self, home: Path):
        self.checkout = home / "slipway"
        self.logs = home / "logs"
        self.logs.mkdir()
        copy_checkout(self.checkout)
        kept = ("ANSIBLE_", "XDG_", "SLIPWAY_", "PYTHON", "PYTEST_", "VIRTUAL_ENV", "KUBECONFIG")
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(kept)},
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_STATE_HOME": str(home / "state"),
            "GOPATH": str(home / "go"),
            "LC_ALL": "C.UTF-8",
        }
        venv = str(Path(shutil.which("pytest") or "/").parent)
        path = [one for one in os.environ["PATH"].split(os.pathsep) if one != venv]
        self.environment["PATH"] = os.pathsep.join(path)

    def type(self, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Type ``./slipway WORDS``, without a terminal, and expect an exit code."""
        began = time.monotonic()
        done = subprocess.run(
            ["./slipway", *words], cwd=self.checkout, env=self.environment, text=True,
            stdin=subprocess.DEVNULL, capture_output=True, check=False,
        )  # fmt: skip
        seconds = time.monotonic() - began
        name = re.sub(r"\W+", "-", " ".join(words))[:40]
        (self.logs / f"{name}.log").write_text(done.stderr + done.stdout)
        print(f"$ ./slipway {' '.join(words)}   # {seconds:.0f} s, exit code {done.returncode}")
        assert done.returncode == code, done.stderr[-6000:] + done.stdout[-6000:]
        return done

    def type_json(self, *words: str) -> dict:
        """Type a command with ``--json``; return its document."""
        return json.loads(self.type(*words, "--json").stdout)


def copy_checkout(target: Path) -> None:
    """Copy the files that git keeps, uncommitted ones included."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if not (ROOT / name).exists() and not (ROOT / name).is_symlink():
            continue  # deleted, not yet committed
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, place, follow_symlinks=False)


@pytest.fixture(scope="module")
def user(tmp_path_factory):
    """A new user; the lab and everything that the user has made are removed at the end."""
    foreign = docker("ps", "--all", "--filter", "label=slipway=default", "--format", "{{.Names}}")
    assert not foreign, f"a lab named default exists ({foreign}); run ./slipway down first"
    for image in docker("images", "--quiet", "--filter", "reference=slipway/*").split():
        docker("image", "rm", image)  # one that another lab uses stays
    home = tmp_path_factory.mktemp("new-user")
    made = NewUser(home)
    yield made
    made.type("down")
    left = docker("ps", "--all", "--filter", "label=slipway=default", "--format", "{{.Names}}")
    for path in (home / "cache", home / "go"):
        subprocess.run(["chmod", "-R", "u+w", str(path)], check=False)  # Go protects its modules
        shutil.rmtree(path, ignore_errors=True)
    assert not left


def test_the_readme_has_these_commands_in_this_order():
    typed = COMMANDS.findall((ROOT / "README.md").read_text())
    order = [typed.index(name) for name in ("up", "status", "lesson", "report", "down")]
    assert order == sorted(order)


def test_up_from_nothing(user):
    user.type("up")
    assert user.type_json("status")["ready"] is True


def test_log_of_the_first_up_is_readable(user):
    lines = (user.logs / "up.log").read_text().splitlines()
    assert len(lines) <= MAX_LINES, f"{len(lines)} lines"


def test_second_up_changes_nothing(user):
    assert user.type_json("up")["changed"] == 0


def test_all_lessons(user):
    user.type("lesson", "all")
    lessons = [lesson["lesson"] for lesson in user.type_json("lesson", "list")["lessons"]]
    evidence = Path(user.environment["XDG_STATE_HOME"], "slipway/default/lessons")
    failed = {}
    for lesson in lessons:
        told = json.loads((evidence / f"{lesson}.json").read_text())
        failed[lesson] = [one["name"] for one in told["claims"] if one["passed"] is False]
    assert not any(failed.values()), failed


def test_report(user):
    user.type("report")
    assert (user.checkout / "slipway-report.html").stat().st_size > 10_000


def test_lessons_leave_the_lab_as_they_found_it(user):
    assert user.type_json("up")["changed"] == 0


def test_services(user):
    assert user.type_json("up", "--with", SERVICES)["ready"] is True
    told = user.type_json("lesson", "observability")
    assert [one for one in told["lessons"][0]["claims"] if one["passed"] is not True] == []
    assert user.type_json("up")["changed"] == 0


def test_down_leaves_nothing(user):
    user.type("down")
    assert not docker("ps", "--all", "--quiet", "--filter", "label=slipway=default")
    assert not docker("network", "ls", "--quiet", "--filter", "label=slipway=default")
    assert not docker("volume", "ls", "--quiet", "--filter", "label=slipway=default")
