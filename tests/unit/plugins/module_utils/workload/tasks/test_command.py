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
    results = [{"rc": 0, "stdout": "a\nb\n", "stderr": ""}, {"rc": 3, "stdout": "c", "stderr": ""}]
    result = command_result(results)
    assert (result["rc"], result["stdout_lines"]) == (3, ["a", "b"])


@pytest.mark.parametrize(
    ("options", "mistake"),
    [({"argv": []}, "at least the command"), ({"argv": ["ls"], "timeout": 0}, "at least 1 second")],
)
def test_mistakes_are_reported_before_a_request(api, module_of, options, mistake):
    module = module_of(**{"name": "web", "timeout": 60, "stdin": None, **options})
    with pytest.raises(KubeError, match=mistake):
        run_command(module)
    assert api.log == []
