"""The configuration file ``slipway.toml``: defaults for flags."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from slipway.errors import UsageError

NAME = "slipway.toml"


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: object) -> list[str] | None:
    values = [value] if isinstance(value, str) else value
    if isinstance(values, list) and all(isinstance(one, str) for one in values):
        return values
    return None


def _language(value: object) -> str | None:
    return str(value) if value in ("en", "ko") else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


# Each key, the function that returns its value or None, and what it takes.
KEYS = {
    "lab": (_text, "a name"),
    "inventory": (_texts, "a path or a list of paths"),
    "services": (_texts, "a name or a list of names"),
    "lang": (_language, '"en" or "ko"'),
    "quiet": (_flag, "true or false"),
}


def config_files(root: Path, environ: Mapping[str, str]) -> list[Path]:
    """Return the places of the file: the user's, then the checkout's, which overrides it."""
    home = Path(environ.get("HOME") or Path.home())
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    return [config / "slipway" / NAME, root / NAME]


def read_config(files: Iterable[Path]) -> dict[str, Any]:
    """Return the values of the files; later files override earlier ones.

    Raises:
        UsageError: A file is not TOML, or has a key or a value that Slipway does not know.
    """
    found: dict[str, Any] = {}
    for path in files:
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError) as problem:
            raise UsageError(f"{path}: {problem}") from None
        found.update({name: _value(path, name, value) for name, value in content.items()})
    return found


def _value(path: Path, name: str, value: object) -> Any:
    if name not in KEYS:
        raise UsageError(f"{path}: unknown key {name!r}. Available: {', '.join(KEYS)}.")
    read, takes = KEYS[name]
    result = read(value)
    if result is None:
        raise UsageError(f"{path}: {name} must be {takes}")
    if name == "inventory":  # relative paths count from the file
        return [one if "," in one else str(path.parent / one) for one in result]
    return result


def option_defaults(config: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the values as defaults of options, by the options' names.

    Args:
        config: As from :func:`read_config`.
        environ: Environment variables, which override the file.
    """
    defaults = dict(config)
    if environ.get("ANSIBLE_INVENTORY"):
        defaults.pop("inventory", None)
    if "services" in defaults:
        defaults["services"] = ",".join(defaults["services"])
    return defaults
