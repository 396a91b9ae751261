"""YAML and JSON as Kubernetes means them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

try:
    import yaml

    _Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
except ImportError:
    # reported with instructions by kube_config.api_client
    yaml, _Base = None, object


# Characters by which Ansible replaces bytes that are not UTF-8, such as those of UTF-16.
NOT_UTF8 = re.compile("[\ud800-\udfff]")
# At the start of a text and of each document, as files of Windows have it.
BYTE_ORDER_MARK = re.compile(r"(\A|\n---[^\n]*\n|\n(?=\ufeff---))\ufeff")
BLANK = re.compile(r"[ \t\r\n]*")
TEXT = "tag:yaml.org,2002:str"


class _Loader(_Base):
    """Gives what JSON has: text for dates, text as keys, whole numbers. Looks for keys that are given twice."""

    def __init__(self, text: str, duplicates: list[str] | None):
        super().__init__(text)
        self._duplicates = duplicates

    def construct_mapping(self, node, deep=False):
        """Load YAML as the base class does, but look for duplicate keys."""
        seen = set()
        for key, _ in node.value:
            if key.tag != "tag:yaml.org,2002:merge" and isinstance(key.value, str):
                if key.value in seen:
                    self._note_duplicate(key)
                seen.add(key.value)
        self.flatten_mapping(node)
        node.value = [(self._text_key(key), value) for key, value in node.value]
        return super().construct_mapping(node, deep)

    def _text_key(self, node):
        """Return the node of a key as text: JSON has no other keys."""
        if not isinstance(node, yaml.ScalarNode) or node.tag == TEXT:
            return node
        key = self.construct_object(node)
        if key is None:
            raise _mistake(node, "a key is empty (null)")
        text = str(key).lower() if isinstance(key, bool) else str(key)
        return yaml.ScalarNode(TEXT, text, node.start_mark)

    def _note_duplicate(self, key) -> None:
        problem = f"key {key.value!r} is given twice"
        if self._duplicates is None:
            raise _mistake(key, problem)
        self._duplicates.append(f"{problem} (line {key.start_mark.line + 1})")


def _mistake(node, problem: str) -> Exception:
    return yaml.constructor.ConstructorError(None, None, problem, node.start_mark)


# Kubernetes reads none of these: dates, "=" as a default value, and numbers in base 60 (22:30). It reads octal numbers
# of YAML 1.1 (0644) and of YAML 1.2 (0o644).
_NUMBERS = {
    "tag:yaml.org,2002:int": r"[-+]?(?:0b[01_]+|0o?[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+)",
    "tag:yaml.org,2002:float": r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?[0-9]+[eE][-+]?[0-9]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
}


def _resolvers() -> dict[str, list[tuple[str, re.Pattern]]]:
    left_out = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value"}
    patterns = {tag: re.compile(f"^(?:{text})$") for tag, text in _NUMBERS.items()}
    return {
        first: [(tag, patterns.get(tag, found)) for tag, found in rules if tag not in left_out]
        for first, rules in _Base.yaml_implicit_resolvers.items()
    }


def _decoded(loader, node) -> str:
    """Return the text that was tagged as binary, as kubectl does."""
    try:
        return loader.construct_yaml_binary(node).decode()
    except UnicodeDecodeError as error:
        problem = "binary content is not valid text; give its base64 without the tag !!binary"
        raise _mistake(node, problem) from error


def _number(loader, node) -> int | float | str:
    """Return a number as kubectl does: whole ones without a fraction, and one that is too large as its text."""
    number = loader.construct_yaml_float(node)
    if math.isfinite(number):
        return int(number) if number.is_integer() else number
    if "n" in node.value.lower():
        raise _mistake(node, f"{node.value} is a number that JSON does not have; quote it")
    return node.value


def _unknown(loader, tag: str, node) -> None:
    raise _mistake(node, f"the tag !{tag} has no meaning in a manifest; give the value without it")


if yaml:
    _Loader.yaml_implicit_resolvers = _resolvers()
    _Loader.add_constructor("tag:yaml.org,2002:binary", _decoded)
    _Loader.add_constructor("tag:yaml.org,2002:float", _number)
    _Loader.add_multi_constructor("!", _unknown)
    for _tag in ("timestamp", "merge"):
        _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _Base.construct_yaml_str)
    for _tag in ("set", "omap", "pairs"):
        _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _Base.construct_undefined)


def _json_documents(text: str) -> list[Any]:
    """Return the documents of a JSON text, one after the other.

    YAML knows neither tabs between values nor characters that are written as two escapes, as some writers of JSON do.

    Raises:
        ValueError: The text is not JSON, or has a key twice.
    """
    decoder = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_number)
    found, place = [], 0
    while place < len(text):
        document, place = decoder.raw_decode(text, place)
        found.append(document)
        place = BLANK.match(text, place).end()
    if "\\u" in text and NOT_UTF8.search(json.dumps(found, ensure_ascii=False)):
        raise ValueError("half of a character")
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key is given twice")
    return dict(pairs)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def documents(text: str, duplicates: list[str] | None = None) -> Iterator[Any]:
    """Yield the documents of a text.

    Args:
        text: The YAML.
        duplicates: Receives the keys that a mapping has twice; the last value counts. Without it,
            such a key is a mistake.

    Raises:
        ValueError: The text is not valid.
    """
    if NOT_UTF8.search(text):
        raise ValueError("it is not encoded in UTF-8; convert it, with iconv for example")
    text = BYTE_ORDER_MARK.sub(r"\1", text)
    if text.lstrip().startswith("{"):
        try:
            found = _json_documents(text.strip())
        except ValueError:
            pass  # it may be YAML, whose errors name the line
        else:
            yield from found
            return
    loader = _Loader(text, duplicates)
    try:
        while loader.check_data():
            yield loader.get_data()
    except yaml.YAMLError as error:
        hint = "; it has {{ }}, so it may be a template: give it as one" if "{{" in text else ""
        raise ValueError(" ".join(str(error).split()) + hint) from error
    finally:
        loader.dispose()
