"""Programs beside a playbook are found again and ended, and no other with them."""

import os
import signal
import sys
import time

from ansible_collections.slipway.lab.plugins.module_utils.common import (
    background_process as background,
)

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal,time; signal.signal(2, signal.SIG_IGN); print(1, flush=True); time.sleep(60)",
]


def test_started_and_stopped(tmp_path):
    pid = background.start(tmp_path, "one", SLEEP)
    os.kill(pid, 0)
    assert background.stop(tmp_path, "one") is True
    assert background._born(pid) == ""
    assert background.stop(tmp_path, "one") is False


def test_one_that_does_not_listen_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(background, "PATIENCE", 0.5)
    pid = background.start(tmp_path, "one", STUBBORN)
    while not (tmp_path / "one.log").read_text():
        time.sleep(0.02)
    assert background.stop_all(tmp_path) == ["one"]
    assert background._born(pid) == ""


def test_a_process_that_took_over_the_id_is_left_alone(tmp_path):
    pid = background.start(tmp_path, "one", SLEEP)
    (tmp_path / "one.pid").write_text(f"{pid} 1")
    assert background.stop(tmp_path, "one") is False
    os.kill(pid, signal.SIGKILL)


def test_what_ends_by_itself_is_waited_for(tmp_path):
    pid = background.start(tmp_path, "one", [sys.executable, "-c", "pass"])
    background.wait(pid, 30)
    assert background._born(pid) == ""
