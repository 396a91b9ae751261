"""A server on the control machine with a certificate of the authority."""

import http.server
import os
import ssl
import threading
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def server():
    """Return the address of the server."""
    directory = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "server.crt", directory / "server.key")
    listener = http.server.ThreadingHTTPServer(
        ("10.213.14.1", 0), http.server.BaseHTTPRequestHandler
    )
    listener.socket = context.wrap_socket(listener.socket, server_side=True)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    yield f"10.213.14.1:{listener.server_port}"
    listener.shutdown()
