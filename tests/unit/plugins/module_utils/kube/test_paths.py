import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import (
    name_selector,
    path_segment,
)


def test_segment_cannot_leave_its_place_in_a_path():
    assert path_segment("web") == "web"
    assert path_segment("..a b?x=1") == "..a%20b%3Fx%3D1"


@pytest.mark.parametrize("name", ["", ".", "..", "../a", "web/scale", "a%2Fb"])
def test_a_name_that_would_lead_elsewhere_is_refused(name):
    with pytest.raises(KubeError, match="it would lead to another one"):
        path_segment(name)


def test_a_field_selector_takes_any_name():
    assert name_selector("web.v1") == "metadata.name=web.v1"
    assert name_selector("a=b,c\\d") == r"metadata.name=a\=b\,c\\d"
