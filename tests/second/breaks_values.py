# SPDX-License-Identifier: ISC
"""Values for the records of FORMAT.md section 4, and whether they may stand.

0 stands for a value that may, 1 for one that may not.
"""

from __future__ import annotations

from typing import Any

from maker import TIME

Table = dict[str, list[tuple[Any, int]]]  # by key

LONG_TEXT = "x" * 70000
BIG = 2**53
DOCUMENT_VALUES: Table = {
    "category": [
        ("no identifier!", 1),
        ("", 1),
        (7, 1),
        ("x" * 64, 0),
        ("x" * 65, 1),
    ],
    "connector": [("svc", 1), ("", 1)],
    "endpoint": [("items", 1)],
    "exchange": [(0, 1), (1, 1), (-1, 1), ("1", 1)],
    "item": [("", 0), ("any\n", 0), (1, 1), ({}, 1)],
    "media_type": [("text/plain", 0), ([], 1)],
    "name": [(None, 1), ("other", 1), (7, 1), (["a.txt"], 1)],
    "name_base64": [("", 1), ("YS50eHQ=", 1), ("/w==", 1), ("!", 1)],
    "original": [("0" * 64, 1), ("", 1)],
    "path": [("data/files/b", 1), (None, 1), ("", 1)],
    "redactions": [(None, 1), ([{}], 1), ([7], 1), ({}, 1)],
    "retrieved": [(TIME, 0), ("2026-01-02", 1), ("2026-02-30T00:00:00Z", 1)],
    "salt": [(None, 1), ("0" * 63, 1), ("A" * 64, 1), ("0" * 64, 0)],
    "sha256": [("0" * 64, 1), (None, 1)],
    "size": [(5, 1), ("4", 1), (None, 1), (-4, 1), (True, 1), (BIG, 1)],
    "source_url": [("https://example.org/", 0), (7, 1)],
    "span": [
        ([0, 4], 0),
        ([0], 1),
        ([0, 1, 2], 1),
        ([0, -1], 1),
        ({}, 1),
        ([], 1),
    ],
}
TIMES: list[tuple[Any, int]] = [
    ("2026-01-02T03:04:05.123Z", 0),
    ("2026-01-02T03:04:05.123456789Z", 0),
    ("2026-01-02T03:04:05.1Z", 1),
    ("2026-01-02T03:04:05.123456Z", 1),
    ("2026-01-02T03:04:05.Z", 1),
    ("2026-01-02t03:04:05Z", 1),
    ("2026-01-02T03:04:05z", 1),
    ("2026-01-02T03:04:05+00:00", 1),
    ("2026-01-02 03:04:05Z", 1),
    ("2026-01-02T03:04:05", 1),
    ("2026-01-02T24:00:00Z", 1),
    ("2026-01-02T23:59:60Z", 1),
    ("2026-01-02T23:60:00Z", 1),
    ("2026-13-02T03:04:05Z", 1),
    ("2026-00-02T03:04:05Z", 1),
    ("2026-01-00T03:04:05Z", 1),
    ("2026-02-29T03:04:05Z", 1),
    ("2024-02-29T03:04:05Z", 0),
    ("2000-02-29T03:04:05Z", 0),
    ("1900-02-29T03:04:05Z", 1),
    ("2026-04-31T03:04:05Z", 1),
    ("0999-12-31T23:59:59Z", 1),
    ("1000-01-01T00:00:00Z", 0),
    ("9999-12-31T23:59:59.999Z", 0),
    ("12026-01-02T03:04:05Z", 1),
    ("2026-1-2T03:04:05Z", 1),
    ("", 1),
    (7, 1),
]
EXCHANGE_VALUES: Table = {
    "attempts": [([], 0), (None, 1), ([{"ended": TIME, "reason": "x"}], 1)],
    "client_request_id": [(None, 0), ("x", 1), ("0" * 32, 1)],
    "connector": [(None, 1), ("x y", 1)],
    "ended": [(None, 0), ("x", 1)],
    "endpoint": [(None, 1)],
    "error": [("no answer", 0), (7, 1)],
    "method": [("DELETE", 0), ("POST", 0), ("PUT", 1), ("get", 1), (None, 1)],
    "number": [(0, 1), (2, 1), ("1", 1), (None, 1)],
    "peer": [("private", 0), (None, 0), (7, 1)],
    "request_body": [
        ({"sha256": None, "size": None, "text": None}, 0),
        ({"sha256": None, "size": 4096, "text": "x" * 4096}, 0),
        ({"sha256": None, "size": 4097, "text": "x" * 4097}, 1),
        ({"sha256": None, "size": 1}, 1),
        ({}, 1),
    ],
    "request_headers": [
        ([], 0),
        (None, 1),
        ([{"name": "A", "value": "b"}], 1),
        ([{"name": "a"}], 1),
        ([{"name": "a", "value": None}], 1),
    ],
    "response_body": [
        (None, 0),
        ({"sha256": None, "size": None, "text": None}, 0),
        ({"sha256": None, "size": None, "text": "x"}, 1),
    ],
    "response_headers": [([], 0), ([{"name": "Etag", "value": "b"}], 1)],
    "started": [(None, 1), ("x", 1)],
    "status": [(None, 0), (-1, 1), ("200", 1)],
    "template": [(None, 1), ("", 0)],
    "tls": [(None, 0), ({}, 1), ("TLSv1.3", 1)],
    "url": [(None, 0), (7, 1)],
}
GAP_VALUES: Table = {
    "connector": [(None, 1), ("x y", 1)],
    "detail": [("One sentence.", 0), (7, 1)],
    "endpoint": [(None, 1)],
    "exchange": [(None, 0), (0, 1), (4, 1), (1, 0)],
    "name": [("x", 0), (7, 1)],
    "name_base64": [("/w==", 0), ("/x==", 1), ("/w", 1), ("YQ==", 1), ("", 1)],
    "reason": [("anything", 0), ("any thing", 1), (None, 1), ("", 1)],
    "status": [(None, 0), (999, 0), ("404", 1)],
}
ACT = {
    "account": None,
    "act": "added",
    "by": None,
    "software": "x",
    "version": "1",
}
STATEMENT_VALUES: Table = {
    "attestations": [
        (["minisign"], 1),
        (["sshsig"], 1),
        (["sshsig", "minisign"], 1),
        (["minisign", "minisign", "sshsig"], 1),
        (["minisign", "sshsig", "x"], 1),
        ([], 1),
        (None, 1),
        (["cms", "minisign", "sshsig"], 1),
    ],
    "connectors": [([], 1), (None, 1)],
    "custody": [
        ([], 0),
        (None, 1),
        ([{**ACT, "time": TIME}], 0),
        ([ACT], 1),
        ([{**ACT, "time": TIME, "act": "lost"}], 1),
        ([{**ACT, "time": TIME}, {**ACT, "time": "2026-01-01T00:00:00Z"}], 0),
    ],
    "endpoints": [([], 0), (None, 1), ([{}], 1)],
    "folder": [({"empty_folder_count": 0, "empty_folders": []}, 1), ({}, 1)],
    "format": [("dossier/2", 1), ("dossier/01", 1), (None, 1)],
    "id": [("x", 1), (None, 1), ("01234567-89AB-4cde-8f01-23456789abcd", 1)],
    "kind": [("folder", 1), ("x", 1), (None, 1)],
    "languages": [
        ([], 1),
        (["en"], 1),
        (["en", "nl", "de"], 1),
        (["EN", "nl"], 1),
        (["nl", "en"], 1),
        (["eng", "nl"], 1),
        (["fr", "nl"], 0),
        (["en", "en"], 1),
        (["en", "nl", "nl"], 1),
    ],
    "packed": [(None, 1), ("x", 1)],
    "previous": [
        ({"body_sha256": "0" * 64, "body_size": 1, "id": "x"}, 1),
        ({}, 1),
    ],
    "request": [(None, 1), ("REQ-2", 1), ("-", 1), ("", 1), ("a b", 1)],
    "sequence": [(0, 1), (2, 1), ("1", 1), (None, 1)],
    "software": [(None, 1), ("", 0), (7, 1)],
    "version": [(None, 1), ("x", 0)],
}
FOLDERS: list[tuple[Any, int]] = [
    ({"empty_folder_count": 1, "empty_folders": ["x"]}, 0),
    ({"empty_folder_count": 1, "empty_folders": []}, 1),
    ({"empty_folder_count": 0, "empty_folders": ["x"]}, 1),
    ({"empty_folder_count": 1001, "empty_folders": ["x"] * 1000}, 0),
    ({"empty_folder_count": 1001, "empty_folders": ["x"] * 1001}, 1),
    ({"empty_folder_count": 1, "empty_folders": ["x"] * 2}, 1),
    ({"empty_folder_count": 2000, "empty_folders": ["x"] * 999}, 0),
    ({"empty_folder_count": 1, "empty_folders": [7]}, 1),
    ({"empty_folder_count": 1}, 1),
    (None, 1),
]


REQUEST_VALUES: Table = {
    "format": [("dossier-request/2", 1), (None, 1)],
    "request": [("REQ-2", 1), (None, 1)],
    "articles": [
        (["15"], 0),
        ([], 1),
        (["14"], 1),
        (["23"], 1),
        ([15], 1),
        ("15", 1),
    ],
    "legal_basis": [
        ("GDPR", 0),
        ("", 1),
        (" ", 1),
        ({"en": "x"}, 0),
        ({"en": ""}, 1),
        (["x"], 1),
        (7, 1),
        ({}, 1),
        ({"english": "x"}, 1),
    ],
    "legal_hold": [
        (" \t\r\n", 1),
        ("\x0b", 0),
        ("\u00a0", 0),
        ("x", 0),
        ([], 1),
    ],
    "received": [
        ("0999-12-31", 1),
        ("2026-02-30", 1),
        (None, 1),
        ("2026-01-01T00:00:00Z", 1),
    ],
    "due": [("2025-12-31", 1), (None, 0), ("2026-01-01", 0)],
    "languages": [
        (["nl", "deu"], 0),
        ([], 1),
        (["NL"], 1),
        ("nl", 1),
        (["n"], 1),
    ],
    "data_subject": [
        ({"name": "x"}, 0),
        ({"contact": "x"}, 0),
        ({"age": "x"}, 1),
        ("x", 1),
    ],
    "controller": [
        ({"address": "x"}, 1),
        ({}, 1),
        (None, 1),
        ({"name": ""}, 1),
    ],
    "processing": [
        ({"purposes": "x"}, 0),
        ({"purposes": []}, 1),
        ({"x": ["y"]}, 1),
        ({"purposes": {"en": ["x"]}}, 0),
        ({"purposes": {"en": "x"}}, 0),
        ({"purposes": [""]}, 1),
        ({"purposes": [{"en": "x"}]}, 0),
        ({}, 0),
    ],
    "retain_until": [("2030-01-01", 0), ("x", 1)],
    "zzz": [(None, 1), ("x", 1)],
}
