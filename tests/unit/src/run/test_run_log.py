"""Tests of ``slipway.run.run_log``."""

from slipway.run.run_log import EXCERPT_LINES, LOGS_KEPT, error_excerpt, open_log


def test_the_log_is_private_and_old_ones_are_deleted(tmp_path):
    folder = tmp_path / "logs"
    folder.mkdir()
    for number in range(LOGS_KEPT + 5):
        (folder / f"2026-01-01T0000{number:02d}-up.log").touch()
    with open_log(tmp_path, "up") as (path, log):
        log.write("x")
    assert path.name.endswith("-up.log")
    assert path.stat().st_mode & 0o077 == 0
    assert len(list(folder.glob("*.log"))) == LOGS_KEPT + 1
    assert not (folder / "2026-01-01T000000-up.log").exists()


def test_the_excerpt_begins_with_the_error(tmp_path):
    log = tmp_path / "x.log"
    log.write_text("# command\nusage: ...\nansible-playbook: error: unrecognized\nmore\n")
    assert error_excerpt(log) == ["ansible-playbook: error: unrecognized", "more"]


def test_the_excerpt_begins_with_the_place_in_an_inventory(tmp_path):
    log = tmp_path / "x.log"
    cause = (
        "[WARNING]: Failed to parse inventory with 'yaml' plugin: no mapping\nOrigin: hosts.yml:3:1"
    )
    log.write_text(f"# command\n{cause}\n[ERROR]: Completely failed to parse hosts.yml\n")
    assert error_excerpt(log)[:2] == cause.splitlines()


def test_without_an_error_the_excerpt_is_the_end(tmp_path):
    log = tmp_path / "x.log"
    log.write_text("\n".join(map(str, range(50))))
    assert error_excerpt(log) == [str(n) for n in range(50 - EXCERPT_LINES, 50)]
