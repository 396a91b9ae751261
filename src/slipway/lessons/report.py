"""Write the report of the lessons: the page, and JSON and JUnit XML beside it."""

from __future__ import annotations

import json
from pathlib import Path

from slipway.lab.project import Project
from slipway.lessons.catalogue import lessons
from slipway.lessons.junit import junit
from slipway.lessons.page import page
from slipway.lessons.show import as_dict


def write_report(project: Project, target: Path, language: str) -> list[dict]:
    """Write the page, and JSON and JUnit XML beside it.

    Args:
        project: The project and its lab.
        target: Path of the page.
        language: Language that the page shows first.

    Returns:
        The results of the lessons that were run, in the order of the catalogue.
    """
    every = lessons(project)
    results = [as_dict(one.name, found) for one in every if (found := one.evidence(project))]
    if not results:
        return []
    target.parent.mkdir(parents=True, exist_ok=True)
    text = page(project, every, language)
    target.write_text(text, encoding="utf-8")
    # The lab's page, if the role front serves one, links to the report.
    if (served := project.state / "mirror/front/pages").is_dir():
        (served / "report.html").write_text(text, encoding="utf-8")
    content = json.dumps({"lab": project.lab, "lessons": results}, indent=2, ensure_ascii=False)
    target.with_suffix(".json").write_text(content + "\n", encoding="utf-8")
    target.with_suffix(".xml").write_text(junit(results), encoding="utf-8")
    return results
