"""Archives of images, and a stand-in for docker on a host whose nodes store images."""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Its state is state.json beside it: nodes with images (names by ID) and containers; `fail` refuses an import.
DOCKER = """#!{python}
import fcntl, hashlib, json, pathlib, sys, tarfile
here = pathlib.Path(__file__).parent
lock = (here / "lock").open("w")
fcntl.flock(lock, fcntl.LOCK_EX)
place = here / "state.json"
state = json.loads(place.read_text())
words = sys.argv[1:]
with (here / "log").open("a") as log:
    print(*words, file=log)
def end(text="", error=""):
    place.write_text(json.dumps(state))
    print(text)
    sys.exit(error or 0)
def full(name):
    return name if name.count("/") > 1 else "docker.io/" + name if "/" in name else "docker.io/library/" + name
if words[0] == "version":
    end("28.2.2")
if words[0] == "ps":
    end("\\n".join(state["nodes"]))
if words[:2] == ["container", "inspect"]:
    status = {{n: state["nodes"][n].get("status", "running") for n in words[2:]}}
    config = {{"Labels": {{"created_by.minikube.sigs.k8s.io": "true"}}}}
    end(json.dumps([{{"Name": "/" + n, "State": {{"Status": one}}, "Config": config}} for n, one in status.items()]))
if words[:2] == ["image", "inspect"]:
    found = state.get("engine", {{}}).get(words[2])
    end(json.dumps([found] if found else []), "" if found else "no such image")
if words[0] == "tag":
    images = state["engine"]
    images[words[2]] = next(one for one in images.values() if one["Id"] == words[1])
    end()
if words[:2] == ["image", "ls"]:
    end("\\n".join(one for one in state.get("engine", {{}}) if one.startswith(words[-1] + ":")))
if words[:2] == ["image", "rm"]:
    for name in words[2:]:
        del state["engine"][name]
    end()
if words[0] == "build":
    labels = [b for a, b in zip(words, words[1:]) if a == "--label"]
    print("Step 1/1 : FROM scratch", flush=True)
    if state.get("broken"):
        end(error=state["broken"])
    made = hashlib.sha256(json.dumps(labels).encode()).hexdigest()
    file = pathlib.Path(words[words.index("--file") + 1]).read_text()
    exposed = [line.split()[1] + "/tcp" for line in file.splitlines() if line.startswith("EXPOSE")]
    config = {{"Labels": dict(one.split("=", 1) for one in labels), "ExposedPorts": dict.fromkeys(exposed, {{}})}}
    state.setdefault("engine", {{}})[words[words.index("--tag") + 1]] = {{"Id": "sha256:" + made, "Config": config}}
    end()
if words[0] == "save":
    for name in words[3:]:
        if name not in state.get("saved", {{}}) and name not in state.get("engine", {{}}):
            end(error="Error response from daemon: reference does not exist")
    sys.path.insert(0, {tests!r})
    from support.image_nodes import docker_archive
    configs = {{name: {{"from": name, **state.get("engine", {{}}).get(name, {{}})}} for name in words[3:]}}
    docker_archive(pathlib.Path(words[2]), configs)
    end()
assert words[0] == "exec", words
words = [one for one in words[1:] if one != "--interactive"]
node = state["nodes"][words[0]]
if words[1:3] == ["crictl", "images"]:
    if "silent" in node:
        end(error="connection refused")
    end(json.dumps({{"images": [
        {{"id": i, "repoTags": names, "repoDigests": [], "size": "5000000"}} for i, names in node["images"].items()
    ]}}))
if words[1:3] == ["crictl", "ps"]:
    end(json.dumps({{"containers": node.get("containers", [])}}))
if words[1:3] == ["crictl", "rmi"]:
    del node["images"][words[3]]
    end()
assert words[1:5] == ["ctr", "--namespace", "k8s.io", "images"], words
if words[5] == "rm":
    for names in node["images"].values():
        names[:] = [one for one in names if one not in words]
    end()
if "fail" in node:
    sys.stdin.close()
    end(error=node["fail"])
with tarfile.open(fileobj=sys.stdin.buffer, mode="r|") as archive:
    files = {{m.name: archive.extractfile(m).read() for m in archive if m.isfile()}}
for one in json.loads(files["manifest.json"]):
    image = "sha256:" + hashlib.sha256(files[one["Config"]]).hexdigest()
    for names in node["images"].values():
        names[:] = [name for name in names if name not in map(full, one["RepoTags"])]
    node["images"].setdefault(image, []).extend(map(full, one["RepoTags"]))
end()
"""


def install(folder, nodes, **more):
    """Write the stand-in as ``docker`` into a folder.

    Args:
        folder: The folder, which is made.
        nodes: By name of the node, ``images`` (names by ID), ``containers`` as crictl shows them, and faults.
        **more: Further state, such as ``engine``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "state.json").write_text(json.dumps({"nodes": nodes, **more}))
    (folder / "log").touch()
    program = folder / "docker"
    program.write_text(DOCKER.format(python=sys.executable, tests=f"{ROOT}/tests"))
    program.chmod(0o755)
    return program


def images_of(folder):
    """Return the images of each node of the stand-in."""
    state = json.loads((folder / "state.json").read_text())
    return {name: node["images"] for name, node in state["nodes"].items()}


def container(pod, image, state="CONTAINER_RUNNING"):
    """Return a container of a pod, as crictl shows it."""
    namespace, name = pod.split("/")
    labels = {"io.kubernetes.pod.namespace": namespace, "io.kubernetes.pod.name": name}
    return {"imageRef": image, "image": {"image": image}, "labels": labels, "state": state}


def write_tar(path, files, mode="w"):
    """Write a tar archive of contents by name."""
    with tarfile.open(path, mode) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


def docker_archive(path, images, mode="w"):
    """Write the archive that ``docker save`` would, of configurations by name."""
    files, manifest = {}, []
    for name, config in images.items():
        content = json.dumps({"architecture": "amd64", **config}).encode()
        place = f"{hashlib.sha256(content).hexdigest()}.json"
        files[place] = content
        manifest.append({"Config": place, "RepoTags": [name] if name else None, "Layers": []})
    files["manifest.json"] = json.dumps(manifest).encode()
    return write_tar(path, files, mode)


def config_id(config):
    """Return the ID of an image of :func:`docker_archive`."""
    content = json.dumps({"architecture": "amd64", **config}).encode()
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
