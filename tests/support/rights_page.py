"""Write and read ``docs/rights.md``: the rights that each module needs.

Run it in the checkout: ``PYTHONPATH=src:collections:tests python -m support.rights_page``
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from support.rights import VERBS, Right
from support.rights_recorder import FAILS, outcome_without, used_rights
from support.rights_scenarios import SCENARIOS, Scenario

PAGE = Path(__file__).resolve().parents[2] / "docs/rights.md"
HEAD = """\
<!-- Generated from requests. Edit tests/support/rights_scenarios.py, then run: python -m support.rights_page -->
# Rights that the modules need

Each table has the rights for a Role (scope `namespace`) or a ClusterRole (scope `cluster`), and what a task does
without one of them: it fails with a message that has the verb and the resource, or it continues and returns a warning.

The rights come from the requests that the modules send. `tests/server/test_rights.py` runs each of these tasks on a
real API server: with exactly these rights, and again without each of them. "+" means in addition to the rights of the
table's first task, and of tasks that it includes.

- Discovery and `/version` need no right of their own; Kubernetes gives them to all accounts (`system:discovery`).
- An apply that creates an object needs `patch` and `create`.
- A Role or RoleBinding in a task needs all rights that it grants, or `escalate` and `bind`.
- `workload` looks for objects that an application no longer declares in all kinds of the short form. Without the
  right to list one of them it continues, and such objects stay. A wait for pods, `prune` and `recreate` fail without
  the right to list the kind that they act on. A wait for an object without pods, such as a custom resource, ends with
  a warning.
- Before it deletes or recreates workloads or custom resources, a task lists the claims of their namespace, and reads
  the owners of claims. Without these rights it continues with a warning. Before it deletes a definition, it lists
  the objects of its kind, or fails.
- A wait for a claim that has no volume yet reads its StorageClass (`get` of `storageclasses.storage.k8s.io`, scope
  `cluster`). Without this right it does not wait for the claim, and returns a warning.
- `recreate` of a StatefulSet whose templates of claims have grown lists and patches these claims.
- With `manifests`, a task needs the verbs of the first table on the resources of these kinds.
- The action plugin of `workload` reads the cluster with `release_info` before it renders a chart.
"""
ROW = re.compile(r"\| (.*?) \| ?(.*?) \| (.*?) \| ?(.*?) \| ?(.*?) \|")


def earlier(scenario: Scenario) -> list[Scenario]:
    """Return the scenarios whose rights a scenario needs too."""
    found = []
    for name in scenario.adds_to:
        other = by_name(scenario.module, name)
        found += [other, *earlier(other)]
    return found


def by_name(module: str, name: str) -> Scenario:
    """Return a scenario."""
    return next(one for one in SCENARIOS if (one.module, one.name) == (module, name))


def own_rights(used: dict[Scenario, set[Right]], scenario: Scenario) -> set[Right]:
    """Return the rights of a scenario that those it adds to do not have."""
    return used[scenario].difference(*(used[one] for one in earlier(scenario)))


def write() -> None:
    """Write the page."""
    used = {scenario: used_rights(scenario) for scenario in SCENARIOS}
    text = [HEAD]
    module = ""
    for scenario in SCENARIOS:
        if scenario.module != module:
            module = scenario.module
            text.append(f"\n## `{module}`\n")
            text += ["| task | verbs | resource | scope | without it |", "|---|---|---|---|---|"]
        text += rows(scenario, own_rights(used, scenario))
    PAGE.write_text("\n".join(text) + "\n", encoding="utf-8")


def rows(scenario: Scenario, rights: Iterable[Right]) -> list[str]:
    """Return the rows of a scenario: resources with the same verbs, scope and outcome share one."""
    outcomes: dict[tuple[str, str, str], list[str]] = {}
    for right in sorted(rights):
        key = (right.named, right.scope, outcome_without(scenario, right))
        outcomes.setdefault(key, []).append(right.verb)
    # a watch begins with a list, and is not needed when the list is enough by chance
    for (named, scope, what), verbs in list(outcomes.items()):
        if verbs == ["watch"] and (named, scope, FAILS) in outcomes and what != FAILS:
            outcomes[(named, scope, FAILS)] += outcomes.pop((named, scope, what))
    merged: dict[tuple[str, str, str], list[str]] = {}
    for (named, scope, what), verbs in sorted(outcomes.items()):
        merged.setdefault((", ".join(sorted(verbs, key=VERBS.index)), scope, what), []).append(
            named
        )
    label = ("+ " if scenario.adds_to else "") + scenario.name
    return [
        f"| {label} | {verbs} | {', '.join(named)} | {scope} | {what} |"
        for (verbs, scope, what), named in sorted(merged.items(), key=lambda row: row[0][2])
    ] or [f"| {label} | | none further | | |"]


def read() -> dict[tuple[str, str], dict[Right, str]]:
    """Return the own rights of each scenario with what becomes of the task without them, by module and name."""
    found: dict[tuple[str, str], dict[Right, str]] = {}
    module = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            module = line[3:].strip("`")
        match = ROW.fullmatch(line)
        if not match or not module or match[1] in ("task", "---"):
            continue
        rights = found.setdefault((module, match[1].removeprefix("+ ")), {})
        for named in match[3].split(", ") if match[2] else ():
            resource, _, group = named.partition(".")
            for verb in match[2].split(", "):
                rights[Right(resource, group, match[4], verb)] = match[5]
    return found


if __name__ == "__main__":
    write()
