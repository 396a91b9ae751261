"""roles/kubernetes/files/service-account-keys: reading keys and tokens, and making another key."""

from __future__ import annotations

import base64
import json
import subprocess

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_look import parse_facts
from support.role_script import install_script, run_script

PROGRAMS = {
    "kubectl": """
case $* in
  *jwks) echo '{"keys": []}' ;;
  *"create token default"*) echo eyJh.eyJi.c ;;
  *metrics) echo "process_start_time_seconds 1.7e+09" ;;
  *"get secrets"*) printf 'eyJh.eyJi.c\\n\\nnot a token\\n' ;;
esac
""",
}
PLACES = {"/etc/kubernetes": "", "/var/lib/slipway/kubernetes": "", "/var/lib/kubelet/pods": "pods"}
MANIFEST = "    - --service-account-key-file={}\n    - --service-account-signing-key-file=HERE/pki/sa.key\n"


@pytest.fixture(params=[("RSA", "rsa_keygen_bits:2048"), ("EC", "ec_paramgen_curve:P-256")])
def host(request, tmp_path):
    """A directory in the place of a control plane."""
    for folder in ("pki", "manifests"):
        (tmp_path / folder).mkdir()
    kind, option = request.param
    openssl("genpkey", "-algorithm", kind, "-pkeyopt", option, "-out", tmp_path / "pki/sa.key")
    openssl("pkey", "-in", tmp_path / "pki/sa.key", "-pubout", "-out", tmp_path / "pki/sa.pub")
    install_script(tmp_path, "service-account-keys", PROGRAMS, PLACES)
    write_manifest(tmp_path, f"{tmp_path}/pki/sa.pub")
    return tmp_path


def write_manifest(host, path):
    text = MANIFEST.format(path).replace("HERE", str(host))
    (host / "manifests/kube-apiserver.yaml").write_text(text)


def openssl(*words):
    return subprocess.run(["openssl", *words], check=True, capture_output=True, text=True).stdout


def ran(host, *words):
    done = run_script(host, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def decoded(text):
    return [base64.b64decode(one).decode() for one in text.split()]


def test_the_keys_are_read(host):
    found = parse_facts(ran(host, "look"))
    public, private = ((host / "pki" / name).read_text() for name in ("sa.pub", "sa.key"))
    assert decoded(found["public"]) == [public] and decoded(found["key"]) == [public, private]
    assert json.loads(*decoded(found["verifies"])) == {"keys": []}
    assert found["signs"] == "eyJh" and int(found["since"]) > 0
    assert "new" not in found and found["other"] == ""


def test_options_with_other_files_are_named(host):
    write_manifest(host, "/etc/mine.pub")
    found = parse_facts(ran(host, "look"))
    assert found["other"].strip() == "service-account-key-file=/etc/mine.pub"


def test_a_new_key_is_of_the_same_kind_and_only_root_reads_it(host):
    ran(host, "create", "2026-01")
    path = host / "pki/sa-new.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().startswith("# slipway key 2026-01\n-----BEGIN PRIVATE KEY-----\n")
    kinds = [openssl("pkey", "-in", one, "-noout", "-text") for one in (path, host / "pki/sa.key")]
    assert kinds[0].splitlines()[0] == kinds[1].splitlines()[0]
    public, private = decoded(parse_facts(ran(host, "look"))["new"])
    assert public.startswith("-----BEGIN PUBLIC KEY-----") and private == path.read_text()


def test_tokens_of_pods_are_printed_without_their_signature(host):
    assert ran(host, "tokens") == []
    folder = host / "pods/uid/volumes/kubernetes.io~projected/api/..2026"
    folder.mkdir(parents=True)
    (folder / "token").write_text("eyJhbGc.eyJpc3M.c2lnbg")
    (folder / "ca.crt").write_text("-----BEGIN\n")
    other = host / "pods/uid/volumes/kubernetes.io~empty-dir/mine"
    other.mkdir(parents=True)
    (other / "token").write_text("eyJo.eyJw.c")
    assert ran(host, "tokens") == ["token=eyJhbGc.eyJpc3M."]


def test_tokens_in_secrets_are_printed_without_their_signature(host):
    assert ran(host, "secrets") == ["token=eyJh.eyJi."]
