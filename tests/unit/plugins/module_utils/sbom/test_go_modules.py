"""Tests of ``sbom.go_modules``."""

import shutil
import subprocess

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.sbom.go_modules import (
    GoModule,
    parse_modules,
    read_build,
)

LISTED = (
    "path\texample.org/app\n"
    "mod\texample.org/app\t(devel)\t\n"
    "dep\tgolang.org/x/text\tv0.3.0\th1:aaa=\n"
    "dep\texample.org/old\tv1.0.0\th1:bbb=\n"
    "=>\texample.org/new\tv1.2.0\th1:ccc=\n"
    "build\t-trimpath=true\n"
)
MODULES = [
    GoModule("example.org/app", "(devel)"),
    GoModule("golang.org/x/text", "v0.3.0", "h1:aaa="),
    GoModule("example.org/new", "v1.2.0", "h1:ccc="),
]


def text(value):
    length = len(value)
    prefix = bytearray()
    while length >= 0x80:
        prefix.append(length & 0x7F | 0x80)
        length >>= 7
    return bytes(prefix) + bytes([length]) + value


def program(listed=LISTED, toolchain=b"go1.24.4", flags=2, before=b""):
    head = b"\x7fELF" + before
    head += b"\0" * (-len(head) % 16)
    marked = b"s" * 16 + listed.encode() + b"e" * 16
    information = b"\xff Go buildinf:\x08" + bytes([flags]) + b"\0" * 16
    return head + information + text(toolchain) + text(marked) + b"more"


def test_a_replacement_takes_the_place_of_its_module():
    assert parse_modules(LISTED) == MODULES


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"\xff Go buildinf:",  # in a constant, not aligned
        b"\0" * 12 + b"\xff Go buildinf:\x08\x02" + b"\0" * 16 + text(b"no version"),
    ],
)
def test_the_information_of_the_linker_is_found(tmp_path, before):
    path = tmp_path / "program"
    path.write_bytes(program(before=before))
    build = read_build(path)
    assert (build.toolchain, build.modules) == ("go1.24.4", MODULES)


@pytest.mark.parametrize(
    "content",
    [b"", b"#!/bin/sh\n\xff Go buildinf:", b"\x7fELF without", program(flags=0), program()[:40]],
)
def test_other_files_have_no_modules(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    assert read_build(path) is None


@pytest.mark.skipif(not shutil.which("go"), reason="needs Go")
def test_agrees_with_go_version(tmp_path):
    (tmp_path / "go.mod").write_text("module example.org/app\n\ngo 1.21\n")
    (tmp_path / "main.go").write_text("package main\n\nfunc main() {}\n")
    command = ["go", "build", "-buildvcs=false", "-ldflags=-s -w", "-o", "app", "."]
    subprocess.run(command, cwd=tmp_path, check=True)
    said = subprocess.run(
        ["go", "version", "-m", "app"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    build = read_build(tmp_path / "app")
    assert said.splitlines()[0] == f"app: {build.toolchain}"
    assert [one.path for one in build.modules] == ["example.org/app"]
    assert f"\t{build.modules[0].version}" in said
