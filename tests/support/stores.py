"""The stores of metrics and logs, asked through the page of a lab as its pages do."""

import json
import urllib.parse
import urllib.request


class Stores:
    """The stores behind the page of a lab.

    Args:
        front: URL of the page.
    """

    def __init__(self, front):
        self.front = front.rstrip("/")

    def ask(self, path, **form):
        """Return what a service answers to a form."""
        data = urllib.parse.urlencode(form).encode()
        with urllib.request.urlopen(f"{self.front}/{path}", data, timeout=15) as answer:
            return answer.read().decode()

    def metrics(self, query):
        """Return what the store of metrics answers."""
        return json.loads(self.ask("metrics/prometheus/api/v1/query", query=query))["data"][
            "result"
        ]

    def logs(self, query):
        """Return the lines that the store of logs finds."""
        found = self.ask("logs/select/logsql/query", query=query)
        return [json.loads(line) for line in found.splitlines()]
