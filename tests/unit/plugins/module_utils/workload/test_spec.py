from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.workload.arguments import (
    APP_OPTIONS,
    CONTAINER_OPTIONS,
    INIT_CONTAINER,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import (
    AppSpec,
    ContainerSpec,
    PortSpec,
)


def test_every_option_of_an_application_has_a_field():
    own = {field.name for field in dataclasses.fields(AppSpec)} - {"main"}
    main = {field.name for field in dataclasses.fields(ContainerSpec)}
    assert set(CONTAINER_OPTIONS) < main
    assert own | set(CONTAINER_OPTIONS) == set(APP_OPTIONS)


def test_every_option_of_an_additional_container_has_a_field():
    assert {field.name for field in dataclasses.fields(ContainerSpec)} == set(INIT_CONTAINER)


def test_a_parsed_application_does_not_change():
    port = PortSpec("http", 80, 8080, "TCP")
    with pytest.raises(dataclasses.FrozenInstanceError):
        port.port = 81
