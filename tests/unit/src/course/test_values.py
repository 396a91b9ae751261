"""Tests of ``slipway.course.values``."""

from slipway.course.values import Placeholder, Values


def test_without_a_lab_values_are_placeholders(project):
    values = Values(project)
    assert not values.from_lab
    filled = values.fill("demo", "{{ images.web }} {{ nodes[0] }} {{ url }} {{ namespace }}")
    assert filled == "<images.web> <nodes.0> <url> learn-demo"


def test_values_of_the_lab_have_the_port_of_each_lesson(project, scene):
    values = Values(project)
    assert values.from_lab
    assert values.fill("demo", "{{ url }} {{ node_port }}") == "http://10.0.0.11:30081 30081"
    values.numbers["other"] = 4
    assert values.fill("other", "{{ url }} {{ namespace }}") == "http://10.0.0.11:30084 learn-other"
    assert str(values.of("demo")["registry"]) == "<registry>"


def test_the_port_of_a_lesson_outside_the_catalogue_is_not_that_of_another(project, scene):
    values = Values(project)
    values.known = {**values.known, "lesson": "mine"}
    assert values.fill("demo", "{{ url }} {{ node_port }}") == "<url> <node_port>"


def test_a_placeholder_is_its_name():
    assert str(Placeholder("images").web["v1"]) == "<images.web.v1>"
