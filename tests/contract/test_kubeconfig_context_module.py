"""Contract of the module kubeconfig_context: files, modes, locks, check mode, diff, idempotence, bad input."""

import stat
import threading
import time

import pytest
import yaml

from support.module_runner import load, run_module

WORK = {
    "apiVersion": "v1", "kind": "Config", "current-context": "work", "clusters": [], "users": [],
    "contexts": [{"name": "work", "context": {"cluster": "c", "user": "u"}}],
}  # fmt: skip
LAB = {
    "clusters": [{"name": "m", "cluster": {"server": "https://lab"}}],
    "users": [{"name": "m", "user": {"client-key-data": "SECRET"}}],
    "contexts": [{"name": "m", "context": {"cluster": "m", "user": "m"}}],
    "current-context": "m",
}


@pytest.fixture
def run(tmp_path):
    (tmp_path / "lab").write_text(yaml.safe_dump(LAB))

    def call(check=False, diff=False, **options):
        given = {"name": "slipway-x", "owner": "x", "source": str(tmp_path / "lab")}
        given |= {"kubeconfig": str(run.path), **options}
        given = {name: value for name, value in given.items() if value is not None}
        return run_module("kubeconfig_context", check, diff, **given)

    run = call
    run.path = tmp_path / "home/.kube/config"
    return run


def good(result):
    assert not result.get("failed"), result["msg"]
    return result


def test_from_nothing_to_nothing(run):
    told = good(run(check=True))
    assert told["changed"] and not run.path.parent.exists()
    done = good(run(use=True))
    assert done["changed"] and done["path"] == str(run.path) and done["backup"] == ""
    assert stat.S_IMODE(run.path.stat().st_mode) == 0o600
    assert yaml.safe_load(run.path.read_text())["current-context"] == "slipway-x"
    assert not good(run(use=True))["changed"]
    assert good(run(state="absent"))["changed"]
    assert yaml.safe_load(run.path.read_text())["contexts"] == []
    assert not good(run(state="absent"))["changed"]


def test_mode_links_and_the_former_file_are_kept(run, tmp_path):
    real = tmp_path / "dotfiles"
    real.write_text(yaml.safe_dump(WORK))
    real.chmod(0o640)
    run.path.parent.mkdir(parents=True)
    run.path.symlink_to(real)
    before = real.read_text()
    done = good(run(diff=True))
    assert run.path.is_symlink() and done["path"] == str(real)
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    backup = next(tmp_path.glob("dotfiles.*"))
    assert str(backup) == done["backup"] and backup.read_text() == before
    assert done["diff"]["after"]["contexts"] == {"work": None, "slipway-x": "https://lab"}
    assert "SECRET" not in str(done) and "chmod 600" in str(done["warnings"])
    assert good(run(state="absent"))["changed"]
    assert yaml.safe_load(real.read_text()) == WORK


def test_a_program_that_changes_the_file_is_waited_for(run, monkeypatch):
    run.path.parent.mkdir(parents=True)
    lock = run.path.with_name("config.lock")
    lock.touch()

    def other():
        time.sleep(0.5)
        run.path.write_text(yaml.safe_dump(WORK))
        lock.unlink()

    thread = threading.Thread(target=other)
    thread.start()
    good(run())
    thread.join()
    names = [one["name"] for one in yaml.safe_load(run.path.read_text())["contexts"]]
    assert names == ["work", "slipway-x"] and not lock.exists()
    lock.touch()
    monkeypatch.setattr(load("kubeconfig_context"), "LOCK_SECONDS", 0.2)
    refused = run(state="absent")
    assert refused["failed"] and "config.lock exists" in refused["msg"] and lock.exists()


def test_entries_of_others_stay(run):
    run.path.parent.mkdir(parents=True)
    foreign = {**WORK, "users": [{"name": "slipway-x", "user": {"token": "t"}}]}
    run.path.write_text(yaml.safe_dump(foreign))
    refused = run()
    assert refused["failed"] and "Slipway did not write" in refused["msg"]
    assert not good(run(state="absent"))["changed"]
    assert yaml.safe_load(run.path.read_text()) == foreign
    assert list(run.path.parent.iterdir()) == [run.path]


def test_the_environment_names_several_files(run, tmp_path, monkeypatch):
    first, second = tmp_path / "first", tmp_path / "second"
    second.write_text(yaml.safe_dump(WORK))
    monkeypatch.setenv("KUBECONFIG", f"{first}:{second}")
    assert good(run(kubeconfig=""))["path"] == str(second)
    first.write_text(yaml.safe_dump(WORK))
    assert not good(run(kubeconfig=""))["changed"] and "slipway-x" not in first.read_text()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"source": None}, "source"),
        ({"source": "/no/such"}, "/no/such has no current context"),
    ],
)
def test_mistakes_are_named(run, options, said):
    result = run(**options)
    assert result["failed"] and said in result["msg"] and not run.path.exists()


def test_the_source_is_not_the_target(run, tmp_path):
    result = run(kubeconfig=str(tmp_path / "lab"))
    assert result["failed"] and "is the source itself" in result["msg"]


def test_a_file_that_cannot_be_written_is_named(run):
    place = "/proc/config"  # no account can create a file there
    result = run(kubeconfig=place)
    assert result["failed"] and f"{place} cannot be written and stays as it was" in result["msg"]
