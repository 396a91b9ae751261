from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment


def test_segment_cannot_leave_its_place_in_a_path():
    assert path_segment("web") == "web"
    assert path_segment("../a b?x=1") == "..%2Fa%20b%3Fx%3D1"
