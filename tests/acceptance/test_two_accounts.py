"""Two accounts have a lab each on one engine, at the same time: neither changes the other's, or its app's answers."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest

from support.lab import ROOT
from support.load import Load

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(os.getuid() != 0, reason="creates an account"),
]
USER = "slipway-test"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "slipway"
KEPT = (
    "PATH", "GOPROXY", "GOFLAGS", "GONOSUMDB", "GOSUMDB", "PIP_INDEX_URL", "SSL_CERT_FILE",
    "https_proxy", "http_proxy", "no_proxy",
)  # fmt: skip


class Account:
    """An account with a checkout and a state of its own.

    Args:
        name: Name of the account.
        home: Its home directory.
        checkout: The checkout that it uses.
        lab: Name of its lab.
    """

    def __init__(self, name: str, home: Path, checkout: Path, lab: str):
        self.name, self.home, self.checkout, self.lab = name, home, checkout, lab
        self.environment = {key: os.environ[key] for key in KEPT if key in os.environ}
        self.environment |= {"HOME": str(home), "USER": name, "LC_ALL": "C.UTF-8"}
        if name == "root":
            self.environment |= {"XDG_CACHE_HOME": str(CACHE.parent)}

    def start(self, *words: str) -> subprocess.Popen[str]:
        variables = [f"{key}={value}" for key, value in self.environment.items()]
        return subprocess.Popen(
            ["runuser", "-u", self.name, "--", "env", "-i", *variables, *words],
            cwd=self.checkout,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, code: int = 0) -> str:
        return finish(self.start(*words), code)

    def slipway(self, command: str, *words: str, code: int = 0, lab: str = "") -> dict:
        own = [] if command == "list" else ["--lab", lab or self.lab]
        return json.loads(self.run("./slipway", command, *own, *words, "--json", code=code))


def finish(process: subprocess.Popen[str], code: int = 0) -> str:
    out, err = process.communicate(timeout=3000)
    assert process.returncode == code, err[-6000:] + out[-2000:]
    return out


@pytest.fixture(scope="module")
def accounts(tmp_path_factory):
    """Root, and an account that may use sudo and Docker; the account is removed with its labs at the end."""
    had_sudo = shutil.which("sudo")
    if not had_sudo:
        subprocess.run(["apt-get", "install", "--yes", "-qq", "sudo"], check=True)
    subprocess.run(["useradd", "--create-home", "--shell", "/bin/bash", USER], check=True)
    home = Path(pwd.getpwnam(USER).pw_dir)
    rule = Path("/etc/sudoers.d") / USER
    rule.write_text(f"{USER} ALL=(ALL) NOPASSWD: ALL\n")
    rule.chmod(0o440)
    try:
        checkout = home / "slipway"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(checkout)], check=True)
        # A copy saves builds of half an hour. Only the owner of a cache writes to it.
        (home / ".cache/slipway").mkdir(parents=True)
        for name in ("artifacts", "hosts"):
            shutil.copytree(CACHE / name, home / ".cache/slipway" / name, symlinks=True)
        subprocess.run(["chown", "-R", f"{USER}:", str(home)], check=True)
        root = Account("root", tmp_path_factory.mktemp("root"), ROOT, "first")
        second = Account(USER, home, checkout, "second")
        yield root, second
        root.run("./slipway", "down", "--lab", "second", "--quiet")
        root.run("./slipway", "down", "--quiet", "--lab", "first")
    finally:
        rule.unlink()
        subprocess.run(["pkill", "-KILL", "-u", USER], check=False)
        subprocess.run(["userdel", "--remove", USER], check=False)
        if not had_sudo:
            forced = {**os.environ, "SUDO_FORCE_REMOVE": "yes"}
            subprocess.run(["apt-get", "purge", "--yes", "-qq", "sudo"], env=forced, check=True)


@pytest.fixture(scope="module")
def labs(accounts):
    """A lab of each account, created at the same time: the documents of ``up``."""
    started = [one.start("./slipway", "up", "--lab", one.lab, "--json") for one in accounts]
    outputs = [process.communicate(timeout=3000) for process in started]
    assert [process.returncode for process in started] == [0, 0], [
        err[-4000:] for _, err in outputs
    ]
    return [json.loads(out) for out, _ in outputs]


def listed(account):
    found = account.slipway("list")["labs"]
    return {one["name"]: one for one in found if one["name"] in ("first", "second")}


def test_both_labs_are_listed_with_their_owners_and_networks(accounts, labs):
    for account in accounts:
        found = listed(account)
        assert {name: one["owner"] for name, one in found.items()} == {"first": "root", "second": USER}  # fmt: skip
        assert {one["state"] for one in found.values()} == {"running"}
        assert len({one["subnet"] for one in found.values()}) == 2
        assert all(one["memory"] > 2**28 and one["disk"] > 2**28 for one in found.values())


@pytest.mark.parametrize("command", ["up", "stop", "start", "down", "rebuild"])
def test_the_lab_of_another_account_is_refused(accounts, labs, command):
    _, second = accounts
    with Load(labs[0]["app"]["url"]) as load:
        refusal = second.slipway(command, lab="first", code=3 if command != "start" else 4)
    assert refusal["kind"] == ("foreign-lab" if command != "start" else "no-lab")
    assert load.failures == []


@pytest.mark.parametrize("playbook", ["site", "stop", "start", "teardown"])
def test_the_playbooks_refuse_it_too(accounts, labs, playbook):
    root, second = accounts
    line = 'eval "$(./slipway env)" && ansible-playbook -i inventories/lab -e slipway_lab=first'
    with Load(labs[0]["app"]["url"]) as load:
        out = second.run("sh", "-c", f"{line} playbooks/{playbook}.yml", code=2)
    assert "The lab first belongs to root (uid 0)" in " ".join(out.split())
    assert load.failures == []
    assert listed(root)["first"]["stopped"] == []


def test_the_end_of_one_lab_leaves_the_other(accounts, labs):
    root, second = accounts
    with Load(labs[0]["app"]["url"]) as load:
        second.slipway("stop")
        assert second.slipway("start")["ready"]
        second.slipway("down")
        again = second.slipway("up")
    assert load.failures == [] and load.requests > 100
    with Load(again["app"]["url"]) as load:
        root.slipway("down")
        assert set(listed(second)) == {"second"}
    assert load.failures == [] and load.requests > 100
    second.slipway("down")
    assert listed(second) == {}
