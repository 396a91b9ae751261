"""Set the scene of tasks: start, continue, reset and end the practice of a lesson."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.checks import check_task
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import FILE, PracticeError
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.session import Practice
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import Task


def find_task(practice: Practice, name: str) -> Task:
    """Return a task or a puzzle.

    Raises:
        PracticeError: The lesson has no such task, or it needs more than there is.
    """
    if name in practice.left_out:
        need, next_step = practice.left_out[name]
        raise PracticeError(f"{name} of {practice.scene.lesson} needs {need}", next_step)
    if name not in (known := practice.tasks.names()):
        raise PracticeError(
            f"Unknown task {name!r} of the lesson {practice.scene.lesson}",
            f"tasks: {', '.join(known)}",
        )
    return practice.tasks.get(name)


def begin_task(practice: Practice, name: str) -> None:
    """Make a task or a puzzle the current one, and set its scene.

    Raises:
        PracticeError: As for :func:`find_task`, or the scene could not be set.
    """
    practice.begin(find_task(practice, name).name)
    reset_task(practice)


def next_task(practice: Practice) -> bool:
    """Continue with the next task; return whether the lesson has one.

    Raises:
        PracticeError: The scene of the task could not be set.
    """
    names = practice.names
    if practice.current in names:
        position = names.index(practice.current)
    else:  # after a puzzle, the course continues behind the last task that is done
        done = [name for name in names if practice.record.of(name).green]
        position = names.index(done[-1]) if done else -1
    if position + 1 == len(names):
        return False
    practice.begin(names[position + 1])
    if practice.task().fresh:
        reset_task(practice)
    return True


def reset_task(practice: Practice) -> None:
    """Restore the state in which the current task starts.

    Raises:
        PracticeError: The namespace is not one of a practice, or a command failed.
    """
    scene = practice.scene
    emptied = scene.empty()
    if emptied.code:
        raise PracticeError(emptied.error.strip() or "the namespace could not be emptied")
    scene.clean(practice.tasks.clean)
    for task in practice.tasks.before(practice.current):
        scene.run_all(task.scene)
        scene.run_all(task.solution)
        check_task(scene, task, task.settle)
    scene.run_all(practice.task().scene)


def restart_lesson(practice: Practice) -> None:
    """Begin the lesson again, with an empty record.

    Raises:
        PracticeError: The scene could not be set.
    """
    practice.record.tasks.clear()
    begin_task(practice, practice.names[0])


def end_practice(practice: Practice) -> None:
    """Remove all objects of the practice; the record stays.

    Raises:
        PracticeError: The namespace is not one of a practice, or a command failed.
    """
    scene = practice.scene
    emptied = scene.empty()
    if emptied.code and "NotFound" not in emptied.error:
        raise PracticeError(emptied.error.strip())
    scene.clean(practice.tasks.clean)
    if not scene.class_name:  # the namespace of a student belongs to the class
        scene.kubectl(["delete", "namespace", scene.namespace, "--ignore-not-found"])
    (practice.state / FILE).unlink(missing_ok=True)
