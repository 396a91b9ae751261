from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.diff import ansible_diff, changes


def test_changes_are_named_by_field_and_list_member():
    before = {"kind": "X", "spec": {"c": [{"name": "a", "image": "1"}], "n": [1, 2]}}
    after = {"kind": "X", "spec": {"c": [{"name": "a", "image": "2"}], "n": [1]}}
    assert changes(before, after) == [
        {"field": "spec.c[a].image", "before": "1", "after": "2"},
        {"field": "spec.n[1]", "before": 2, "after": None},
    ]


def test_another_order_of_named_items_is_a_change():
    a, b, c = ({"name": name} for name in "abc")
    (change,) = changes({"spec": {"env": [a, b]}}, {"spec": {"env": [b, a]}})
    assert change == {"field": "spec.env", "before": ["a", "b"], "after": ["b", "a"]}
    (change,) = changes({"spec": {"env": [a, b]}}, {"spec": {"env": [a, c, b]}})
    assert change["field"] == "spec.env[c]"


def test_items_with_the_same_name_are_compared_by_position():
    one, two = ({"name": "A", "value": value} for value in "12")
    (change,) = changes({"spec": {"env": [one, two]}}, {"spec": {"env": [two]}})[:1]
    assert change["field"] == "spec.env[0].value"


def test_diff_of_a_secret_shows_which_keys_changed_without_values():
    before = {"kind": "Secret", "metadata": {"name": "s"}, "data": {"a": "MQ==", "b": "Mg=="}}
    after = {"kind": "Secret", "metadata": {"name": "s"}, "data": {"a": "MQ==", "b": "Mw=="}}
    shown = ansible_diff([(before, after)])["after"]["Secret s"]["data"]
    assert shown == {"a": "(hidden)", "b": "(hidden, changed)"}
