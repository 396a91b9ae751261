"""Practice of a lesson by the student: tasks, checks of their outcome, hints, solutions, progress."""
