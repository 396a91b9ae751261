"""Starts of the launcher ``slipway`` in odd environments, before it has an environment of Python."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
# No package index answers, so an installation ends soon.
NO_INDEX = {"PIP_INDEX_URL": "http://127.0.0.1:9", "PIP_RETRIES": "0", "UV_HTTP_RETRIES": "0"}


def start(*words, without=(), prefix=(), **environ):
    kept = {name: value for name, value in os.environ.items() if name not in without}
    return subprocess.run(
        [*prefix, ROOT / "slipway", *words], env=kept | environ,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_the_home_of_the_account_is_used_without_one_in_the_environment(tmp_path):
    done = start(without=("HOME",), XDG_CACHE_HOME=str(tmp_path), _SLIPWAY_COMPLETE="bash_source")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_cache_that_cannot_be_written_is_named():
    done = start("--version", XDG_CACHE_HOME="/dev/null/cache")
    assert done.returncode == 3
    assert "may not write to /dev/null/cache/slipway" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_cache_without_programs_is_named(tmp_path):
    mount = f'mount -t tmpfs -o noexec none {tmp_path} && exec "$@"'
    prefix = ("unshare", "--mount", "sh", "-c", mount, "sh")
    done = start("--version", prefix=prefix, XDG_CACHE_HOME=str(tmp_path))
    assert done.returncode == 3
    assert "noexec" in done.stderr
    assert "XDG_CACHE_HOME" in done.stderr


@pytest.mark.slow
def test_an_environment_without_its_interpreter_is_made_anew(tmp_path):
    locks = [(ROOT / f"requirements/{name}.lock").read_bytes() for name in ("run", "test")]
    key = hashlib.sha256(b"".join(locks)).hexdigest()[:12]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    venv = tmp_path / f"slipway/venv-{key}-{version}"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").symlink_to("/opt/removed/python")
    for mark in (".made", ".ready-run"):
        (venv / mark).touch()
    done = start(
        "--version", XDG_CACHE_HOME=str(tmp_path), SLIPWAY_PYTHON=sys.executable,
        PYTHONHOME="/nonexistent", PIP_USER="1", **NO_INDEX,
    )  # fmt: skip
    assert "creating a Python" in done.stderr
    assert "--user" not in done.stderr
    assert (venv / "bin/python").exists()
