"""Label selectors as text."""

from __future__ import annotations


def selector_text(selector: dict) -> str:
    """Return a LabelSelector as the query parameter ``labelSelector``."""
    parts = [f"{name}={value}" for name, value in (selector.get("matchLabels") or {}).items()]
    for rule in selector.get("matchExpressions") or []:
        values = f"({','.join(rule.get('values') or [])})"
        parts.append(
            {
                "In": f"{rule['key']} in {values}",
                "NotIn": f"{rule['key']} notin {values}",
                "Exists": rule["key"],
                "DoesNotExist": f"!{rule['key']}",
            }[rule["operator"]]
        )
    return ",".join(parts)
