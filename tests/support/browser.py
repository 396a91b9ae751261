"""A headless Chromium, spoken to by the DevTools protocol: the text, the width and the picture of a page."""

import base64
import itertools
import json
import shutil
import subprocess
import tempfile
import urllib.request
from pathlib import Path

import websocket

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
SETTLE = """new Promise(resolve => {
  const end = Date.now() + 30000;
  const look = () => (%s) ? resolve(true) : Date.now() > end ? resolve(false) : setTimeout(look, 50);
  look();
})"""
# The width that a page needs, and its faults after the source of axe-core was run in it.
WIDE = "document.documentElement.scrollWidth"
RUN_AXE = """
axe.run({preload: false}).then(found => found.violations.map(
  one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 160)).slice(0, 3).join(' | ')))
"""
PROBLEMS = ("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled")


def program(package, *names):
    """Return the path of a program by one of its names; its package is installed where there is none."""
    if not any(map(shutil.which, names)):
        for step in (["update", "-q"], ["install", "-qy", "--no-install-recommends", package]):
            subprocess.run(["apt-get", *step], check=True, stdout=subprocess.DEVNULL)
    return next(filter(None, map(shutil.which, names)))


class Browser:
    """One browser with one page; ``problems`` is what the page complained of."""

    def __init__(self):
        self._profile = tempfile.TemporaryDirectory(
            prefix="slipway-browser-", ignore_cleanup_errors=True
        )
        self._process = subprocess.Popen(
            [
                program("chromium", *NAMES),
                *FLAGS,
                f"--user-data-dir={self._profile.name}",
                "about:blank",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for line in self._process.stderr:
            if "DevTools listening on ws://" in line:
                address = line.split("ws://")[1].split("/")[0]
                break
        else:
            raise AssertionError("Chromium did not start")
        with urllib.request.urlopen(f"http://{address}/json") as answer:
            page = next(one for one in json.load(answer) if one["type"] == "page")
        self._socket = websocket.create_connection(page["webSocketDebuggerUrl"], timeout=60)
        self._numbers = itertools.count(1)
        self.problems = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        """Call a method of the protocol, and record the messages of the page."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = self._receive()
            if message.get("id") == number:
                assert "error" not in message, message["error"]
                return message["result"]

    def _receive(self):
        message = json.loads(self._socket.recv())
        if message.get("method") in PROBLEMS:
            self.problems.append(message["params"])
        return message

    def open(self, address, width, dark=False, until="true"):
        """Open a page at a width, and wait until an expression holds there."""
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", features=scheme)
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        self.call("Page.navigate", url=address)
        while self._receive().get("method") != "Page.loadEventFired":
            pass
        assert self.run(SETTLE % until), f"{until} did not come true on {address}"

    def run(self, script):
        """Run a script in the page; return what it evaluates to."""
        told = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def screenshot(self, path, whole=True):
        """Write what the page looks like."""
        told = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        Path(path).write_bytes(base64.b64decode(told["data"]))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """End the browser."""
        self._socket.close()
        self._process.terminate()
        self._process.wait()
        self._profile.cleanup()
