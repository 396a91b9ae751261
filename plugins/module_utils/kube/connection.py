"""The parts of a connection to an API server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

POOL_SIZE = 48
USER_AGENT = "slipway"


class Connection(NamedTuple):
    """A way to an API server.

    Args:
        host: Its URL.
        pool: The PoolManager of urllib3 that sends the requests.
        headers: Headers of each request.
        authorization: Returns the header of that name; empty without one.
        impersonation: The headers for the account that the user of the kubeconfig impersonates.
        configuration: The settings of the official client, if it made the connection.
    """

    host: str
    pool: Any
    headers: dict[str, str]
    authorization: Callable[[], str]
    impersonation: list[tuple[str, str]]
    configuration: Any = None
