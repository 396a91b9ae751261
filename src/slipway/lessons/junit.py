"""Claims as JUnit XML, which every CI shows: a lesson is a suite, a claim a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree


def junit(results: Iterable[Mapping[str, Any]]) -> str:
    """Return the results of lessons (:func:`slipway.lessons.show.as_dict`) as XML."""
    suites = ElementTree.Element("testsuites", name="slipway lessons")
    for result in results:
        claims = result["claims"]
        failed = [claim for claim in claims if claim["passed"] is False]
        skipped = [claim for claim in claims if claim["passed"] is None]
        suite = ElementTree.SubElement(
            suites,
            "testsuite",
            name=result["lesson"],
            tests=str(len(claims)),
            failures=str(len(failed)),
            skipped=str(len(skipped)),
            errors=str(int(bool(result["error"]))),
            time=str(result["seconds"] or 0),
        )
        for claim in claims:
            case = ElementTree.SubElement(
                suite, "testcase", classname=f"lessons.{result['lesson']}", name=claim["name"]
            )
            if claim["passed"] is None:
                ElementTree.SubElement(case, "skipped", message=claim["seen"])
            elif not claim["passed"]:
                told = f"expected {claim['expected']}; seen {claim['seen']}"
                ElementTree.SubElement(case, "failure", message=told)
        if result["error"]:
            ElementTree.SubElement(suite, "system-err").text = result["error"]["reason"]
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"
