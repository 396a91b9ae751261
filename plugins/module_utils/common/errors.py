"""The root of all errors that Slipway's modules report."""

from __future__ import annotations


class SlipwayError(Exception):
    """An error that ends a task.

    A family of errors derives one class from this root, and each error of the family derives from
    that class. The runner turns every one of them into a failed task.

    Args:
        message: Names the cause and, where there is one, the next step.
        **result: Fields that the module returns beside ``msg``.
    """

    def __init__(self, message: str, **result):
        super().__init__(message)
        self.message = message
        self.result = result

    def __str__(self) -> str:
        return self.message


class InterruptedBySignalError(SlipwayError):
    """A signal ended the module before its work was finished."""
