import os
import signal
import threading
from types import SimpleNamespace

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError
from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module


class Exited(Exception):
    """The fake module exited."""


class FakeModule:
    def __init__(self):
        self.exit = None
        self.failure = None
        self.warnings = []
        self.warn = self.warnings.append

    def exit_json(self, **result):
        self.exit = result
        raise Exited

    def fail_json(self, **result):
        self.failure = result
        raise Exited


def run(work, **settings) -> FakeModule:
    module = FakeModule()
    with pytest.raises(Exited):
        run_module(module, work, **settings)
    return module


def raising(error):
    def work(module):
        raise error

    return work


def test_result_of_the_work_ends_the_module():
    module = run(lambda module: {"changed": True, "value": 3})
    assert module.exit == {"changed": True, "value": 3}
    assert module.failure is None


def test_warnings_of_a_result_become_warnings_of_the_task():
    module = run(lambda module: {"warnings": ["old field"], "value": 3})
    assert module.warnings == ["old field"]
    assert module.exit == {"value": 3}


def test_own_error_fails_the_module_with_its_result_fields():
    module = run(raising(SlipwayError("no access", status=403, warnings=["slow"])))
    assert module.failure == {"msg": "no access", "changed": False, "status": 403}
    assert module.warnings == ["slow"]


def test_error_may_report_that_the_work_changed_something():
    module = run(raising(SlipwayError("stopped half way", changed=True)))
    assert module.failure["changed"] is True


def test_named_foreign_error_fails_the_module():
    module = run(raising(OSError("disk full")), foreign_errors=(OSError,))
    assert module.failure == {"msg": "disk full", "changed": False}


def test_other_errors_are_not_hidden():
    with pytest.raises(ZeroDivisionError):
        run_module(FakeModule(), raising(ZeroDivisionError()), foreign_errors=(OSError,))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_fails_the_module_after_the_clean_up(number):
    calls = []

    def work(module):
        os.kill(os.getpid(), number)
        calls.append("went on")

    module = run(work, on_signal=lambda: calls.append("cleaned up"))
    assert calls == ["cleaned up"]
    assert f"interrupted by {number.name}" in module.failure["msg"]


def test_another_signal_does_not_cut_the_clean_up_off():
    calls = []

    def clean_up():
        calls.append("began")
        os.kill(os.getpid(), signal.SIGTERM)
        calls.append("ended")

    run(lambda module: os.kill(os.getpid(), signal.SIGINT), on_signal=clean_up)
    assert calls == ["began", "ended"]


def test_signal_handlers_are_restored():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    inside = SimpleNamespace(handlers=None)

    def work(module):
        inside.handlers = [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)]
        return {}

    run(work)
    assert inside.handlers != before
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_module_runs_outside_of_the_main_thread():
    results = []
    thread = threading.Thread(target=lambda: results.append(run(lambda module: {"value": 1}).exit))
    thread.start()
    thread.join()
    assert results == [{"value": 1}]
