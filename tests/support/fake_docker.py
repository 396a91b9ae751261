"""A stand-in for the docker command line in contract tests, on the same lab as the fake minikube."""

import json
import sys

NODE = {"created_by.minikube.sigs.k8s.io": "true"}
FORWARD = {"slipway.lab/ports-of": "minikube"}


def bindings(port):
    address, host_port, node_port = (["", "", *port.split(":")])[-3:]
    return f"{node_port}/tcp", [{"HostIp": address, "HostPort": host_port}]


def inspect(name, container, labels):
    own = {"22/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}]}
    ports = dict(bindings(p) for p in container["ports"])
    state = {"Status": container["status"], "ExitCode": container.get("exit_code", 0)}
    host = {"PortBindings": {**own, **ports}, "NetworkMode": "minikube"}
    config = {"Labels": labels}
    return {
        "Name": f"/{name}",
        "Image": "sha256:1",
        "State": state,
        "HostConfig": host,
        "Config": config,
    }


def run(lab, args, say):
    """Run one command: change the state of the lab, print the output of docker, raise SystemExit to fail."""
    if lab.get("docker_error"):
        sys.exit(lab["docker_error"])
    if args[0] == "version":
        say("26.1.5")
    elif args[0] == "ps":
        say("\n".join([*lab["containers"], *lab.get("forwards", {})]))
    elif args[:2] == ["volume", "ls"]:
        say("\n".join(lab["volumes"]))
    elif args[:2] == ["network", "ls"]:
        say("minikube" if lab["containers"] else "")
    elif args[:2] == ["network", "inspect"]:
        pool = {"Config": [{"Subnet": "192.168.49.0/24"}]}
        say(json.dumps([{"IPAM": pool, "Containers": {}}]))
    elif args[:2] == ["container", "inspect"]:
        kinds = (("containers", NODE), ("forwards", FORWARD))
        known = {
            n: inspect(n, c, labels) for kind, labels in kinds for n, c in lab.get(kind, {}).items()
        }
        say(json.dumps([known[n] for n in args[2:]]))
    elif args[1] == "rm":
        names = [a for a in args[2:] if not a.startswith("--")]
        if args[0] == "container":
            for kind in ("containers", "forwards"):
                lab[kind] = {n: c for n, c in lab.get(kind, {}).items() if n not in names}
        elif args[0] == "volume":
            lab["volumes"] = [v for v in lab["volumes"] if v not in names]
    elif args[0] == "cp":
        sys.exit(0 if args[1].partition(":")[0] in lab["containers"] else "no such container")
    elif args[:2] == ["run", "--detach"]:
        name, port = (args[args.index(option) + 1] for option in ("--name", "--publish"))
        lab.setdefault("forwards", {})[name] = {"ports": [port], "status": "running"}
    elif args[0] == "run":
        lab.setdefault("runs", []).append(args[1:])
    elif args[0] == "exec":
        knows = args[2] == "getent" and args[1] not in lab.get("forgetful", [])
        say(lab.get("exec", {}).get(args[2], "192.168.49.2" if knows else ""))
    elif args[:2] == ["image", "inspect"]:
        sys.exit(0 if args[-1] in lab["images"] else "no such image")
    elif args[0] == "pull":
        if args[1].startswith("missing/"):
            sys.exit("manifest unknown")
        lab["images"].append(args[1])
