"""Tests of ``slipway.testing.runner``: an interrupted run ends all its processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from slipway.lab import processes

ROOT = Path(__file__).resolve().parents[4]
COMMAND = """
import sys
from pathlib import Path
from slipway.testing import layers, runner

folder = Path(sys.argv[1])
layers.LAYERS = (layers.Layer("only", "only", "one that never ends", layers.FAST),)
runner.GRACE_SECONDS = 0.5
sys.exit(runner.run_layers(folder, folder / "cache", "fast", (), folder / "junit", False, ()))
"""
CLEANING = """
import pathlib, pytest, time

@pytest.fixture
def lab():
    yield
    pathlib.Path({cleaned!r}).write_text("")

def test_never_ends(lab):
    pathlib.Path({started!r}).write_text("")
    time.sleep(600)
"""
# One process that obeys, one that does not and has left its group as well.
LAYER = """
import os, pathlib, subprocess

def test_never_ends():
    stubborn = "trap '' INT TERM HUP; echo >>{started}; while :; do sleep 0.1; done"
    subprocess.Popen(["sh", "-c", stubborn], start_new_session=True)
    pathlib.Path({run!r}).write_text(os.environ["SLIPWAY_RUN"])
    subprocess.run(["sleep", "600"])
"""


def wait_for(condition):
    limit = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.02)


@pytest.mark.slow
def test_a_signal_to_the_command_alone_ends_the_layer(tmp_path):
    started, run = tmp_path / "started", tmp_path / "run"
    (tmp_path / "only").mkdir()
    (tmp_path / "only/test_only.py").write_text(LAYER.format(started=started, run=str(run)))
    command = subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: started.exists() and run.exists() and run.read_text())
    mark = run.read_text()
    assert len(processes.of_run(mark)) >= 2
    command.send_signal(signal.SIGTERM)
    said, _ = command.communicate(timeout=30)
    assert command.returncode == 130 and said.endswith("interrupted\n")
    assert processes.of_run(mark) == []


@pytest.mark.slow
def test_fixtures_clean_up_in_the_background_of_a_shell_too(tmp_path):
    started, cleaned = tmp_path / "started", tmp_path / "cleaned"
    (tmp_path / "only").mkdir()
    (tmp_path / "only/test_only.py").write_text(
        CLEANING.format(started=str(started), cleaned=str(cleaned))
    )
    command = subprocess.Popen(
        [sys.executable, "-c", COMMAND.replace("0.5", "20"), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    wait_for(started.exists)
    command.send_signal(signal.SIGTERM)
    assert command.wait(timeout=30) == 130
    assert cleaned.exists()
