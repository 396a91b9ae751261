"""The output of scripts about the settings of a host."""

import base64

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_look import parse_look


def test_a_document_and_whether_its_replacement_was_interrupted():
    text = base64.b64encode(b"kind: Pod").decode()
    assert parse_look([f"manifest={text}", "interrupted=no"], "manifest") == (
        False,
        {"kind": "Pod"},
    )
    assert parse_look([f"manifest={text}", "interrupted=yes"], "manifest")[0]
