"""Load on addresses that must answer all the time."""

import itertools
import ssl
import threading
import time
import urllib.request


class Load:
    """Requests addresses in turn, each on a new connection, until it is stopped."""

    def __init__(self, *urls: str, pause: float = 0.1):
        self.pause, self.requests, self.failures = pause, 0, []
        self._turns = itertools.cycle(urls)
        self._trust_all = ssl.create_default_context()
        self._trust_all.check_hostname, self._trust_all.verify_mode = False, ssl.CERT_NONE
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._ended.set()
        self._thread.join()

    def ask(self) -> str:
        """Request the next address; return what failed, or nothing."""
        url = next(self._turns)
        context = self._trust_all if url.startswith("https:") else None
        try:
            with urllib.request.urlopen(url, timeout=3, context=context) as answer:
                answer.read()
        except OSError as error:
            return f"{url} {error!r}"
        return ""

    def _run(self) -> None:
        while not self._ended.wait(self.pause):
            self.requests += 1
            if failure := self.ask():
                self.failures.append(f"{time.strftime('%H:%M:%S')} {failure}")
