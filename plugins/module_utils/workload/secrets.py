"""Keep secrets out of what Ansible prints, without censoring ordinary words.

Ansible masks each known secret wherever it occurs in a result. A short one, such as ``web`` or ``2``, would mask names
and numbers. Results have no content of Secrets, and kube/module.py takes them out of the parameters.
"""

from __future__ import annotations

from typing import Any

MIN_MASKED = 6


def hide_secrets(module: Any, values: set[str]) -> None:
    """Mask secrets in the result of a module.

    Args:
        module: The AnsibleModule.
        values: Content of Secrets, besides the parameters that Ansible masks by itself.
    """
    masked = module.no_log_values | values
    kept = {value for value in masked if len(str(value)) >= MIN_MASKED}
    module.no_log_values.clear()
    module.no_log_values.update(kept)
