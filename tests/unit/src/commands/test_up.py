"""Tests of ``slipway.commands.up``; test_converge.py has the rest."""


def test_foreign_arguments_are_refused(command):
    done = command("up", "lab1")
    assert done.exit_code == 2 and "flags of ansible-playbook go after --" in done.stderr


def test_the_size_of_the_cluster_is_short_for_variables(command, monkeypatch):
    given = []
    monkeypatch.setattr(
        "slipway.commands.up.converge",
        lambda name, playbooks, preflight, choice, options: given.extend(choice.extra_vars) or 0,
    )
    assert (
        command("up", "--nodes", "3", "--cpus", "2", "--memory", "4g", "-e", "a=b").exit_code == 0
    )
    assert given == [
        "a=b", '{"minikube_nodes": 3}', '{"minikube_cpus": "2"}', '{"minikube_memory": "4g"}',
    ]  # fmt: skip
    assert command("up", "--nodes", "0").exit_code == 2
