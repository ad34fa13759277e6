# SPDX-License-Identifier: ISC
"""Broken rules of FORMAT.md 4.6 and 4.7: the request, and connectors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import samples
from breaking import Break, change, put, replace
from breaks_values import REQUEST_VALUES

REQUEST_TEXTS: tuple[tuple[str, Callable[[bytes], bytes], int], ...] = (
    (
        "a key twice",
        replace(b'"request"', b'"due": "2026-02-01", "request"'),
        1,
    ),
    ("a byte order mark", lambda b: b"\xef\xbb\xbf" + b, 1),
    ("spaces", lambda b: b + b" \n\t\r\n", 0),
    ("more behind it", lambda b: b + b"{}", 1),
    ("an array", lambda b: b"[" + b + b"]", 1),
    ("nothing", lambda b: b"", 1),
    ("1 MiB", lambda b: b + b" " * ((1 << 20) - len(b)), 0),
    ("1 MiB and a byte", lambda b: b + b" " * ((1 << 20) + 1 - len(b)), 1),
)
CONNECTORS: tuple[tuple[str, bytes, int], ...] = (
    ("spaces", b' { "connector": {"key" : "svc"} }\n', 0),
    ("another key", b'{"connector": {"key": "two"}}', 0),
    ("no key", b'{"connector": {}}', 0),
    ("no object", b"[]", 0),
    ("no JSON", b"connector", 0),
    ("not UTF-8", b'{"connector": {"key": "svc", "x": "\xff"}}', 0),
)


def request_breaks() -> Iterator[Break]:
    """4.6 and 4.7"""
    path = "dossier/request.json"
    for key, items in REQUEST_VALUES.items():
        for value, status in items:
            content = json.dumps({**samples.REQUEST, key: value}).encode()
            action = put("files", path, content)
            yield Break(
                "4.6",
                f"request: {key}={value!r:.40}",
                "files",
                action,
                "case",
                status,
            )
    for name, function, status in REQUEST_TEXTS:
        action = change("files", path, function)
        yield Break("4.6", f"request: {name}", "files", action, "case", status)
    for name, content, status in CONNECTORS:
        action = put("files", "dossier/connectors/svc.json", content)
        yield Break(
            "4.7", f"connector: {name}", "lists", action, "case", status
        )
