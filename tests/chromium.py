"""A headless Chromium, steered by its DevTools protocol over pipes: what a page shows, and what it complains of."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
)
SETTLE = """new Promise((resolve, reject) => {
  const end = Date.now() + %d;
  const look = () => (%s) ? resolve(true) : Date.now() > end ? resolve(false) : setTimeout(look, 50);
  look();
})"""


class Browser:
    """One page; ``complaints`` are errors of scripts, of the console and of loading."""

    def __init__(self, profile: Path):
        ours, theirs = os.pipe(), os.pipe()
        give = (
            f"exec chromium {' '.join(FLAGS)} --user-data-dir={profile} 3<&{ours[0]} 4>&{theirs[1]}"
        )
        self._process = subprocess.Popen(
            ["bash", "-c", give], pass_fds=(ours[0], theirs[1]),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(ours[0])
        os.close(theirs[1])
        self._out, self._in = os.fdopen(ours[1], "wb", 0), os.fdopen(theirs[0], "rb", 0)
        self._rest, self._number, self._session = b"", 0, None
        self.complaints: list[str] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.ask(f"{domain}.enable")

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(BrokenPipeError, EOFError):
            self._session = None
            self.ask("Browser.close")
        self._process.wait(timeout=30)
        self._out.close()
        self._in.close()

    def open(self, url: str, width: int, until: str, dark: bool = False) -> None:
        """Open a page in a window of a width, and wait until an expression holds there."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        self.ask("Emulation.setEmulatedMedia", features=[scheme])
        self.ask("Page.navigate", url=url)
        assert self.value(SETTLE % (30000, until)), f"{until} did not come true on {url}"

    def value(self, expression: str) -> Any:
        """Return the value of an expression, in the page."""
        options = {"returnByValue": True, "awaitPromise": True}
        answer = self.ask("Runtime.evaluate", expression=expression, **options)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def picture(self, path: Path) -> None:
        """Save what is seen as PNG, the whole page."""
        shot = self.ask("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def ask(self, method: str, **params: Any) -> dict:
        """Send a command of the protocol and return its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        self._out.write(json.dumps(message).encode() + b"\0")
        while True:
            told = self._read()
            if told.get("id") == self._number:
                assert "error" not in told, told["error"]
                return told["result"]
            self._hear(told)

    def _read(self) -> dict:
        while b"\0" not in self._rest:
            chunk = self._in.read(1 << 16)
            if not chunk:
                raise EOFError("the browser ended")
            self._rest += chunk
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def _hear(self, event: dict) -> None:
        params = event.get("params", {})
        match event.get("method"):
            case "Runtime.exceptionThrown":
                self.complaints.append(str(params["exceptionDetails"]))
            case "Runtime.consoleAPICalled" if params["type"] in ("error", "warning", "assert"):
                self.complaints.append(str(params["args"]))
            case "Log.entryAdded" if params["entry"]["level"] in ("error", "warning"):
                self.complaints.append(str(params["entry"]))
