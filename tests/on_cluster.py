"""What the tests of the workload modules share: an application, and a look at results."""

import time

IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.59"
SERVE = ["/agnhost", "netexec", "--http-port=8080"]
# no registry answers there, so the pull fails for a reason that could pass: the task says how long
BAD_IMAGE = "127.0.0.1:1/no-such:1"
PROBE = {"readiness": {"http": "/healthz", "period": 1}}
APP = {"image": IMAGE, "command": SERVE, "ports": ["80:8080"], "probes": PROBE}


def good(result):
    """The result of a module that must not have failed."""
    assert not result.get("failed"), result["msg"]
    return result


def soon(look, expected, seconds=20):
    """Assert that what controllers write after the module's own wait comes to be as expected."""
    until = time.monotonic() + seconds
    while (seen := look()) != expected:
        assert time.monotonic() < until, f"{seen!r} after {seconds} s, expected {expected!r}"
        time.sleep(0.2)
