"""roles/bundle/files/download_wheels.py: which entries of a lock a release of Python needs."""

from pathlib import Path

LOCK = """# Made from run.in.
ansible==12.3.0 ; python_full_version < '3.12' \\
    --hash=sha256:aa \\
    --hash=sha256:bb
ansible==14.5.0 ; python_full_version >= '3.12' \\
    --hash=sha256:cc
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:dd
rich==15.0.0 \\
    --hash=sha256:ee
"""


def test_entries_are_chosen_by_the_release(download_wheels):
    assert list(download_wheels.requirements_for(LOCK, "3.11")) == [
        "ansible==12.3.0 --hash=sha256:aa --hash=sha256:bb",
        "rich==15.0.0 --hash=sha256:ee",
    ]
    assert (
        next(download_wheels.requirements_for(LOCK, "3.13")) == "ansible==14.5.0 --hash=sha256:cc"
    )


def test_the_lock_of_the_project_has_one_ansible_for_each_release(download_wheels):
    lock = (Path(__file__).parents[4] / "requirements/run.lock").read_text()
    for release in ("3.11", "3.12", "3.13", "3.14"):
        entries = [one.split("==")[0] for one in download_wheels.requirements_for(lock, release)]
        assert entries.count("ansible") == 1
        assert len(entries) == len(set(entries)) > 40
