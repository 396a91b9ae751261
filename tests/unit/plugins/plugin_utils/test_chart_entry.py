"""Options of a chart are checked with their place in the task."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.chart_entry import ChartEntry
from ansible_collections.slipway.lab.plugins.plugin_utils.controller_files import InputError

WHERE = "manifests[0].helm"


def parse(task=None, **options):
    return ChartEntry.parse({"release": "web", "chart": "shop", **options}, WHERE, task or {})


def test_defaults():
    entry = parse()
    assert (entry.namespace, entry.values, entry.values_files) == ("default", {}, [])
    assert (entry.include_crds, entry.hooks, entry.tests, entry.helm_adopt) == (
        True,
        True,
        False,
        False,
    )


def test_the_namespace_is_that_of_the_task():
    assert parse({"namespace": "shop"}).namespace == "shop"
    assert parse(namespace="shop").namespace == "shop"
    assert parse({"namespace": "shop"}, namespace="shop").namespace == "shop"


def test_booleans_may_be_words():
    assert parse(hooks="no", tests="yes").tests is True


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"release": "Web"}, r"helm\.release: 'Web' is not a name of a release"),
        ({"release": "a" * 54}, "is not a name of a release"),
        ({"release": None}, "is not a name of a release"),
        ({"chart": None}, r"helm\.chart: is needed"),
        ({"value": {}}, "helm: unknown: value; it has release, namespace, chart"),
        ({"values": ["a"]}, r"helm\.values: is not a mapping"),
        ({"values_files": "a"}, r"helm\.values_files: is not a list of names"),
        ({"values_files": [1]}, r"helm\.values_files: is not a list of names"),
        ({"hooks": "perhaps"}, r"helm\.hooks: is not true or false"),
        ({"version": 1.2}, r"helm\.version: is not text"),
        ({"repo": "https://charts.example.com"}, r"helm\.version: is needed"),
        ({"chart": "oci://registry.example.com/shop"}, r"helm\.version: is needed"),
    ],
)
def test_mistakes(options, message):
    with pytest.raises(InputError, match=message):
        parse(**options)


@pytest.mark.parametrize(
    ("task", "options", "message"),
    [
        (
            {"namespace": "a"},
            {"namespace": "b"},
            r"helm\.namespace: the namespace of the task is a",
        ),
        ({"applyset": "x"}, {}, "applyset: a chart has the set of its release"),
    ],
)
def test_contradictions_with_the_task(task, options, message):
    with pytest.raises(InputError, match=message):
        parse(task, **options)


def test_a_release_is_removed_without_its_chart():
    assert parse({"state": "absent"}, chart=None).chart == ""


def test_options_are_a_mapping():
    with pytest.raises(InputError, match=r"manifests\[0\]\.helm: is not a mapping"):
        ChartEntry.parse("shop", WHERE, {})
