"""Tests of ``classroom.credentials``."""

import json
import time

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.classroom.credentials import (
    FORMAT,
    claims,
    file_content,
    forwarded,
    is_current,
    read_file,
    student_file,
    student_kubeconfig,
    token_of,
    unserved,
)
from support.classroom import ADMIN, token

STUDENT = {"student": "student-01", "namespace": "class-math-student-01", "node_port": 30000}


def test_a_token_works_for_its_account_until_a_day_before_its_end():
    now = time.time()
    assert is_current(token(), "u1", now)
    assert not is_current(token(), "u2", now)
    assert not is_current(token(seconds=3600), "u1", now)


@pytest.mark.parametrize("text", ["", "a", "a.b.c", "a.W10.c", "a.!!.c"])
def test_an_unreadable_token_has_no_claims(text):
    assert claims(text) == {}
    assert not is_current(text, "u1", 0)


def test_the_kubeconfig_has_the_lab_and_nothing_of_the_teacher():
    made = student_kubeconfig(ADMIN, "t", "math", STUDENT)
    assert made["clusters"] == [
        {"name": "class-math",
         "cluster": {"server": "https://10.0.0.11:8443", "certificate-authority-data": "Q0E="}}
    ]  # fmt: skip
    context = {"cluster": "class-math", "user": "student-01", "namespace": "class-math-student-01"}
    assert made["contexts"] == [{"name": "class-math", "context": context}]
    assert token_of(made) == "t" and "secret" not in json.dumps(made)


def test_a_forwarded_server_is_checked_for_its_own_name():
    made = forwarded(student_kubeconfig(ADMIN, "t", "math", STUDENT))
    cluster = made["clusters"][0]["cluster"]
    assert cluster["server"] == "https://127.0.0.1:8443"
    assert cluster["tls-server-name"] == "10.0.0.11"
    assert cluster["certificate-authority-data"] == "Q0E="
    assert forwarded(made)["clusters"][0]["cluster"]["tls-server-name"] == "10.0.0.11"


def test_a_file_with_a_token_that_works_is_kept(tmp_path):
    accounts = [{"metadata": {"name": "student-01", "uid": "u1"}}]
    path = student_file(tmp_path, STUDENT)

    def waiting():
        return list(unserved([STUDENT], tmp_path, accounts, time.time()))

    assert waiting() == [STUDENT]
    kubeconfig = student_kubeconfig(ADMIN, token(), "math", STUDENT)
    content = file_content(STUDENT, kubeconfig, {"class": "math"})
    path.write_text(json.dumps(content))
    assert waiting() == [] and read_file(path) == content
    assert content["format"] == FORMAT and content["expires"] > time.time()
    accounts[0]["metadata"]["uid"] = "u2"
    assert waiting() == [STUDENT]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "other"}'])
def test_something_else_is_no_file_of_a_student(tmp_path, text):
    (tmp_path / "f").write_text(text)
    assert read_file(tmp_path / "f") == {} and read_file(tmp_path / "g") == {}


def test_no_kubeconfig_has_no_token():
    assert token_of(None) == token_of({}) == ""
