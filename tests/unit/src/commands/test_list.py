"""Tests of ``slipway.commands.list``."""

from support.engine_fake import container, engine, network
from support.json_document import read_document

ANSWERS = {
    "/containers/json": [container("slipway-physics-lab1", "physics", state="exited", host="lab1")],
    "/networks": [network("physics", "10.214.0.0/24")],
    "/volumes": {"Volumes": []},
    "/system/df": {},
}


def test_labs_of_all_accounts_are_listed(command):
    with engine(command.engine, ANSWERS):
        done = command("list")
    assert done.exit_code == 0
    heading, line = done.stdout.splitlines()[:2]
    assert heading.split() == ["LAB", "STATE", "OWNER", "AGE", "MEMORY", "DISK", "NETWORK"]
    assert line.split()[:3] == ["physics", "stopped", "alice"]
    assert line.split()[-1] == "10.214.0.0/24"


def test_the_document_has_everything(command):
    with engine(command.engine, ANSWERS):
        done = command("list", "--json")
    (lab,) = read_document("labs", done.stdout)["labs"]
    assert (lab["name"], lab["uid"], lab["memory"]) == ("physics", 1001, 0)


def test_a_machine_without_labs(command):
    with engine(command.engine, {"/containers/json": [], "/networks": [], "/volumes": {}}):
        assert command("list").stdout.strip() == "no lab on this machine"


def test_an_engine_that_does_not_answer_is_an_error(command):
    done = command("list", "--json")
    assert done.exit_code == 1 and "Docker does not answer" in done.stderr
    assert "Docker does not answer" in read_document("error", done.stdout)["error"]
