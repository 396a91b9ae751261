"""The record of a release, and the Secrets of helm."""

from __future__ import annotations

import base64
import gzip
import json

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.release import record
from support.kube_fake import Refused

RECORD = {"chart": "shop", "version": "1", "digest": "a", "mode": "install"}


@pytest.fixture
def client(cluster):
    return cluster.client


def helm_secret(api, revision, content=None, owner="helm"):
    data = content if content is not None else base64.b64encode(base64.b64encode(b"{}")).decode()
    labels = {"owner": owner, "name": "web", "version": str(revision), "status": "deployed"}
    return api.put("secrets", {
        "apiVersion": "v1", "kind": "Secret", "type": "helm.sh/release.v1",
        "metadata": {"name": f"sh.helm.release.v1.web.v{revision}", "namespace": "default", "labels": labels},
        "data": {"release": data},
    })  # fmt: skip


def test_the_record_is_on_the_set_and_can_be_taken_away(client, api):
    assert record.read_record(client, "default", "web") is None
    other = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "release.web", "annotations": {"x": "y"}},
    }
    api.apply("secrets", "default", "release.web", other, {"fieldManager": "slipway-applyset"})
    record.write_record(client, "default", "web", RECORD)
    assert record.read_record(client, "default", "web") == RECORD
    record.write_record(client, "default", "web", None)
    assert record.read_record(client, "default", "web") is None
    assert api.get("secrets", "release.web")["metadata"]["annotations"] == {"x": "y"}


def test_revisions_are_in_the_order_of_their_numbers(client, api):
    for revision in (10, 9, 2):
        helm_secret(api, revision)
    helm_secret(api, 11, owner="slipway")
    found = record.helm_revisions(client, "default", "web")
    assert [record.revision_of(one) for one in found] == [2, 9, 10]


def test_an_account_that_may_not_list_secrets_sees_no_revision(client, api):
    def refuse(method, path):
        raise Refused(403, "Forbidden", "no")

    api.faults.append(refuse)
    assert record.helm_revisions(client, "default", "web") == []
    api.faults[:] = [lambda method, path: (_ for _ in ()).throw(Refused(400, "BadRequest", "no"))]
    with pytest.raises(KubeError):
        record.helm_revisions(client, "default", "web")


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
def test_content_is_unpacked(api, pack):
    packed = base64.b64encode(base64.b64encode(pack(json.dumps({"manifest": "x"}).encode())))
    assert record.decoded(helm_secret(api, 1, packed.decode())) == {"manifest": "x"}


def test_other_content_is_an_error(api):
    with pytest.raises(KubeError, match=r"sh\.helm\.release\.v1\.web\.v1 is not a valid release"):
        record.decoded(helm_secret(api, 1, "!"))


def test_the_owner_of_the_secrets_changes_and_nothing_else(client, api):
    secret = helm_secret(api, 1)
    record.change_owner(client, [secret], "slipway")
    after = api.get("secrets", secret["metadata"]["name"])
    assert after["metadata"]["labels"] == {**secret["metadata"]["labels"], "owner": "slipway"}
    assert after["data"] == secret["data"]
