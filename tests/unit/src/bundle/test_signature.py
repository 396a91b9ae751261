"""Tests of ``slipway.bundle.signature``."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from slipway.bundle.archive import opened
from slipway.bundle.signature import BundleError, verify_checksum, verify_signature


def check(made, signer, manifest=None):
    with opened(made.path) as bundle:
        verify_signature(manifest or bundle.manifest, bundle.signature, signer)


def test_the_key_of_the_maker_is_accepted_as_text_and_as_a_file(made):
    check(made, made.result["signer"])
    check(made, made.job["key"] + ".pub")


def test_another_key_is_refused(made, tmp_path):
    other = tmp_path / "other"
    subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f", str(other)], check=True)
    with pytest.raises(BundleError, match="not signed by this key"):
        check(made, f"{other}.pub")


def test_a_changed_manifest_is_refused(made):
    with pytest.raises(BundleError, match="not signed by this key"):
        check(made, made.result["signer"], b"{}")


@pytest.mark.parametrize("signer", ["none.pub", "ssh-ed25519"])
def test_what_is_no_key_is_named(made, signer):
    with pytest.raises(BundleError, match=signer):
        check(made, signer)


def test_without_ssh_keygen_the_checksum_is_the_way(made, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(BundleError) as failed:
        check(made, made.result["signer"])
    assert "--sha256" in failed.value.next_step


def test_the_checksum_is_compared(made):
    verify_checksum(made.path, made.result["sha256"].upper())
    with pytest.raises(BundleError, match=made.result["sha256"]):
        verify_checksum(made.path, "0" * 64)
    with pytest.raises(BundleError, match="No such file"):
        verify_checksum(made.path.with_name("none"), "0" * 64)
