from ansible_collections.slipway.lab.plugins.module_utils.kube import field_managers


def test_names_are_unique_and_recognizable():
    names = field_managers.FIELD_MANAGERS
    assert len(set(names)) == len(names)
    assert all(name.startswith("slipway") for name in names)


def test_declarations_do_not_override_nodes_and_records_of_applysets():
    others = set(field_managers.FIELD_MANAGERS) - set(field_managers.YIELDING)
    assert others == {field_managers.NODE, field_managers.APPLYSET}
