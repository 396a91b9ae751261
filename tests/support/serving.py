"""A server of pages in a thread."""

import contextlib
import threading

from slipway.course.server import PageServer


@contextlib.contextmanager
def serving(*words, **named):
    """Serve within this block; give the server."""
    server = PageServer(*words, **named)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(30)
        assert not thread.is_alive(), "the server did not end"
