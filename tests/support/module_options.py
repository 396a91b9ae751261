"""Compare the options of a module with its documentation."""

from __future__ import annotations

import pytest
import yaml

from support.module_runner import load

FACTS = ("type", "required", "default", "elements", "choices")


class _FoundError(Exception):
    """Ends the module when its options are known."""


def check_options(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Assert that the documentation of a module states what its options are."""
    module, spec = load(name), {}

    def capture(argument_spec, **_):
        spec.update(argument_spec)
        raise _FoundError

    monkeypatch.setattr(module, "AnsibleModule", capture)
    with pytest.raises(_FoundError):
        module.main()
    documented = yaml.safe_load(module.DOCUMENTATION)["options"]
    spec.pop("progress_file", None)  # of a shared part of the documentation
    for key in FACTS:
        assert {n: o.get(key) for n, o in spec.items()} == {
            n: o.get(key) for n, o in documented.items()
        }
