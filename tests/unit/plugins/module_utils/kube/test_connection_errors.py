import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.connection_errors import unreachable

HOST = "https://10.0.0.1:8443"


@pytest.mark.parametrize(
    ("text", "cause", "final", "sent"),
    [
        ("[SSL] certificate has expired", "its certificate has expired", True, False),
        ("Connection refused", "nothing listens there", False, False),
        ("No route to host", "no route to it", False, False),
        ("Failed to resolve 'lab'", "its name does not resolve", True, False),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number", "http instead of https", True, False),
        ("Read timed out. (read timeout=60)", "did not answer", False, True),
        (
            "('Unable to connect to proxy', OSError('Tunnel connection failed: 407 Required'))",
            "the proxy refused to connect (",
            True,
            False,
        ),
        (
            "('Unable to connect to proxy', NewConnectionError('[Errno 111] Connection refused'))",
            "the proxy (option proxy, proxy-url or HTTPS_PROXY) does not answer (",
            False,
            False,
        ),
        ("something else", "something else", False, True),
        ("some SSL trouble", "some SSL trouble", True, True),
    ],
)
def test_known_problems(text, cause, final, sent):
    error = unreachable(HOST, OSError(text))
    assert HOST in str(error)
    assert cause in str(error)
    assert (error.final, error.sent) == (final, sent)


def test_only_the_innermost_reason_is_shown():
    nested = "Max retries exceeded (Caused by SSLError('certificate verify failed: self-signed'))"
    text = str(unreachable(HOST, OSError(nested)))
    assert "(SSLError('certificate verify failed: self-signed)" in text
    assert "Max retries" not in text
    assert "see ca_cert" in text
