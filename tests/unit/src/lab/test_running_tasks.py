"""Tests of ``slipway.lab.running_tasks``."""

from slipway.lab.running_tasks import RunningTask, RunningTasks


def task(uuid, phase="docker", began=0.0):
    return RunningTask(uuid=uuid, name=uuid.upper(), action="copy", phase=phase, began=began)


def test_hosts_share_a_task_and_leave_it():
    tasks = RunningTasks()
    tasks.start(task("a"), "lab1")
    tasks.start(task("a", began=5), "lab2")
    (one,) = tasks.of("docker")
    assert (one.hosts, one.began) == ({"lab1", "lab2"}, 0)
    tasks.end("lab1")
    assert one.hosts == {"lab2"}
    tasks.end("lab2")
    assert tasks.of("docker") == []


def test_hosts_run_different_tasks_at_the_same_time():
    tasks = RunningTasks()
    tasks.start(task("a"), "lab1")
    tasks.start(task("b", phase="mirror"), "localhost")
    assert [one.name for one in tasks.of("docker")] == ["A"]
    assert [one.name for one in tasks.of("mirror")] == ["B"]


def test_a_task_ends_with_the_next_one_of_its_host():
    tasks = RunningTasks()
    tasks.start(task("include"), "lab1")
    tasks.start(task("copy"), "lab1")
    assert [one.uuid for one in tasks.of("docker")] == ["copy"]


def test_a_task_is_shown_only_after_a_moment():
    tasks = RunningTasks()
    tasks.start(task("a", began=100), "lab1")
    assert tasks.visible("docker", 100.1) == []
    assert [one.uuid for one in tasks.visible("docker", 100.3)] == ["a"]


def test_attempts_are_noted():
    tasks = RunningTasks()
    tasks.start(task("a"), "lab1")
    tasks.note("a", "attempt 3 of 30")
    tasks.note("ended", "attempt 1 of 2")
    assert tasks.of("docker")[0].note == "attempt 3 of 30"


def test_tasks_of_all_phases_that_run_for_a_while():
    tasks = RunningTasks()
    tasks.start(task("a"), "lab1")
    tasks.start(task("b", phase="mirror", began=5), "localhost")
    assert [one.uuid for one in tasks.older(3, 6)] == ["a"]
