"""The result of Kubernetes' tests, as their JUnit file records it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError

# The kind of a test case in its name. Others are steps of the suite, such as [SynchronizedBeforeSuite].
TEST = "[It] "
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
NOT_RUN = "the run ended before this test"


class ReportError(SlipwayError):
    """The tests left no report that can be read."""


@dataclass(frozen=True)
class Case:
    """One test, or a failed step of the suite.

    Attributes:
        name: The full name, without its kind.
        state: ``passed``, ``failed`` or ``skipped``.
        reason: Why it failed or was skipped, in a line.
        evidence: The output of the test, with the events of its namespace.
    """

    name: str
    state: str
    seconds: float = 0.0
    reason: str = ""
    evidence: str = ""


@dataclass
class Report:
    """The tests that were selected.

    Attributes:
        cases: The tests in the order of their names, and failed steps of the suite.
    """

    cases: list[Case] = field(default_factory=list)

    def of_state(self, state: str) -> list[Case]:
        """Return the tests that ended in that state."""
        return [case for case in self.cases if case.state == state]

    def completed(self, planned: Iterable[str]) -> Report:
        """Return the report with each planned test that is not in it as a failure: the run ended before it."""
        names = {case.name for case in self.cases}
        missing = [Case(name, FAILED, reason=NOT_RUN) for name in planned if name not in names]
        return Report([*self.cases, *missing])

    def counts(self) -> dict[str, int]:
        """Return the numbers of all, passed, failed and skipped tests."""
        states = {state: len(self.of_state(state)) for state in (PASSED, FAILED, SKIPPED)}
        return {"tests": len(self.cases), **states}


def read_report(path: Path) -> Report:
    """Read a JUnit file that ginkgo wrote.

    A test that the selection left out is recorded as skipped without a reason. It does not count.

    Raises:
        ReportError: There is no such file, or it is cut off.
    """
    try:
        cases = list(ElementTree.parse(path).getroot().iter("testcase"))
    except (OSError, ElementTree.ParseError) as error:
        raise ReportError(f"the report of the tests {path} cannot be read: {error}") from error
    read = (_case(case) for case in cases)
    return Report([case for case in read if case is not None])


def _case(element: ElementTree.Element) -> Case | None:
    name, status = element.get("name", ""), element.get("status", "")
    is_test = name.startswith(TEST)
    skipped = element.find("skipped")
    if status == PASSED or skipped is not None:
        reason = skipped.get("message", "") if skipped is not None else ""
        left_out = skipped is not None and not reason.startswith("skipped - ")
        if not is_test or left_out:
            return None
        state = PASSED if skipped is None else SKIPPED
        return Case(name[len(TEST) :], state, _seconds(element), reason[len("skipped - ") :])
    trouble = element.find("failure")
    trouble = element.find("error") if trouble is None else trouble
    text = (trouble.text or "").strip() if trouble is not None else ""
    output = [element.findtext(tag) or "" for tag in ("system-err", "system-out")]
    return Case(
        name[len(TEST) :] if is_test else name,
        FAILED,
        _seconds(element),
        first_line(text) or status,
        "\n\n".join(part for part in (text, *output) if part),
    )


def _seconds(element: ElementTree.Element) -> float:
    return float(element.get("time") or 0)


def first_line(text: str) -> str:
    """Return the first line of a failure that is not empty, without its prefix."""
    for line in text.splitlines():
        said = line.strip().removeprefix("[FAILED]").strip()
        if said:
            return said
    return ""
