"""The one family of errors that the Kubernetes modules turn into a failed task."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError

# Texts of the API server for changes that only a new object can have. Custom resources have their own.
IMMUTABLE = (
    "immutable",
    "cannot change roleref",
    "may not be changed",
    "may not change",
    "cannot be changed",
    "updates to ",
    "read-only",
)
# Webhooks and policies answer with a status of their choice, and deny for other reasons too.
DENIED_CHANGE = re.compile(
    r"immutable|(may|must|can) ?not change (the|these|this) fields?|fields? \S* ?(may|must|can) ?not be changed"
)
DENIED = re.compile("denied (the )?request")
# The API server has no words for a number or a boolean in the place of a string.
NO_STRING = re.compile(r"expected string, got &value\.valueUnstructured\{Value:([^{}]*)\}")
# Values of templates are often text.
NO_NUMBER = re.compile(r"expected numeric \(int or float\), got string")
# A number of a port that is text counts as the name of one.
NO_PORT = re.compile(r'(Invalid value: "\d+"): must contain at least one letter \(a-z\)')
# A single value, or a list, where the schema has another form. The API server prints it as a value of Go.
OTHER_FORM = re.compile(r"expected (list|map), got &[\w.]*\{.*\}")
FORMS = {
    "list": "must be a list; begin each entry with a dash",
    "map": "must be a mapping of keys to values",
}
# In a refusal of a patch, the API server quotes the whole object, with the content of a Secret.
WHOLE_OBJECT = re.compile(r'(?: "" is invalid: )?patch: Invalid value: "(?:[^"\\]|\\.)*": ')
# The declaration does not fit the schema, with the status 500.
UNTYPED = "typed patch object"
# An entry of a list that has the keys of another one.
REPEATED = "duplicate entries for key"


class KubeError(SlipwayError):
    """The family of errors around a Kubernetes API server. ``done`` are the changes that were made before."""

    done: Sequence = ()


class ConfigError(KubeError):
    """No usable way to an API server: kubeconfig, context, credentials."""


class UnreachableError(KubeError):
    """The API server gave no answer. ``final`` means that a retry cannot succeed."""

    def __init__(self, message: str, final: bool = False, sent: bool = True, **result):
        super().__init__(message, **result)
        self.final = final
        self.sent = sent


class UnseenError(KubeError):
    """The state of an object cannot be seen, so nothing is known about it: neither success nor failure."""


class ApiError(KubeError):
    """The API server answered with an error (a ``Status`` object, or no JSON at all)."""

    def __init__(self, status: int, body: dict, method: str, path: str, retry_after: float = 0.0):
        self.status = status
        self.body = body if isinstance(body, dict) else {}
        self.reason = self.body.get("reason") or f"HTTP {status}"
        self.retry_after = retry_after
        # an earlier attempt of the same request may have arrived
        self.after_lost_answer = False
        self.causes = (self.body.get("details") or {}).get("causes") or []
        super().__init__(
            _explain(status, self.reason, self._message(), method, path),
            status=status,
            reason=self.reason,
        )

    def _message(self) -> str:
        """Return the message of the API server without an object in it."""
        return WHOLE_OBJECT.sub("the patch is not valid: ", self.body.get("message") or "")

    @property
    def immutable(self) -> bool:
        """Return whether a field was to be changed that can only be set at creation."""
        text = (self.body.get("message") or "").lower()
        if self.status != 422 and DENIED.search(text):
            return DENIED_CHANGE.search(text) is not None
        return self.status == 422 and any(mark in text for mark in IMMUTABLE)

    @property
    def refuses_content(self) -> bool:
        """Return whether the content of the object is the reason: its schema, or a rule of validation."""
        return self.status == 422 or UNTYPED in (self.body.get("message") or "")

    @property
    def transient(self) -> bool:
        """Return whether the same request may succeed later."""
        if UNTYPED in (self.body.get("message") or ""):
            return False  # a declaration with a field that the server does not know
        return self.status == 429 or self.status in (500, 502, 503, 504)

    def conflicts(self) -> list[dict]:
        """Return the fields that another manager owns: ``[{"field": str, "owner": str}]``."""
        return [
            {"field": cause.get("field", ""), "owner": _owner(cause.get("message", ""))}
            for cause in self.causes
            if cause.get("reason") == "FieldManagerConflict"
        ]


def raise_together(answers: Iterable[object], **result: Any) -> None:
    """Raise one error for all errors among the answers of concurrent work, if there are any.

    Args:
        answers: Results and errors.
        **result: The result of the error, besides that of the first one.

    Raises:
        KubeError: There is an error.
    """
    errors = [answer for answer in answers if isinstance(answer, KubeError)]
    if errors:
        raise KubeError("\n".join(map(str, errors)), **{**result, **errors[0].result})


def _owner(message: str) -> str:
    """Return the manager's name in the text of a conflict: ``conflict with "NAME" using apps/v1``."""
    parts = message.split('"')
    return parts[1] if len(parts) > 2 else message


def _explain(status: int, reason: str, message: str, method: str, path: str) -> str:
    target = path.split("?")[0]
    if status == 401:
        return (
            "the API server refused the credentials (401 Unauthorized): a token or client "
            "certificate "
            "that is wrong or has expired; renew it or choose another context"
        )
    if status == 403 and '"system:anonymous"' in message:
        return (
            f"the API server recognized no credentials in the request: {message}; it does not accept names with "
            "passwords; use a token, a client certificate or a plugin"
        )
    if status == 403:
        return f"not allowed (RBAC or admission): {message or f'{method} {target}'}"
    if status == 500 and "failed calling webhook" in message:
        return (
            f"{message}; the API server asks this webhook before it accepts the object, so nothing was changed: repair "
            "what serves the webhook, or remove its ValidatingWebhookConfiguration or MutatingWebhookConfiguration"
        )
    if status == 500 and message.startswith("conversion webhook for"):
        return (
            f"{message}; the API server reads and writes objects of this kind only with this webhook: repair what "
            "serves it (spec.conversion of the CustomResourceDefinition)"
        )
    group, _, version = target.removeprefix("/apis/").partition("/")
    if status == 503 and target.startswith("/apis/") and "." in group and not message:
        name = f"{version.partition('/')[0]}.{group}"
        return (
            f"{method} {target}: the API server does not reach what serves the API group {group}; "
            f"`kubectl get apiservice {name}` shows the reason"
        )
    if not message:
        return (
            f"{method} {target}: unexpected answer, {reason}; is that the port of a Kubernetes API?"
        )
    if REPEATED in message:
        return f"{message}; server-side apply takes each entry once, so remove the repeated one"
    return _explain_type(message)


def _explain_type(message: str) -> str:
    """Return a refusal in which values of the wrong type are written as in the manifest."""
    message = OTHER_FORM.sub(lambda found: FORMS[found[1]], message)
    message = NO_NUMBER.sub("is text and no number; in a template, the filter int helps", message)
    message = NO_PORT.sub(
        r"\1: is text and no number; in a template, the filter int helps", message
    )
    return NO_STRING.sub(r"\1 is not a string; quote it", message)
