"""Read JSON documents of the command, validated against their schemas."""

import json

import jsonschema

from slipway.schemas import schema


def read_document(name, text):
    """Return the one document in the text.

    Args:
        name: Name of the schema, from ``slipway.schemas.NAMES``.
        text: Standard output of a command with ``--json``.
    """
    document = json.loads(text)
    jsonschema.validate(document, schema(name))
    return document
