#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Good archives of all kinds, small: what mutants are made of.

samples.py FOLDER writes them there, and key.pub.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import ed25519  # noqa: E402
import keys  # noqa: E402
from erasure import LINE  # noqa: E402
from maker import KEY_ID, SEED, TIME, Draft, document, make  # noqa: E402

LONG = b"a line that repeats itself\n" * 40
CONNECTOR = {"connector": {"key": "svc", "version": "1"}, "endpoints": []}
REQUEST = {
    "format": "dossier-request/1",
    "request": "REQ-1",
    "articles": ["15", "20"],
    "received": "2026-01-01",
    "due": "2026-02-01",
    "languages": ["nl", "en"],
    "controller": {"name": "Office", "address": {"en": "Here", "nl": "Hier"}},
    "processing": {"purposes": ["one", "two"], "source": "the person"},
    "legal_basis": None,
}
HEADERS = [{"name": "content-type", "value": "application/json"}]


def folder() -> Draft:
    """Three documents of a folder, one renamed, and a gap."""
    draft = Draft(
        deflated={"data/files/b/long.txt", "dossier/documents.jsonl"}
    )
    for path, content, name in (
        ("data/files/a.txt", b"one\n", "a.txt"),
        ("data/files/b/empty", b"", "b/empty"),
        ("data/files/b/long.txt", LONG, "b/long.txt"),
        ("data/files/renamed/000000001.txt", b"two\n", "t\u00e9st.TXT"),
    ):
        draft.payload[path] = content
        draft.documents.append(document(path, content, name=name))
    draft.gaps.append(gap(name="link", reason="symbolic-link"))
    return draft


def gap(**values: object) -> dict[str, object]:
    """A line of gaps.jsonl."""
    keys = (
        "connector",
        "detail",
        "endpoint",
        "exchange",
        "name",
        "name_base64",
    )
    return {**dict.fromkeys(keys), "reason": "", "status": None, **values}


def empty() -> Draft:
    """No document at all."""
    return Draft()


def unsigned() -> Draft:
    """A folder that nobody signed."""
    draft = folder()
    draft.attestations = []
    return draft


def plain() -> Draft:
    """Sealed without an SSH signature."""
    draft = folder()
    draft.attestations = ["minisign"]
    return draft


def exchange(number: int, endpoint: str) -> dict[str, object]:
    """A line of exchanges.jsonl."""
    return {
        "attempts": [{"ended": TIME, "reason": "busy", "status": 503}],
        "client_request_id": "01234567-89ab-4cde-8f01-23456789abcd",
        "connector": "svc",
        "ended": "2026-01-02T03:04:05.678Z",
        "endpoint": endpoint,
        "error": None,
        "method": "GET",
        "number": number,
        "peer": "192.0.2.1",
        "request_body": None,
        "request_headers": [{"name": "authorization", "value": "REDACTED"}],
        "response_body": {"sha256": "0" * 64, "size": 9, "text": None},
        "response_headers": HEADERS,
        "started": TIME,
        "status": 200,
        "template": "https://example.org/{id}",
        "tls": {
            "certificate_sha256": "1" * 64,
            "cipher": "TLS_AES_256_GCM_SHA384",
            "version": "TLSv1.3",
        },
        "url": "https://example.org/7",
    }


def case() -> Draft:
    """Documents of a service, with exchanges, a redaction, gaps, a request."""
    draft = Draft(kind="case", deflated={"dossier/exchanges.jsonl"})
    draft.exchanges = [
        exchange(1, "items"),
        exchange(2, "runs"),
        exchange(3, "runs"),
    ]
    for endpoint, number, content in (
        ("items", 1, b'{"a":1}'),
        ("items", 2, b'{"name":"[redacted: other person]"}'),
        ("runs", 1000, LONG),
    ):
        path = f"data/documents/svc/{endpoint}/{number // 1000:06}/{number:09}.json"
        draft.payload[path] = content
        draft.documents.append(case_document(path, content, endpoint))
    add_redaction(draft.documents[1])
    draft.gaps.append(
        gap(
            connector="svc",
            endpoint="runs",
            exchange=3,
            reason="gone",
            status=404,
        )
    )
    draft.files = {
        "dossier/connectors/svc.json": json.dumps(CONNECTOR).encode(),
        "dossier/request.json": json.dumps(REQUEST, indent=1).encode(),
        "tables/svc.items.csv": b"a\r\n1\r\n",
        "tables/svc.runs.json": b"[]\n",
    }
    draft.statement = {"languages": ["en", "nl"], "request": "REQ-1"}
    return draft


def case_document(
    path: str, content: bytes, endpoint: str
) -> dict[str, object]:
    """A line of documents.jsonl."""
    return document(
        path,
        content,
        category="profile",
        connector="svc",
        endpoint=endpoint,
        exchange=1,
        item="7",
        media_type="application/json",
        name="seven",
        retrieved=TIME,
        source_url="https://example.org/7",
        span=[3, 12],
    )


def add_redaction(item: dict[str, object]) -> None:
    """Says that one value of the document was replaced."""
    item["original"] = "2" * 64
    span = [8, len('"[redacted: other person]"')]
    item["redactions"] = [
        {"path": "name", "reason": "other person", "span": span}
    ]


def erasure(number: int, outcome: str, **values: object) -> dict[str, object]:
    """A line of erasure.jsonl."""
    path = f"data/documents/svc/runs/000000/{number:09}.json"
    return {
        **dict.fromkeys(LINE),
        "connector": "svc",
        "document_count": 1,
        "documents": [{"path": path, "sha256": "3" * 64}],
        "endpoint": "runs",
        "number": number,
        "outcome": outcome,
        **values,
    }


def receipt() -> Draft:
    """An erasure, with something left."""
    draft = Draft(kind="receipt")
    draft.exchanges = [exchange(number, "runs") for number in range(1, 7)]
    for number in (2, 6):
        draft.exchanges[number - 1]["method"] = "DELETE"
    asked = {"method": "DELETE", "template": "/runs/{id}", "started": TIME}
    draft.erasures = [
        erasure(
            1,
            "erased",
            read=[1, 1],
            delete=[2, 1],
            poll=[3, 1],
            verify=[4, 1],
            ended=TIME,
            **asked,
        ),
        erasure(2, "taken-along", **{"with": 1}),
        erasure(
            3, "refused", read=[5, 1], delete=[6, 1], reason="s", **asked
        ),
        erasure(4, "held", hold=1, reason="legal-hold"),
        erasure(5, "manual-done", step="Click.", by="A", done=TIME),
        erasure(6, "planned"),
    ]
    draft.gaps = [
        gap(connector="svc", endpoint="runs", reason=reason)
        for reason in ("refused", "held", "planned", "not-exported")
    ]
    held = {"legal_hold": "a case", "retain_until": "2030-01-01"}
    draft.files = {
        "dossier/connectors/svc.json": json.dumps(CONNECTOR).encode(),
        "dossier/request.json": json.dumps({**REQUEST, **held}).encode(),
    }
    draft.statement = {"request": "REQ-1"}
    return draft


def certified() -> Draft:
    """A folder with a CMS signature, and no SSH signature."""
    draft = folder()
    draft.attestations = ["cms", "minisign"]
    return draft


def stamped() -> Draft:
    """A folder with three time stamps, and all attestations."""
    draft = folder()
    draft.attestations = ["cms", "minisign", "sshsig"]
    draft.stamps = 3
    return draft


SAMPLES = {
    "folder": folder,
    "empty": empty,
    "unsigned": unsigned,
    "plain": plain,
    "case": case,
    "receipt": receipt,
    "certified": certified,
    "stamped": stamped,
}


def main(folder: Path) -> None:
    """Writes every sample."""
    key = keys.write_public_key(KEY_ID, ed25519.public_key(SEED))
    (folder / "key.pub").write_bytes(key)
    for name, new_draft in SAMPLES.items():
        (folder / f"{name}.zip").write_bytes(make(new_draft()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
