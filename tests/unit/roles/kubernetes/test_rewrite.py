"""roles/kubernetes/files/rewrite: objects that are written again, and those that others changed meanwhile."""

import pytest

from support.role_script import install_script, run_script

PROGRAMS = {
    "kubectl": """
case "$1 $2" in
  "get widgets") echo 'error: the server doesn'"'"'t have a resource type "widgets"' >&2; exit 1 ;;
  "get denied") echo forbidden >&2; exit 1 ;;
  get*) echo "objects of $2" ;;
  replace*) cat >>HERE/written; echo >>HERE/written; cat HERE/errors >&2
    [ ! -e HERE/killed ] && [ ! -s HERE/errors ] ;;
esac
"""
}
CONFLICT = (
    'Error from server (Conflict): error when replacing "STDIN": the object has been modified\n'
)
WARNING = "Warning: v1 Endpoints is deprecated in v1.33+\n"
GONE = 'Error from server (NotFound): error when replacing "STDIN": secrets "a" not found\n'


@pytest.fixture
def host(tmp_path):
    install_script(tmp_path, "rewrite", PROGRAMS, {"/etc/kubernetes": ""})
    (tmp_path / "errors").touch()
    return tmp_path


def test_all_objects_are_written_as_they_are(host):
    assert run_script(host, "secrets", "configmaps").returncode == 0
    assert (host / "written").read_text() == "objects of secrets\nobjects of configmaps\n"


@pytest.mark.parametrize("errors", [CONFLICT, GONE + CONFLICT, f"{WARNING}{GONE}"])
def test_what_others_wrote_or_deleted_needs_nothing(host, errors):
    (host / "errors").write_text(errors)
    done = run_script(host, "secrets")
    assert (done.returncode, done.stderr) == (0, "")


def test_an_object_that_cannot_be_written_is_named(host):
    (host / "errors").write_text(f"{CONFLICT}Error from server: a webhook denied the request\n")
    done = run_script(host, "secrets")
    assert done.returncode == 1
    assert "secrets: objects were not written again" in done.stderr
    assert "a webhook denied" in done.stderr and "Conflict" not in done.stderr


def test_a_program_that_was_killed_has_not_written_all(host):
    (host / "killed").touch()
    done = run_script(host, "secrets")
    assert done.returncode == 1 and "secrets: objects were not written again" in done.stderr


def test_a_kind_that_the_cluster_does_not_have_has_no_objects(host):
    assert run_script(host, "widgets", "secrets").returncode == 0
    assert (host / "written").read_text() == "objects of secrets\n"


def test_objects_that_cannot_be_read_are_named(host):
    done = run_script(host, "denied")
    assert done.returncode == 1 and "denied cannot be read: forbidden" in done.stderr
