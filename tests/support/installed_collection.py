"""The collection as another user has it: built, installed in an empty home directory, and used without the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
NOBODY = 65534
# Root runs Ansible as an account that owns only its home. The account may read every file, because the Python
# environment is in root's cache, but it may write none of them.
OTHER_ACCOUNT = (
    "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
    "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search",
)  # fmt: skip


def has_other_account() -> bool:
    """Return whether a program can be started as the other account."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        return False
    probe = subprocess.run([*OTHER_ACCOUNT, "true"], capture_output=True, check=False)
    return probe.returncode == 0


class Installation:
    """An empty home directory, with the collection in a folder below it.

    Args:
        home: An empty directory outside the checkout.
        other_account: Run programs as an account that owns nothing but this home.
        **environment: Further variables of the environment.
    """

    def __init__(self, home: Path, *, other_account: bool = False, **environment: str):
        self.home, self.collections = home, home / "collections"
        self.prefix = OTHER_ACCOUNT if other_account else ()
        if other_account:
            os.chown(home, NOBODY, NOBODY)
        self.environment = {
            "PATH": f"{BIN}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
            # Ansible reads the home directory of its account from /etc/passwd, and the other account has none.
            "ANSIBLE_REMOTE_TEMP": str(home / ".ansible/tmp"),
            **environment,
        }

    def build(self) -> Path:
        """Build the collection from the checkout; return the tarball."""
        self.run(
            "ansible-galaxy", "collection", "build", "--output-path", str(self.home), str(ROOT)
        )
        (tarball,) = self.home.glob("slipway-lab-*.tar.gz")
        return tarball

    def install(self) -> Path:
        """Build and install the collection; return its folder."""
        flags = ("--offline", "--no-deps", "-p", str(self.collections))
        self.run("ansible-galaxy", "collection", "install", *flags, str(self.build()))
        return self.collections / "ansible_collections/slipway/lab"

    def run(self, program: str, *arguments: str) -> str:
        """Run a program of Ansible in this home, and return its standard output."""
        done = subprocess.run(
            [*self.prefix, str(BIN / program), *arguments], cwd=self.home, env=self.environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
        return done.stdout
