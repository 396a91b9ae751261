"""Tests of ``sbom.bill``."""

import json

from ansible_collections.slipway.lab.plugins.module_utils.sbom.bill import (
    Bill,
    debian_component,
    file_component,
    go_component,
    python_component,
)
from ansible_collections.slipway.lab.plugins.module_utils.sbom.debian_packages import DebianPackage
from ansible_collections.slipway.lab.plugins.module_utils.sbom.go_modules import GoModule
from ansible_collections.slipway.lab.plugins.module_utils.sbom.python_lock import PythonPackage


def made(*components, version="1.0"):
    bill = Bill("slipway", version)
    for component in components:
        bill.add(component)
    return bill


A, B = file_component("a", "a", "1" * 64), file_component("b", "b", "2" * 64)


def test_the_order_of_components_does_not_matter():
    assert made(A, B).text() == made(B, A, A).text()


def test_the_serial_number_follows_the_contents():
    numbers = {json.loads(one.text())["serialNumber"] for one in (made(A), made(A, B), made(A))}
    assert len(numbers) == 2 and all(one.startswith("urn:uuid:") for one in numbers)


def test_parts_that_are_no_components_are_left_out():
    bill = made(A, B)
    bill.contain("a", ["b", "missing"])
    assert json.loads(bill.text())["dependencies"] == [{"ref": "a", "dependsOn": ["b"]}]


def test_packages_have_urls():
    module = go_component(GoModule("golang.org/x/text", "v0.3.0+incompatible", "h1:x="))
    assert module["purl"] == "pkg:golang/golang.org/x/text@v0.3.0%2Bincompatible"
    assert module["properties"] == [{"name": "slipway:go.sum", "value": "h1:x="}]
    assert "properties" not in go_component(GoModule("stdlib", "1.24.4"))
    package = DebianPackage("libstdc++6", "1:2~x", "amd64", "debian-13")
    assert debian_component(package)["purl"] == (
        "pkg:deb/debian/libstdc%2B%2B6@1%3A2~x?arch=amd64&distro=debian-13"
    )
    assert debian_component(DebianPackage("a", "1", ""))["purl"] == "pkg:deb/debian/a@1"
    (reference,) = python_component(PythonPackage("a", "1", ("3" * 64,)))["externalReferences"]
    assert reference["hashes"] == [{"alg": "SHA-256", "content": "3" * 64}]
