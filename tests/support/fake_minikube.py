"""A stand-in for minikube v1.38.1 in contract tests: same files, same events, nothing real behind them.

The state of the lab is a dictionary: containers, volumes, Node objects, and what to fail with.
"""

import json
import shutil
import sys
from pathlib import Path

DEFAULTS = ["default-storageclass", "storage-provisioner"]
KNOWN = ["v1.35.1", "v1.35.0", "v1.35.0-rc.1", "v1.34.4", "v1.34.3", "v1.28.0"]


def fail(lab, profile, command):
    wanted = lab.get("fail", {}).get(command)
    if wanted:
        profile.event(
            "error",
            exitcode=str(wanted["exitcode"]),
            **{k: v for k, v in wanted.items() if k != "exitcode"},
        )
        sys.exit(int(wanted["exitcode"]))


class Profile:
    def __init__(self, name, home, kubeconfig, certificate, say):
        self.name = name
        self.home = Path(home)
        self.kubeconfig = Path(kubeconfig)
        self.certificate = certificate
        self.say = say
        self.path = self.home / "profiles" / name / "config.json"

    @property
    def config(self):
        return json.loads(self.path.read_text()) if self.path.exists() else None

    def write(self, config):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(config))
        # One certificate is the authority, the server's and the client's.
        shutil.copy(self.certificate, self.home / "ca.crt")
        shutil.copy(self.certificate, self.path.parent / "client.crt")
        shutil.copy(self.certificate.with_suffix(".key"), self.path.parent / "client.key")

    def machine(self, node):
        return f"{self.name}-{node['Name']}" if node["Name"] else self.name

    def event(self, kind, **data):
        kind = f"io.k8s.sigs.minikube.{kind}"
        self.say(json.dumps({"specversion": "1.0", "type": kind, "data": data}))


def make_node(lab, profile, node, config):
    name = profile.machine(node)
    machine = profile.home / "machines" / name
    machine.mkdir(parents=True, exist_ok=True)
    (machine / "config.json").write_text("{}")
    ports = config.get("ExposedPorts") or []
    taken = [p for c in lab["containers"].values() for p in c["ports"] if p.count(":") == 2]
    known = set(lab["containers"])
    if name not in known:
        if set(taken) & set(ports):
            profile.event(
                "error", exitcode="80", name="GUEST_PROVISION", message="port is already allocated"
            )
            sys.exit(80)
        lab["containers"][name] = {"status": "running", "ports": ports}
        lab["volumes"] = sorted({*lab["volumes"], name})
    if lab["containers"][name]["status"] != "running" or name not in known:
        # The kubelet registers its node when it starts.
        version = config["KubernetesConfig"]["KubernetesVersion"]
        lab["nodes"].setdefault(name, {"labels": {}, "taints": [], "version": version})
    lab["containers"][name]["status"] = "running"


def extra_option(text):
    name, _equals, value = text.partition("=")
    component, _dot, key = name.partition(".")
    return {"Component": component, "Key": key, "Value": value}


def start(lab, profile, flags):
    profile.event(
        "step",
        name="Initial Minikube Setup",
        currentstep="0",
        totalsteps="19",
        message="minikube v1.38.1",
    )
    fail(lab, profile, "start")
    config = profile.config
    kubernetes = (config or {}).get("KubernetesConfig", {})
    extra = [extra_option(text) for text in flags.get("extra-config", [])]
    addresses = [a for a in flags.get("apiserver-ips", "").split(",") if a]
    kubernetes = {
        "KubernetesVersion": flags.get(
            "kubernetes-version", kubernetes.get("KubernetesVersion", "v1.35.1")
        ),
        "ContainerRuntime": flags.get(
            "container-runtime", kubernetes.get("ContainerRuntime", "docker")
        ),
        "CNI": flags.get("cni", kubernetes.get("CNI", "")),
        "ImageRepository": flags.get("image-repository", ""),
        "ExtraOptions": extra or kubernetes.get("ExtraOptions", []),
        "APIServerIPs": addresses or kubernetes.get("APIServerIPs"),
    }
    if config is None:
        memory = flags.get("memory", "3072").removesuffix("m").removesuffix("mb")
        config = {
            "Name": profile.name,
            "Driver": flags["driver"],
            "KicBaseImage": flags.get("base-image", "gcr.io/k8s-minikube/kicbase:v0.0.50"),
            "Memory": int(memory[:-1]) * 1024 if memory.endswith("g") else int(memory),
            "CPUs": int(flags.get("cpus", "2")),
            "ListenAddress": flags.get("listen-address", ""),
            "ExposedPorts": [p for p in flags.get("ports", "").split(",") if p],
            "Nodes": [
                {
                    "Name": f"m{n:02d}" if n > 1 else "",
                    "IP": "127.0.0.1",
                    "Port": lab["port"],
                    "ControlPlane": n == 1,
                }
                for n in range(1, int(flags.get("nodes", "1")) + 1)
            ],
        }
    config["KubernetesConfig"] = kubernetes
    config["Addons"] = dict.fromkeys(["metrics-server", *DEFAULTS], False)
    for node in config["Nodes"]:
        node["KubernetesVersion"] = kubernetes["KubernetesVersion"]
    profile.write(config)
    for node in config["Nodes"]:
        profile.event(
            "step", name="Creating", currentstep="8", totalsteps="19", message=profile.machine(node)
        )
        make_node(lab, profile, node, config)
    for node in config["Nodes"]:
        lab["nodes"][profile.machine(node)]["version"] = kubernetes["KubernetesVersion"]
    lab["paused"] = False
    profile.kubeconfig.parent.mkdir(parents=True, exist_ok=True)
    profile.kubeconfig.touch(0o600)
    profile.event(
        "step",
        name="Done",
        currentstep="19",
        totalsteps="19",
        message="Done! kubectl is now configured",
    )


def status(lab, profile, _flags):
    config = profile.config
    if config is None:
        sys.exit(85)
    answers = []
    configured = "Configured" if profile.kubeconfig.exists() else "Misconfigured"
    for node in config["Nodes"]:
        name = profile.machine(node)
        running = lab["containers"].get(name, {}).get("status") == "running"
        state = "Running" if running else "Stopped"
        paused = state == "Running" and lab.get("paused")
        answers.append({
            "Name": name,
            "Host": state,
            "Kubelet": "Stopped" if paused else state,
            "APIServer": "Irrelevant" if node["Name"] else "Paused" if paused else state,
            "Kubeconfig": "Irrelevant" if node["Name"] else configured,
        })  # fmt: skip
    profile.say(json.dumps(answers if len(answers) > 1 else answers[0]))


def node(lab, profile, args):
    config = profile.config
    if args[0] == "add":
        last = config["Nodes"][-1]["Name"]
        entry = {
            **config["Nodes"][0],
            "Name": f"m{int(last[1:] or 1) + 1 if last else 2:02d}",
            "ControlPlane": False,
        }
        config["Nodes"].append(entry)
    config["Addons"] = dict.fromkeys(config["Addons"], False)
    if args[0] == "delete":
        name = f"{profile.name}-{args[1]}"
        config["Nodes"] = [n for n in config["Nodes"] if n["Name"] != args[1]]
        lab["containers"].pop(name)
        lab["volumes"].remove(name)
        lab["nodes"].pop(name)
        shutil.rmtree(profile.home / "machines" / name)
    profile.write(config)
    if args[0] == "add":
        make_node(lab, profile, entry, config)
    if args[0] == "stop":
        lab["containers"][f"{profile.name}-{args[1]}"]["status"] = "exited"
    if args[0] == "start":
        make_node(lab, profile, next(n for n in config["Nodes"] if n["Name"] == args[1]), config)


def addons(lab, profile, args, flags):
    if args[0] == "list":
        profile.say(
            json.dumps(dict.fromkeys(["dashboard", "ingress", "metrics-server", *DEFAULTS], {}))
        )
        return
    config = profile.config
    config["Addons"][args[1]] = args[0] == "enable"
    for flag, key in (("images", "CustomAddonImages"), ("registries", "CustomAddonRegistries")):
        if flag in flags:
            config[key] = {
                **(config.get(key) or {}),
                **dict(p.split("=") for p in flags[flag].split(",")),
            }
    profile.write(config)


def delete(lab, profile):
    config = profile.config or {"Nodes": []}
    for entry in config["Nodes"]:
        name = profile.machine(entry)
        lab["containers"].pop(name, None)
        lab["nodes"].pop(name, None)
        lab["volumes"] = [v for v in lab["volumes"] if v != name]
    shutil.rmtree(profile.path.parent, ignore_errors=True)


def run(lab, argv, home, kubeconfig, certificate, say):
    """Run one command: change the state of the lab, print the output of minikube, raise SystemExit to fail."""
    words, flags = [], {}
    while argv:
        word = argv.pop(0)
        if word in ("-p", "-o", "-n"):
            flags[word] = argv.pop(0)
        elif word.startswith("--"):
            name, _equals, value = word[2:].partition("=")
            if name == "extra-config":
                flags.setdefault(name, []).append(value)
            else:
                flags[name] = value
        else:
            words.append(word)
    profile = Profile(flags.get("-p", "minikube"), home, kubeconfig, certificate, say)
    if words[:2] == ["config", "defaults"]:
        say(json.dumps(KNOWN))
    elif words[0] == "status":
        status(lab, profile, flags)
    elif words[0] == "start":
        start(lab, profile, flags)
    elif words[0] == "node":
        node(lab, profile, words[1:])
    elif words[0] == "addons":
        addons(lab, profile, words[1:], flags)
    elif words[0] == "stop":
        for name in lab["containers"]:
            lab["containers"][name]["status"] = "exited"
    elif words[0] in ("pause", "unpause"):
        lab["paused"] = words[0] == "pause"
    elif words[0] == "delete":
        delete(lab, profile)
    elif words[0] == "update-context":
        profile.kubeconfig.touch(0o600)
    elif words[0] == "ssh":
        fail(lab, profile, "ssh")
    elif words[0] == "version":
        say("v1.38.1")
    else:
        sys.exit(f"the stand-in does not know {words}")
