"""Decide whether the pull of an image can succeed later, by the text of its error."""

from __future__ import annotations

import re

FINAL_PULL = (
    "not found",
    "notfound",
    "manifest unknown",
    "manifest_unknown",
    "unauthorized",
    "authorization failed",
    "access denied",
    "denied:",
    "forbidden",
    "does not exist",
    "no match for platform",
    "invalid reference",
    "couldn't parse image",
    "server gave http response to https client",
    "x509:",
)
TRANSIENT_PULL = (
    "no such host",
    "timeout",
    "timed out",
    "connection refused",
    "connection reset",
    "eof",
    "toomanyrequests",
    "too many requests",
    "server misbehaving",
    "temporary failure",
    "500 internal",
    "502 bad",
    "503 service",
    "504 gateway",
)


def pull_is_final(message: str) -> bool:
    """Return whether a failed pull says "there is no such image" or "you may not", and not "try again"."""
    # names of images are quoted, and can contain any word
    text = re.sub(r'"[^"]*"', "", message.lower())
    if any(mark in text for mark in TRANSIENT_PULL):
        return False
    return any(mark in text for mark in FINAL_PULL)
