# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Lookup plugin: request several URLs at the same time from the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
name: http_answers
short_description: Request several URLs at the same time
version_added: 0.3.0
description:
  - Requests all URLs at the same time from the controller, and returns an answer for each, in their order. A loop over
    M(ansible.builtin.uri) starts a program for each URL.
  - No proxy is used. A server that does not answer is a result, not an error.
options:
  _terms:
    description: The URLs.
    type: list
    elements: str
    required: true
  method:
    description: Method of the requests.
    type: str
    choices: [GET, HEAD]
    default: GET
  headers:
    description: Headers of the requests.
    type: dict
    default: {}
  ca:
    description: File with the certificates of the authorities that may have signed those of the servers.
    type: path
  validate_certs:
    description: Whether to verify the certificates of the servers.
    type: bool
    default: true
  timeout:
    description: Seconds to wait for one answer.
    type: float
    default: 3
  wait:
    description: Seconds in which a request is repeated every second that gets no answer, or a status of 500 or more.
    type: float
    default: 0
seealso:
  - module: ansible.builtin.uri
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Find the servers that are ready
  ansible.builtin.set_fact:
    ready: "{{ answers | selectattr('status', 'equalto', 200) | map(attribute='url') }}"
  vars:
    answers: "{{ query('slipway.lab.http_answers', *urls, timeout=2) }}"
"""

RETURN = r"""
_raw:
  description: The answers, in the order of the URLs.
  type: list
  elements: dict
  contains:
    url:
      description: The URL.
      type: str
    status:
      description: Status of the answer, or 0 without one.
      type: int
    headers:
      description: Headers of the answer, with their names in lower case.
      type: dict
    content:
      description: Text of the answer.
      type: str
"""

import ssl
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

from ansible.errors import AnsibleLookupError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.lookup import LookupBase

CONNECTIONS = 8
OPTIONS = {
    "method": {"type": "str", "choices": ["GET", "HEAD"], "default": "GET"},
    "headers": {"type": "dict", "default": {}},
    "ca": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
    "timeout": {"type": "float", "default": 3},
    "wait": {"type": "float", "default": 0},
}


class LookupModule(LookupBase):
    """Request the URLs that are the terms."""

    def run(self, terms: list, variables: dict | None = None, **options) -> list[dict]:
        """Return the answers.

        Args:
            terms: The URLs.
            variables: Variables of the play, which have no effect.
            **options: The options of this plugin.

        Raises:
            AnsibleLookupError: An option is not valid, or the file with the authorities cannot be read.
        """
        checked = ArgumentSpecValidator(OPTIONS).validate(options)
        if checked.error_messages:
            raise AnsibleLookupError(
                f"slipway.lab.http_answers: {'; '.join(checked.error_messages)}"
            )
        given = checked.validated_parameters
        deadline = time.monotonic() + given["wait"]
        opener = _opener(given["ca"], given["validate_certs"])
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            return list(pool.map(lambda url: _ask(opener, url, given, deadline), terms))


def _opener(ca: str | None, validate_certs: bool) -> urllib.request.OpenerDirector:
    """Return what opens URLs without a proxy."""
    try:
        context = ssl.create_default_context(cafile=ca)
    except OSError as error:
        raise AnsibleLookupError(f"slipway.lab.http_answers: {ca}: {error}") from error
    if not validate_certs:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )


def _ask(opener: urllib.request.OpenerDirector, url: str, given: dict, deadline: float) -> dict:
    """Return the answer of one URL, which is asked again until the deadline."""
    while True:
        answer = _request(opener, url, given)
        if 0 < answer["status"] < 500 or time.monotonic() >= deadline:
            return answer
        time.sleep(1)


def _request(opener: urllib.request.OpenerDirector, url: str, given: dict) -> dict:
    """Return the answer of one request."""
    request = urllib.request.Request(url, headers=given["headers"], method=given["method"])
    try:
        with opener.open(request, timeout=given["timeout"]) as response:
            return _answer(url, response)
    except urllib.error.HTTPError as refused:
        with refused:
            return _answer(url, refused)
    except (OSError, HTTPException):
        return {"url": url, "status": 0, "headers": {}, "content": ""}


def _answer(url: str, response) -> dict:
    """Return the parts of an answer."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    content = response.read().decode(errors="replace")
    return {"url": url, "status": response.status, "headers": headers, "content": content}
