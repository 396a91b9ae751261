"""Run a module of ``library/`` in this process, as Ansible would, and give back its result."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import signal
from functools import cache
from pathlib import Path

from ansible.module_utils import _internal
from ansible.module_utils.common import warnings
from ansible.module_utils.testing import patch_module_args

INTERRUPTED = "interrupted by SIG"
LIBRARY = Path(__file__).resolve().parents[2] / "library"


@cache
def load(name: str):
    spec = importlib.util.spec_from_file_location(f"slipway_module_{name}", LIBRARY / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_module(name: str, /, check: bool = False, diff: bool = False, **options) -> dict:
    """The JSON that the module printed, with ``rc``. Anything but a clean exit is an error of the test."""
    args = {**options, "_ansible_check_mode": check, "_ansible_diff": diff}
    printed = io.StringIO()
    with patch_module_args(args), _own_process_settings(), contextlib.redirect_stdout(printed):
        try:
            load(name).main()
            raise AssertionError("the module did not exit")
        except SystemExit as leaving:
            code = leaving.code or 0
    result = json.loads(printed.getvalue())
    if str(result.get("msg", "")).startswith(INTERRUPTED):
        raise KeyboardInterrupt  # meant for the tests; the module took it for itself
    return {**result, "rc": code}


@contextlib.contextmanager
def _own_process_settings():
    """Undo what a module sets for its process, which is its own only outside of tests.

    Another test may have imported Ansible's controller into this process. A module would then
    print its warnings instead of returning them.
    """
    numbers = (signal.SIGINT, signal.SIGTERM)
    handlers = [signal.getsignal(number) for number in numbers]
    umask = os.umask(0o022)
    os.umask(umask)
    controller, _internal.is_controller = _internal.is_controller, False
    warnings._global_warnings.clear()
    warnings._global_deprecations.clear()
    try:
        yield
    finally:
        _internal.is_controller = controller
        os.umask(umask)
        for number, handler in zip(numbers, handlers, strict=True):
            signal.signal(number, handler)
