"""Tests of the network of a lab."""

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.labs import allocation
from ansible_collections.slipway.lab.plugins.module_utils.labs.allocation import Allocation
from ansible_collections.slipway.lab.plugins.module_utils.labs.networks import NoNetworkError
from support.engine_fake import engine, network

ROUTES = "Iface\n"
# 10.0.0.0/8 and 192.168.0.0/16
TAKEN = ROUTES + "".join(
    f"tun0\t{network}\t00000000\t0001\t0\t0\t0\t{mask}\t0\t0\t0\n"
    for network, mask in (("0000000A", "000000FF"), ("0000A8C0", "0000FFFF"))
)


@pytest.fixture
def lab(tmp_path, monkeypatch):
    routes = tmp_path / "route"
    routes.write_text(ROUTES)
    monkeypatch.setattr(allocation, "ROUTES", routes)
    monkeypatch.setattr(allocation, "INTERFACES", tmp_path)
    made = Allocation("one", tmp_path / "state/network.json", str(tmp_path / "s"))
    made.routes = routes
    return made


def test_a_recorded_network_needs_no_engine(lab):
    lab.record("10.230.0.0/24")
    assert lab.existing() == "10.230.0.0/24"
    assert lab.path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("networks", "found"), [([network("one", "10.9.0.0/24")], "10.9.0.0/24"), ([], "")]
)
def test_a_lab_whose_record_is_lost_keeps_its_network(lab, networks, found):
    with engine(lab.socket, {"/containers/json": [], "/networks": networks, "/volumes": {}}):
        assert lab.existing() == found


def test_the_engine_decides_between_labs_that_are_created_at_the_same_time(lab):
    asked = []

    def run(command):
        asked.append(command)
        overlap = "invalid pool request: Pool overlaps with other one on this address space"
        return (1, "", overlap) if len(asked) < 3 else (0, "id", "")

    assert lab.create({"slipway": "one", "slipway.uid": "7"}, run) == "10.215.0.0/24"
    assert asked[-1] == [
        "docker", "network", "create", "--subnet=10.215.0.0/24", "--label=slipway=one", "--label=slipway.uid=7",
        "slipway-one",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mtu", "options"),
    [(1400, ["--opt=com.docker.network.driver.mtu=1400"]), (1500, []), (9000, [])],
)
def test_a_network_has_the_packets_of_the_uplink(lab, tmp_path, monkeypatch, mtu, options):
    (tmp_path / "eth0").mkdir()
    (tmp_path / "eth0/mtu").write_text(f"{mtu}\n")
    lab.routes.write_text(ROUTES + "eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n")
    monkeypatch.setattr(allocation, "INTERFACES", tmp_path)
    asked = []
    lab.create({}, lambda command: asked.append(command) or (0, "id", ""))
    assert asked[0][4:-1] == options


def test_another_refusal_of_the_engine_is_passed_on(lab):
    with pytest.raises(NoNetworkError, match="Docker created no network for the lab: denied"):
        lab.create({}, lambda _: (1, "", "denied\n"))


def test_a_machine_without_a_free_network_is_named(lab):
    lab.routes.write_text(TAKEN)
    for attempt in (lab.predict, lambda: lab.create({}, lambda _: (0, "", ""))):
        with pytest.raises(NoNetworkError, match="set lab_hosts_subnet to a free network"):
            attempt()
