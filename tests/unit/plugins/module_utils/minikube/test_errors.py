"""Tests of ``minikube.errors``, and of the errors of the whole package."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

from ansible_collections.slipway.lab.plugins.module_utils import minikube
from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.errors import SpecError


def test_every_error_has_the_root_that_modules_report():
    errors = set()
    for entry in pkgutil.iter_modules(minikube.__path__):
        module = importlib.import_module(f"{minikube.__name__}.{entry.name}")
        errors |= {one for _, one in inspect.getmembers(module, inspect.isclass)
                   if issubclass(one, Exception) and one.__module__ == module.__name__}  # fmt: skip
    assert SpecError in errors and len(errors) >= 6
    assert all(issubclass(error, SlipwayError) for error in errors)
