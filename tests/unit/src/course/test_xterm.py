"""Tests of ``slipway.course.xterm``."""

import base64
import dataclasses
import hashlib
import http.server
import io
import os
import tarfile
import threading
from functools import partial

import pytest
import yaml

from slipway.course import xterm
from slipway.course.xterm import load_xterm
from slipway.errors import SlipwayError


def archive(*paths):
    """Return a package with these files, each of which contains its path."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as content:
        for path in paths:
            member = tarfile.TarInfo(f"package/{path}")
            member.size = len(path)
            content.addfile(member, io.BytesIO(path.encode()))
    return made.getvalue()


@pytest.fixture
def registry(tmp_path, monkeypatch):
    """A registry on loopback, and no npm; ``registry.asked`` has the paths that it was asked for."""
    root = tmp_path / "registry"
    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            super().do_GET()

        def log_message(self, *words):
            pass

    for name, paths in xterm.FILES.items():
        (root / name / "-").mkdir(parents=True)
        (root / name / f"-/{name.split('/')[1]}-1.0.0.tgz").write_bytes(archive(*paths))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=root))
    server.asked, server.root = asked, root
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", f"http://127.0.0.1:{server.server_address[1]}/")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def pinned(project, registry, tmp_path):
    """The project, which pins the packages of the registry."""
    pins = {}
    for name in xterm.FILES:
        content = next((registry.root / name / "-").glob("*.tgz")).read_bytes()
        digest = base64.b64encode(hashlib.sha512(content).digest()).decode()
        pins[name] = {"version": "1.0.0", "integrity": f"sha512-{digest}"}
    (tmp_path / "root/upstream").mkdir(parents=True)
    file = tmp_path / "root/upstream/versions.yml"
    file.write_text(yaml.safe_dump({"slipway_npm_packages": pins}))
    return dataclasses.replace(project, root=tmp_path / "root", cache=tmp_path / "cache")


def kept(project):
    return sorted(path.name for path in (project.cache / "npm").iterdir())


def test_packages_are_fetched_once(pinned, registry):
    files = load_xterm(pinned)
    assert files["xterm.mjs"] == b"lib/xterm.mjs" and files["xterm.css"] == b"css/xterm.css"
    assert sorted(files) == ["addon-fit.mjs", "xterm.css", "xterm.mjs"]
    assert registry.asked == [
        "/@xterm/xterm/-/xterm-1.0.0.tgz", "/@xterm/addon-fit/-/addon-fit-1.0.0.tgz",
    ]  # fmt: skip
    assert load_xterm(pinned) == files and len(registry.asked) == 2
    assert kept(pinned) == ["addon-fit-1.0.0.tgz", "xterm-1.0.0.tgz"]


def test_another_package_is_refused_and_not_kept(pinned, registry):
    file = registry.root / "@xterm/xterm/-/xterm-1.0.0.tgz"
    file.write_bytes(archive(*xterm.FILES["@xterm/xterm"], "more.js"))
    with pytest.raises(SlipwayError, match="@xterm/xterm 1.0.0 .* is not the pinned one"):
        load_xterm(pinned)
    assert kept(pinned) == []


def test_a_damaged_copy_is_fetched_again(pinned, registry):
    files = load_xterm(pinned)
    (pinned.cache / "npm/xterm-1.0.0.tgz").write_bytes(b"damaged")
    assert load_xterm(pinned) == files and len(registry.asked) == 3


def test_a_registry_without_the_package_is_named(pinned, registry):
    (registry.root / "@xterm/xterm/-/xterm-1.0.0.tgz").unlink()
    with pytest.raises(SlipwayError, match="404") as problem:
        load_xterm(pinned)
    assert "NPM_CONFIG_REGISTRY" in problem.value.next_step


def test_a_registry_that_does_not_answer_is_an_error(pinned, monkeypatch):
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:9")
    with pytest.raises(SlipwayError, match="refused"):
        load_xterm(pinned)


@pytest.fixture
def npm(tmp_path, registry):
    """The user's npm, which fetches from elsewhere; ``npm(1)`` lets it fail."""

    def install(code):
        (tmp_path / "bin").mkdir(exist_ok=True)
        program = tmp_path / "bin/npm"
        program.write_text(
            f"#!{os.path.realpath('/bin/sh')}\n"
            f'PATH=/usr/bin:/bin; echo "$*" >>{tmp_path}/calls; [ {code} = 0 ] || exit {code}\n'
            f"for word; do :; done; name=${{word%@*}}; cp {registry.root}/$name/-/*.tgz xterm-own-name.tgz\n"
        )
        program.chmod(0o755)
        return tmp_path / "calls"

    return install


def test_the_users_npm_fetches_where_there_is_one(pinned, registry, npm):
    said = npm(0)
    assert load_xterm(pinned)["xterm.mjs"] == b"lib/xterm.mjs"
    assert registry.asked == [] and "--ignore-scripts" in said.read_text()
    assert kept(pinned) == ["addon-fit-1.0.0.tgz", "xterm-1.0.0.tgz"]


def test_an_npm_that_fails_is_named_with_its_command(pinned, npm):
    npm(1)
    with pytest.raises(SlipwayError, match="npm could not fetch @xterm/xterm 1.0.0") as problem:
        load_xterm(pinned)
    assert problem.value.next_step.endswith("@xterm/xterm@1.0.0")
