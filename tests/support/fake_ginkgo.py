"""A made-up ginkgo: it reads a plan, and writes its log and the JUnit file as the real one does."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path
from xml.sax.saxutils import quoteattr

PROGRAM = """#!{python}
import json, os, re, signal, sys, time
from pathlib import Path
here = Path(__file__).parent
plan = json.loads((here / "plan.json").read_text())
with (here / "calls").open("a") as calls:
    repos = os.environ.get("KUBE_TEST_REPO_LIST")
    foreign = [name for name in os.environ if name.lower().endswith("_proxy") or name == "SLIPWAY_RUN"]
    text = Path(repos).read_text() if repos else ""
    calls.write(json.dumps({{"words": sys.argv[1:], "registries": text, "foreign": foreign}}) + "\\n")
options = dict(word.lstrip("-").partition("=")[::2] for word in sys.argv[1:])
dry = "dry-run" in options
print("said by ginkgo")
if plan.get("hang") and not dry:
    signal.signal(signal.SIGINT, lambda *_: ((here / "interrupted").touch(), sys.exit(1)))
    (here / "started").touch()
    time.sleep(60)
cases = []
failed = False
for name, state in plan["tests"].items():
    chosen = re.search(options["focus"], "test/e2e " + name)
    if "skip" in options:
        chosen = chosen and not re.search(options["skip"], name)
    state = "left out" if not chosen else "passed" if dry else state
    failed = failed or state == "failed"
    if not dry and state in ("passed", "failed"):
        print("SS\\u2022" + (" [FAILED] [1.500 seconds]\\n" if state == "failed" else ""), end="", flush=True)
    cases.append((name, state))
print("S" * 30, flush=True)
time.sleep(plan.get("seconds", 0) if not dry else 0)
sys.path.insert(0, {support!r})
from support.fake_ginkgo import junit
if not plan.get("no_report"):
    report = Path(options["report-dir"]) / "junit_01.xml"
    report.write_text(junit(cases, plan.get("suite_error", "") if not dry else ""))
sys.exit(plan.get("dry_code" if dry else "code", int(failed)))
"""


def fake_ginkgo(directory: Path, tests: dict[str, str], **more) -> Path:
    """Write the program and its plan; return the directory.

    Args:
        directory: Where ``ginkgo`` and ``plan.json`` are written, and ``calls`` for each call.
        tests: What becomes of each test, by name: ``passed``, ``failed`` or ``skipped``.
        more: ``code`` and ``dry_code`` (exit codes), ``hang``, ``seconds``, ``no_report``, ``suite_error``.
    """
    program = directory / "ginkgo"
    support = str(Path(__file__).resolve().parents[1])
    program.write_text(PROGRAM.format(python=sys.executable, support=support))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (directory / "plan.json").write_text(json.dumps({"tests": tests, **more}))
    return directory


def calls(directory: Path) -> list[dict]:
    """Return the calls of the program so far: ``words``, ``registries`` and ``foreign``, variables of others."""
    return [json.loads(line) for line in (directory / "calls").read_text().splitlines()]


def junit(cases: list[tuple[str, str]], suite_error: str = "") -> str:
    """Return the text of a JUnit file in the form that ginkgo 2.27 writes."""
    details = {
        "passed": "",
        "left out": '<skipped message="skipped"></skipped>',
        "skipped": '<skipped message="skipped - needs 2 nodes"></skipped>',
        "failed": '<failure type="failed">[FAILED] expected 200, got 503\n'
        "In [It] at: pods.go:12</failure><system-err>the events of the pod</system-err>",
    }
    lines = ['<testcase name="[ReportBeforeSuite]" status="passed" time="0"></testcase>']
    if suite_error:
        failure = f'<failure type="failed">{suite_error}</failure>'
        lines.append(
            f'<testcase name="[SynchronizedBeforeSuite]" status="failed" time="1">{failure}</testcase>'
        )
    for name, state in cases:
        status = "skipped" if state == "left out" else state
        lines.append(
            f'<testcase name={quoteattr("[It] " + name)} status="{status}" time="1.5">{details[state]}</testcase>'
        )
    return f"<testsuites><testsuite>{''.join(lines)}</testsuite></testsuites>"
