"""Run the work of a module and turn its errors into a failed task."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import (
    InterruptedBySignalError,
    SlipwayError,
)

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_module(
    module: AnsibleModule,
    work: Callable[[AnsibleModule], dict],
    *,
    foreign_errors: tuple[type[Exception], ...] = (),
    on_signal: Callable[[], None] = lambda: None,
) -> None:
    """Exit the module with the result of its work, or fail it with the cause.

    The texts in the field ``warnings`` of a result become warnings of the task.

    Args:
        module: The module that runs.
        work: Does the work and returns the result of the module.
        foreign_errors: Errors of other libraries whose text is good enough for the user. A
            SlipwayError always fails the module and need not be named.
        on_signal: Cleans up when SIGINT or SIGTERM ends the module, for example ends a child
            process. InterruptedBySignalError is raised in ``work`` afterwards.
    """
    try:
        with _signals_as_errors(on_signal):
            result = work(module)
    except SlipwayError as error:
        _fail(module, error.message, error.result)
    except foreign_errors as error:
        _fail(module, str(error), {})
    else:
        _warn(module, result)
        module.exit_json(**result)


def _fail(module: AnsibleModule, message: str, fields: dict) -> None:
    result = {"changed": False, **fields}
    _warn(module, result)
    module.fail_json(msg=message, **result)


def _warn(module: AnsibleModule, result: dict) -> None:
    for text in result.pop("warnings", []):
        module.warn(text)


@contextlib.contextmanager
def _signals_as_errors(on_signal: Callable[[], None]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        # only the main thread may set handlers
        yield
        return

    def interrupt(number: int, _frame: object) -> None:
        # A signal to the whole group is often followed by another one, which must not cut the clean-up off.
        for one in SIGNALS:
            signal.signal(one, signal.SIG_IGN)
        on_signal()
        name = signal.Signals(number).name
        raise InterruptedBySignalError(f"interrupted by {name}; run the task again to continue")

    previous = {number: signal.signal(number, interrupt) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
