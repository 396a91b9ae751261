from ansible_collections.slipway.lab.plugins.module_utils.kube import field_managers


def test_names_are_unique_and_recognizable():
    names = field_managers.FIELD_MANAGERS
    assert len(set(names)) == len(names)
    assert all(name.startswith("slipway") for name in names)


def test_declarations_override_only_what_modules_do_on_request():
    others = set(field_managers.FIELD_MANAGERS) - set(field_managers.YIELDING)
    assert others == {
        field_managers.NODE,
        field_managers.APPLYSET,
        field_managers.PATCH,
        field_managers.CREATE,
        field_managers.RELEASE,
    }
