"""The launcher on bare Debian roots: no Go, no Docker, no venv module, no SSH client.

A machine that was used before hides missing steps, so each root is recreated. The checkout is
mounted read-only: the launcher writes to the cache alone.
"""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHECKOUT = "/srv/slipway"
# Settings of the machine that its package clients need to get out: proxies, trusted certificates.
HANDED_ON = ("_proxy", "_PROXY", "_CERT", "_CERT_FILE", "_CA_BUNDLE", "PIP_", "UV_")
# In a root, the host's lab is seen only as strange sockets and routes.
FOREIGN = {"ports", "networks"}

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(os.geteuid() != 0, reason="making a root needs root"),
]


class BareRoot:
    """A Debian root directory, in which commands run in namespaces of their own."""

    def __init__(self, path, suite, packages):
        self.path = path
        command = ["mmdebstrap", "--variant=minbase", suite, str(path)]
        if packages:
            command.insert(2, f"--include={packages}")
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        shutil.copy("/etc/resolv.conf", path / "etc/resolv.conf")
        (path / "srv/slipway").mkdir()
        self.environment = dict(self._settings())

    def _settings(self):
        """Yield the machine's settings; files that they name come along, out of APT's way."""
        for name, value in os.environ.items():
            if not (name.startswith(HANDED_ON) or name.endswith(HANDED_ON)):
                continue
            if value.startswith("/"):
                if not Path(value).is_file():
                    continue
                target = self.path / "srv/trust" / Path(value).name
                target.parent.mkdir(exist_ok=True)
                shutil.copy(value, target)
                value = f"/srv/trust/{target.name}"
            yield name, value

    def start(self, *command, user="0:0", **environment):
        """Start a command in the root; its process group is the caller's to end."""
        inside = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root" if user == "0:0" else "/tmp/home",
            **self.environment,
            **environment,
        }
        script = (
            'set -e; cd "$1"; mount -t proc proc proc; mount --rbind /sys sys;'
            ' mount --rbind /dev dev; mount --bind -o ro "$2" srv/slipway;'
            " mount -o remount,ro,bind srv/slipway; user=$3; shift 3;"
            ' exec chroot --userspec="$user" . env -i "$@"'
        )
        names = [f"{name}={value}" for name, value in inside.items()]
        return subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script, "sh",
             str(self.path), str(ROOT), user, *names, *command],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, start_new_session=True,
        )  # fmt: skip

    def run(self, *command, user="0:0", **environment):
        """Run a command in the root to its end."""
        process = self.start(*command, user=user, **environment)
        try:
            out, err = process.communicate(timeout=600)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def slipway(self, *arguments, **more):
        """Run the launcher in the root."""
        return self.run(f"{CHECKOUT}/slipway", *arguments, **more)

    def forget(self):
        """Remove the environment, but not the OS packages."""
        shutil.rmtree(self.path / "root/.cache/slipway", ignore_errors=True)


def make_root(factory, suite, packages):
    if not shutil.which("mmdebstrap"):
        subprocess.run(["apt-get", "update", "-q"], check=True)
        subprocess.run(["apt-get", "install", "-qy", "mmdebstrap"], check=True)
    path = factory.mktemp(suite)
    root = BareRoot(path / "root", suite, packages)
    return root, path


@pytest.fixture(scope="module", params=["trixie", pytest.param("bookworm", marks=pytest.mark.long)])
def root(request, tmp_path_factory):
    made, path = make_root(tmp_path_factory, request.param, "python3")
    yield made
    shutil.rmtree(path)


def findings(done):
    return {one["check"]: one for one in json.loads(done.stdout)["findings"]}


def test_without_rights_the_exact_command_is_named(root):
    done = root.slipway("doctor", user="1000:1000")
    assert done.returncode == 3
    assert "Run: sudo apt-get install -y python3." in done.stderr
    assert "-venv openssh-client" in done.stderr


def test_first_start_sets_itself_up_and_the_second_does_not(root):
    first = root.slipway("doctor", "--json")
    assert first.returncode in (0, 3), first.stderr
    for words in ("installing OS packages", "-venv", "openssh-client", "Python packages"):
        assert words in first.stderr
    told = findings(first)
    assert {name for name, one in told.items() if one["level"] == "error"} <= FOREIGN
    assert told["docker"]["message"] == "not installed; up installs it"
    assert told["go"]["message"].startswith("none")
    assert told["ssh"]["level"] == told["privileges"]["level"] == "ok"

    second = root.slipway("doctor", "--json")
    assert second.stderr == ""
    assert set(findings(second)) == set(told)


def test_ansible_runs_in_the_environment(root):
    script = 'eval "$(./slipway env)"; ansible localhost -m ansible.builtin.ping'
    done = root.run("sh", "-c", f"cd {CHECKOUT}; {script}", LC_ALL="C.UTF-8")
    assert "pong" in done.stdout, done.stderr


def test_a_python_that_only_pretends_is_passed_over(root):
    shim = root.path / "opt/shims/python3"
    shim.parent.mkdir(exist_ok=True)
    shim.write_text("#!/bin/sh\necho 'python3: command not found' >&2\nexit 127\n")
    shim.chmod(0o755)
    root.forget()
    done = root.slipway("--version", PATH="/opt/shims:/usr/sbin:/usr/bin:/sbin:/bin")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("slipway ")


def test_an_interrupted_set_up_is_resumed(root):
    root.forget()
    process = root.start(f"{CHECKOUT}/slipway", "--version")
    for line in process.stderr:
        if "Python packages" in line:
            break
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not list(root.path.glob("root/.cache/slipway/venv-*/.ready-run"))
    done = root.slipway("--version")
    assert done.returncode == 0, done.stderr


def test_two_first_starts_at_once(root):
    root.forget()
    both = [root.start(f"{CHECKOUT}/slipway", "--version") for _ in range(2)]
    said = [process.communicate(timeout=600) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("waiting for it" in err for _, err in said) == 1
    assert sum("Python packages" in err for _, err in said) == 1


def test_the_tests_environment_grows_out_of_the_first(root):
    done = root.slipway("test", "--layer", "unit", "--junit", "/tmp/junit", "--", "-k", "explain")
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed in " in done.stdout


def test_even_python_is_installed(tmp_path_factory):
    root, path = make_root(tmp_path_factory, "trixie", "")
    done = root.slipway("doctor", "--json")
    assert done.returncode in (0, 3), done.stderr
    assert "python3 python3-venv openssh-client" in done.stderr
    assert findings(done)["ssh"]["level"] == "ok"
    shutil.rmtree(path)


@pytest.mark.long
def test_the_command_works_with_the_systems_python_and_its_ansible(root):
    layers = ("--layer", "style", "--layer", "unit", "--layer", "command")
    done = root.slipway("test", *layers, "--junit", "/tmp/junit")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
