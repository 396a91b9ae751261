"""k9s in a terminal, on the real lab."""

import os
import re
import select
import subprocess
import termios
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

SIZE = (40, 160)
# The first start builds k9s.
BUILD_SECONDS = 3000
SCREEN_SECONDS = 120
# Bytes of the latest output that are searched: a build redraws its progress for minutes.
KEPT = 1 << 16
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>])")


class Screen:
    """The command in a terminal of its own, and what it has shown."""

    def __init__(self, slipway, home, *words):
        self._screen, keyboard = os.openpty()
        termios.tcsetwinsize(self._screen, SIZE)
        self._process = subprocess.Popen(
            ["setsid", "--ctty", str(slipway.root / "slipway"), *words],
            stdin=keyboard,
            stdout=keyboard,
            stderr=keyboard,
            env={**slipway.environment, "TERM": "xterm-256color", "LANG": "C.UTF-8", **home},
        )
        os.close(keyboard)
        self._shown = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        os.close(self._screen)

    @property
    def text(self):
        """Return what was shown, without colours and positions."""
        return ESCAPES.sub("", self._shown.decode(errors="replace"))

    def type(self, keys):
        """Type, and forget what was shown before."""
        self._shown = b""
        os.write(self._screen, keys.encode())

    def wait(self, text, seconds=SCREEN_SECONDS):
        """Wait until a text is shown."""
        limit = time.monotonic() + seconds
        while text not in self.text:
            assert time.monotonic() < limit, f"{text} is not shown: {self.text[-4000:]}"
            assert self._read(), f"ended before {text} was shown: {self.text[-4000:]}"

    def end(self, seconds=60):
        """Wait until the command has ended; return its exit code."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit and self._read():
            pass
        return self._process.wait(max(1, limit - time.monotonic()))

    def _read(self):
        """Read what is shown now; return whether the command runs."""
        if select.select([self._screen], [], [], 0.5)[0]:
            try:
                self._shown = (self._shown + os.read(self._screen, KEPT))[-KEPT:]
            except OSError:  # Linux reports the end of a terminal like this
                return False
        return True


@pytest.fixture
def home(tmp_path):
    """The variables of a user whose own kubeconfig and k9s must stay as they are."""
    folders = {name: tmp_path / name for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    for folder in folders.values():
        folder.mkdir()
    # The caches and the lab stay where they are.
    usual = {"XDG_CACHE_HOME": ".cache", "XDG_STATE_HOME": ".local/state"}
    usual = {name: os.environ.get(name) or Path.home() / path for name, path in usual.items()}
    return {name: str(path) for name, path in {**usual, **folders}.items()}


def test_the_pods_of_the_lab_are_on_the_screen(slipway, lab):
    found = slipway.run("kubectl", "get", "pods", "--output=name")
    pod = found.stdout.splitlines()[0].removeprefix("pod/")
    with Screen(slipway, {}, "ui") as screen:
        screen.wait(pod, BUILD_SECONDS)
        screen.wait("minikube")  # the context
        screen.type(":pods kube-system\r")
        screen.wait("kube-apiserver-minikube")
        screen.type(":q\r")
        assert screen.end() == 0
    assert "skipLatestRevCheck: true" in (slipway.state / "k9s/config.yaml").read_text()


def test_it_opens_at_once_changes_nothing_and_leaves_the_user_alone(slipway, lab, home):
    before, began = Path(lab["kubeconfig"]).read_bytes(), time.monotonic()
    with Screen(slipway, home, "ui", "--readonly", "--", "--command", "nodes") as screen:
        screen.wait(lab["nodes"][-1]["name"])
        assert time.monotonic() - began < 60
        screen.wait("[R]")
        screen.type(":q\r")
        assert screen.end() == 0
    assert Path(lab["kubeconfig"]).read_bytes() == before
    written = [path for path in Path(home["HOME"]).rglob("*") if path.is_file()]
    assert not [path for path in written if "/.kube/cache/" not in str(path)]
    assert not list(Path(home["XDG_CONFIG_HOME"]).iterdir())
    assert not list(Path(home["XDG_DATA_HOME"]).iterdir())


def test_without_a_terminal_it_says_so(slipway, lab):
    done = slipway.run("ui")
    assert done.returncode == 2 and "needs a terminal" in done.stderr
