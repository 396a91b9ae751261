"""Keep packed modules from one run of Ansible to the next."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import ansible
from ansible import constants as C
from ansible.plugins.callback import CallbackBase
from ansible.release import __version__

DOCUMENTATION = """
name: packed_modules
type: aggregate
short_description: Keep packed modules from one run to the next
description:
  - Ansible packs a module with all that it imports before it sends it to a host. That takes a tenth of a second
    for each kind of module, in every run. This plugin keeps the packages in the user's cache, for as long as no module,
    no C(module_utils) and no version changes.
  - It puts a link where ansible-core looks for packages of the same run (C(ansiballz_cache) of
    C(ansible/executor/module_common.py)). With a version that looks
    elsewhere, this plugin has no effect.
requirements:
  - enabled in C(callbacks_enabled)
"""

PLACE = "ansiballz_cache"
KEPT_SECONDS = 30 * 24 * 3600


class CallbackModule(CallbackBase):
    """Does its work before the first task; sees no task."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "packed_modules"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_start(self, playbook) -> None:
        """Link the cache of earlier runs in place. Without it everything works, only slower."""
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "slipway/modules"
        kept = base / key(Path(playbook._basedir))
        try:
            kept.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.utime(kept)
            (Path(C.DEFAULT_LOCAL_TMP) / PLACE).symlink_to(kept)
            for other in base.iterdir():
                if time.time() - other.stat().st_mtime > KEPT_SECONDS:
                    shutil.rmtree(other, ignore_errors=True)  # another run may remove it, too
        except OSError as error:
            self._display.vv(f"packed modules are not kept: {error}")


def key(playbooks: Path) -> str:
    """Return a name that changes with whatever goes into a package.

    Args:
        playbooks: directory of the playbook, whose own modules Ansible finds as well.
    """
    parts = [__version__, sys.version, sys.prefix, str(C.COLLECTIONS_PATHS)]
    for path in sorted(set(sources(playbooks))):
        stat = path.stat()
        parts.append(f"{path} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def sources(playbooks: Path) -> Iterator[Path]:
    """Yield all files from which Ansible may pack, besides those of its own environment."""
    homes = [playbooks, *(role for roles in C.DEFAULT_ROLES_PATH for role in Path(roles).glob("*"))]
    named = [home / name for home in homes for name in ("library", "module_utils")]
    known = map(Path, C.DEFAULT_MODULE_PATH + C.DEFAULT_MODULE_UTILS_PATH)
    for directory in [*named, *known]:
        yield from directory.rglob("*.py")
    own, with_ansible = Path(__file__).parents[2], Path(ansible.__file__).parents[1]
    places = [*map(Path, C.COLLECTIONS_PATHS), with_ansible]
    found = [own, *(one for place in places for one in place.glob("ansible_collections/*/*"))]
    # a checkout is found a second time, with a link to its plugins
    for collection in {(one / "plugins").resolve(): one for one in found}.values():
        yield from _sources_of_collection(collection)


def _sources_of_collection(collection: Path) -> Iterator[Path]:
    """Yield the manifest, which an installation replaces; without one, the files of a collection in development."""
    manifest = collection / "MANIFEST.json"
    if manifest.is_file():
        yield manifest
        return
    for kind in ("modules", "module_utils"):
        yield from (collection / "plugins" / kind).rglob("*.py")
