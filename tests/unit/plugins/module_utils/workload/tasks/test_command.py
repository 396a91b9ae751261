from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.command import (
    choose_containers,
    command_result,
    run_command,
)
from support.objects import pod

PARAMS = {"namespace": "default", "all": True, "container": None}


def test_only_ready_pods_are_chosen():
    pods = [pod(), pod("web-2", ready=False), pod("web-3", deletionTimestamp="x"), pod("web-4")]
    assert choose_containers(PARAMS, pods) == [("web-1", "web"), ("web-4", "web")]
    assert choose_containers({**PARAMS, "all": False}, pods) == [("web-1", "web")]


def test_a_command_needs_a_ready_pod_and_its_container():
    with pytest.raises(KubeError, match="none of 1 pods is ready in namespace default"):
        choose_containers(PARAMS, [pod(ready=False)])
    with pytest.raises(KubeError, match="has no container db; it has web"):
        choose_containers({**PARAMS, "container": "db"}, [pod()])


def test_the_result_has_the_worst_return_code_and_the_first_output():
    output = {"stderr": "", "truncated": False, "pod": "web-1"}
    results = [{"rc": 0, "stdout": "a\nb\n", **output}, {"rc": 3, "stdout": "c", **output}]
    result = command_result(results)
    assert (result["rc"], result["stdout_lines"]) == (3, ["a", "b"])
    assert not result["truncated"] and result["warnings"] == []


def test_output_that_was_cut_is_a_warning():
    one = {"pod": "web-1", "rc": 0, "stdout": "a", "stderr": "", "truncated": True}
    result = command_result([one, {**one, "pod": "web-2", "truncated": False}])
    (warning,) = result["warnings"]
    assert result["truncated"] and "pod web-1: the output is longer than 16 MiB" in warning


def test_a_command_runs_in_sidecars_and_in_init_containers_that_run():
    one = pod()
    one["spec"]["initContainers"] = [
        {"name": "proxy", "restartPolicy": "Always"},
        {"name": "migrate"},
        {"name": "done"},
    ]
    states = {"migrate": {"running": {}}, "done": {"terminated": {}}}
    one["status"]["initContainerStatuses"] = [
        {"name": name, "state": state} for name, state in states.items()
    ]
    for name in ("web", "proxy", "migrate"):
        assert choose_containers({**PARAMS, "container": name}, [one]) == [("web-1", name)]
    assert choose_containers(PARAMS, [one]) == [("web-1", "web")]
    with pytest.raises(KubeError, match="no container done; it has web, proxy, migrate"):
        choose_containers({**PARAMS, "container": "done"}, [one])


@pytest.mark.parametrize(
    ("options", "mistake"),
    [({"argv": []}, "at least the command"), ({"argv": ["ls"], "timeout": 0}, "at least 1 second")],
)
def test_mistakes_are_reported_before_a_request(api, module_of, options, mistake):
    module = module_of(**{"name": "web", "timeout": 60, "stdin": None, **options})
    with pytest.raises(KubeError, match=mistake):
        run_command(module)
    assert api.log == []
