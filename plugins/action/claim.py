"""Action plugin of the module claim, which documents it."""

from __future__ import annotations

from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_action import LessonAction


class ActionModule(LessonAction):
    """Record whether a claim holds; a claim that does not hold never ends the play."""

    OPTIONS = {
        "name": True,
        "that": True,
        "figure": False,
        "unit": False,
        "expected": False,
        "seen": False,
        "skip": False,
    }
    LAZY = ("that", "figure", "expected", "seen", "skip")

    def act(self, given: dict[str, Any]) -> dict[str, Any]:
        """Evaluate the claim, record it and print it."""
        if reason := self._value(given.get("skip"), []):
            return self._skip(str(given["name"]), str(reason))
        conditions = given["that"] if isinstance(given["that"], list) else [given["that"]]
        problems: list[str] = []
        passed = self._holds(conditions, problems)
        figure = self._value(given.get("figure"), problems)
        if figure is not None:
            try:
                figure = float(figure)
                figure = int(figure) if figure.is_integer() else round(figure, 4)
            except (TypeError, ValueError):
                problems.append(f"the figure is not a number: {figure!r}")
                figure = None
        told = self._value(given.get("expected"), problems)
        seen = self._value(given.get("seen"), problems)
        evidence = self.evidence
        claim = evidence.add(
            "claims",
            name=str(given["name"]),
            passed=passed and not problems,
            figure=figure,
            unit=str(given.get("unit") or ""),
            expected=str(told if told is not None else " and ".join(map(str, conditions))),
            seen="; ".join([*([str(seen)] if seen is not None else []), *problems]),
        )
        known = self.text.claims
        words = known.get(claim["name"], claim["name"])
        measured = f" ({figure} {claim['unit']})".replace(" )", ")") if figure is not None else ""
        self.tell(
            f"{'✓' if claim['passed'] else '✗'} {words}{measured}",
            len(evidence.data["claims"]),
            len(known),
        )
        return {"claim": claim, "_ansible_verbose_always": True}

    def _skip(self, name: str, reason: str) -> dict[str, Any]:
        evidence = self.evidence
        claim = evidence.add(
            "claims", name=name, passed=None, figure=None, unit="", expected="", seen=reason
        )
        self.tell(
            f"- {self.text.claims.get(name, name)} ({reason})",
            len(evidence.data["claims"]),
            len(self.text.claims),
        )
        return {"claim": claim, "_ansible_verbose_always": True}

    def _holds(self, conditions: list[Any], problems: list[str]) -> bool:
        try:
            return all(self._templar.evaluate_conditional(one) for one in conditions)
        except Exception as error:  # noqa: BLE001 - whatever it is, the claim does not hold
            problems.append(f"not readable: {error}")
            return False

    def _value(self, template: Any, problems: list[str]) -> Any:
        try:
            return self._templar.template(template)
        except Exception as error:  # noqa: BLE001 - as above
            problems.append(str(error))
            return None
