"""Tests of ``slipway.classroom.results``."""

import hashlib
import json
import subprocess

import pytest

from slipway.classroom.results import NAMESPACE, verify_results
from slipway.errors import SlipwayError


@pytest.fixture
def results(tmp_path):
    """Signed results, and the public key."""
    key, folder = tmp_path / "key", tmp_path / "results"
    folder.mkdir()
    subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f", str(key)], check=True)
    (folder / "tasks.csv").write_text("class\n")
    checksum = hashlib.sha256(b"class\n").hexdigest()
    text = json.dumps({"class": "math", "time": "now", "files": {"tasks.csv": checksum}}).encode()
    (folder / "results.json").write_bytes(text)
    sign = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(key), "-n", NAMESPACE]
    done = subprocess.run(sign, input=text, capture_output=True, check=True)
    (folder / "results.json.sig").write_bytes(done.stdout)
    return folder, str(key.with_suffix(".pub"))


def test_unchanged_results_are_verified(results):
    assert verify_results(*results)["class"] == "math"


@pytest.mark.parametrize("name", ["tasks.csv", "results.json"])
def test_a_changed_file_is_found(results, name):
    file = results[0] / name
    file.write_text(file.read_text() + " ")
    with pytest.raises(SlipwayError):
        verify_results(*results)


def test_the_key_of_another_teacher(results, tmp_path):
    subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f", tmp_path / "b"], check=True)
    with pytest.raises(SlipwayError, match="not signed by this key"):
        verify_results(results[0], str(tmp_path / "b.pub"))


def test_a_directory_without_results(tmp_path):
    with pytest.raises(SlipwayError, match="results.json: No such file"):
        verify_results(tmp_path, "ssh-ed25519 AAAA")
