"""Evidence of a lesson for the tests."""

import json


def claim(name, passed, **more):
    """Return a claim as the evidence file has it."""
    return {
        "name": name, "passed": passed, "figure": None, "unit": "", "expected": "4", "seen": "3",
        "step": None, "at": 0.0, **more,
    }  # fmt: skip


def evidence(*claims, **more):
    """Return the evidence of a run."""
    held = all(one["passed"] is not False for one in claims)
    return {
        "passed": held,
        "claims": list(claims),
        "seconds": 61.0,
        "error": None,
        "began": 1e12,
        **more,
    }


def write_evidence(project, lesson, content, suffix=""):
    """Write an evidence file of a lab."""
    folder = project.state / "lessons"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{lesson}{suffix}.json").write_text(json.dumps(content))
