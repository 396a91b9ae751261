"""Renewal, names and problems of the certificates of a control plane of kubeadm."""

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_certificates import certificates

DAY = 24 * 60 * 60
NOW = 1_800_000_000
PKI = "/etc/kubernetes/pki"
AUTHORITY = f"authority={PKI}/ca.crt {NOW + 3650 * DAY}"


OWN = ("cp1", "vm", "kubernetes", "kubernetes.default.svc.cluster.local", "10.0.0.11", "10.96.0.1")


def needs(*lines, days=30, names=()):
    settings = {"days": days, "names": names, "address": "10.0.0.11", "services": "10.96.0.0/12"}
    return certificates((f"clock={NOW}", *lines), "cp1", settings)


def signed(days, name="apiserver", authority="ca"):
    return f"certificate={PKI}/{name}.crt {NOW + days * DAY} {PKI}/{authority}.crt"


def test_a_certificate_with_time_left_stays():
    found = needs(AUTHORITY, signed(300, "late"), signed(31, "early"))
    assert not found["due"] and found["problem"] == "" and found["outdated"] == []
    (first,) = found["first"]
    assert (first["host"], first["path"], first["warning"]) == ("cp1", f"{PKI}/early.crt", "")
    assert first["end"] == "2027-02-15T08:00:00Z"


def test_a_certificate_that_ends_soon_is_renewed_with_a_warning():
    found = needs(AUTHORITY, signed(300, "late"), signed(29))
    assert found["due"] and found["problem"] == ""
    assert f"cp1: {PKI}/apiserver.crt ends on 2027-02-13. A run" in found["first"][0]["warning"]


def test_the_number_of_days_counts():
    assert needs(AUTHORITY, signed(29), days=40)["due"]
    assert not needs(AUTHORITY, signed(1), days=0)["due"]
    assert needs(AUTHORITY, signed(-1), days=0)["due"]


def test_a_damaged_certificate_is_made_again():
    found = needs(AUTHORITY, f"certificate={PKI}/apiserver.crt 0 {PKI}/ca.crt")
    assert found["due"] and "apiserver.crt is damaged" in found["first"][0]["warning"]


def test_an_authority_without_its_key_is_named_with_what_to_do():
    keyless = f"keyless={PKI}/ca.crt"
    assert needs(AUTHORITY, keyless, signed(31))["problem"] == ""
    found = needs(AUTHORITY, keyless, signed(3))
    assert f"{PKI}/ca.key is not on the host" in found["problem"]
    assert "generate-csr" in found["problem"] and found["first"][0]["warning"] == found["problem"]
    other = f"authority={PKI}/etcd/ca.crt {NOW + 3650 * DAY}"
    mixed = needs(AUTHORITY, other, keyless, signed(300), signed(3, "etcd/peer", "etcd/ca"))
    assert mixed["due"] and mixed["problem"] == ""


def test_an_authority_that_ends_is_not_renewed_but_named():
    found = needs(f"authority={PKI}/ca.crt {NOW + 9 * DAY}", signed(9))
    assert not found["due"] and found["problem"] == ""
    assert "does not replace authorities" in found["first"][0]["warning"]


def test_a_component_with_an_earlier_certificate_is_outdated():
    found = needs(AUTHORITY, signed(300), "outdated=kube-scheduler")
    assert found["outdated"] == ["kube-scheduler"] and not found["due"]
    assert "kube-scheduler started before" in found["first"][0]["warning"]


def test_a_host_without_a_control_plane_needs_nothing():
    empty = {"first": [], "due": False, "renamed": [], "outdated": [], "problem": ""}
    assert needs("host=vm", names=["api.example"]) == empty


def named(*present, names=(), more=()):
    lines = (AUTHORITY, signed(300), "host=vm", *(f"name={name}" for name in (*OWN, *present)))
    return needs(*lines, *more, names=names)


def test_the_names_of_kubeadm_itself_are_not_declared():
    assert named()["renamed"] == []
    assert (
        named("api.example", "FD00:0:0:0:0:0:0:1", names=["api.example", "fd00::1"])["renamed"]
        == []
    )


def test_names_that_were_added_and_taken_back_make_another_certificate():
    found = named("old.example", "192.0.2.1", names=["api.example", "*.example"])
    assert found["renamed"] == ["*.example", "192.0.2.1", "api.example", "old.example"]
    assert found["problem"] == "" and not found["due"]


def test_text_that_is_no_name_is_refused():
    for name in ("API.example", "a_b", "two words", ""):
        assert "is neither a name of DNS" in named(names=[name])["problem"], name


def test_other_names_need_the_key_of_the_authority():
    found = named(names=["api.example"], more=[f"keyless={PKI}/ca.crt"])
    assert f"{PKI}/ca.key is not on the host" in found["problem"]
