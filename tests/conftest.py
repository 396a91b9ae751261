"""Make `ansible.module_utils.slipway` importable, as ansible.cfg does for playbooks."""

from pathlib import Path

import ansible.module_utils

ROOT = Path(__file__).resolve().parent.parent
ansible.module_utils.__path__.append(str(ROOT / "module_utils"))
