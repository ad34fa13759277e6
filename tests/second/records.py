# SPDX-License-Identifier: ISC
"""The records of an archive: FORMAT.md 4.1 to 4.5 and 4.8."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any

import fields as f
from canonical import Value, parse_line
from finding import Broken, Finding, Findings

Record = dict[str, Value]
MAX_LINE = 65536
MAX_STATEMENT = 1 << 20
FORMAT = "dossier/1"

OUTCOMES = (
    "absent",
    "changed",
    "erased",
    "expires",
    "failed",
    "held",
    "manual",
    "manual-done",
    "no-way",
    "not-attempted",
    "planned",
    "refused",
    "soft-deleted",
    "still-there",
    "taken-along",
)

REDACTION: f.Schema = {"path": f.text, "reason": f.text, "span": f.span}

DOCUMENT: f.Schema = {
    "category": f.maybe(f.identifier),
    "connector": f.maybe(f.identifier),
    "endpoint": f.maybe(f.identifier),
    "exchange": f.maybe(f.count),
    "item": f.maybe(f.text),
    "media_type": f.maybe(f.text),
    "name": f.maybe(f.text),
    "name_base64": f.maybe(f.base64_text),
    "original": f.maybe(f.digest),
    "path": f.text,
    "redactions": f.list_of(f.record(REDACTION)),
    "retrieved": f.maybe(f.time),
    "salt": f.digest,
    "sha256": f.digest,
    "size": f.count,
    "source_url": f.maybe(f.text),
    "span": f.maybe(f.span),
}

ATTEMPT: f.Schema = {
    "ended": f.time,
    "reason": f.text,
    "status": f.maybe(f.count),
}
BODY: f.Schema = {
    "sha256": f.maybe(f.digest),
    "size": f.maybe(f.count),
    "text": f.maybe(f.text),
}
HEADER: f.Schema = {
    "name": lambda value: f.text(value) and not re.search("[A-Z]", value),
    "value": f.text,
}
TLS: f.Schema = {
    "certificate_sha256": f.digest,
    "cipher": f.text,
    "version": f.text,
}

EXCHANGE: f.Schema = {
    "attempts": f.list_of(f.record(ATTEMPT)),
    "client_request_id": f.maybe(f.uuid),
    "connector": f.identifier,
    "ended": f.maybe(f.time),
    "endpoint": f.identifier,
    "error": f.maybe(f.text),
    "method": f.one_of("GET", "POST", "DELETE"),
    "number": f.count,
    "peer": f.maybe(f.text),
    "request_body": f.maybe(f.record(BODY)),
    "request_headers": f.list_of(f.record(HEADER)),
    "response_body": f.maybe(f.record({**BODY, "text": f.one_of(None)})),
    "response_headers": f.list_of(f.record(HEADER)),
    "started": f.time,
    "status": f.maybe(f.count),
    "template": f.text,
    "tls": f.maybe(f.record(TLS)),
    "url": f.maybe(f.text),
}

GAP: f.Schema = {
    "connector": f.maybe(f.identifier),
    "detail": f.maybe(f.text),
    "endpoint": f.maybe(f.identifier),
    "exchange": f.maybe(f.count),
    "name": f.maybe(f.text),
    "name_base64": f.maybe(f.base64_text),
    "reason": f.identifier,
    "status": f.maybe(f.count),
}

CUSTODY: f.Schema = {
    "account": f.maybe(f.text),
    "act": f.one_of(
        "asked",
        "collected",
        "added",
        "redacted",
        "planned",
        "erased",
        "packed",
        "signed",
    ),
    "by": f.maybe(f.text),
    "software": f.text,
    "time": f.time,
    "version": f.text,
}
ENDPOINT: f.Schema = {
    "asked": f.count,
    "connector": f.identifier,
    "documents": f.count,
    "endpoint": f.identifier,
    "gaps": f.count,
    "ignored": f.count,
    "left_out": f.count,
}
FOLDER: f.Schema = {
    "empty_folder_count": f.count,
    "empty_folders": f.list_of(f.text),
}
PREVIOUS: f.Schema = {
    "body_sha256": f.digest,
    "body_size": f.count,
    "id": f.uuid,
}
EXPORT: f.Schema = {
    "body_sha256": f.digest,
    "body_size": f.count,
    "id": f.uuid,
    "key_sha256": f.digest,
    "request": f.maybe(f.identifier),
}
ERASED: f.Schema = {
    "executed": f.flag,
    "export": f.record(EXPORT),
    "outcomes": f.record(
        {word.replace("-", "_"): f.count for word in OUTCOMES}
    ),
}
CONNECTOR: f.Schema = {
    "key": f.identifier,
    "sha256": f.digest,
    "version": f.text,
}
COUNTS: f.Schema = dict.fromkeys(
    ("bytes", "documents", "exchanges", "gaps"), f.count
)
TREE: f.Schema = {"leaves": f.count, "root": f.digest}


def attestations(value: Value) -> bool:
    """Known ones, ascending, none or with minisign."""
    return (
        f.list_of(f.one_of("cms", "minisign", "sshsig"))(value)
        and value == sorted(set(value))
        and (not value or "minisign" in value)
    )


def languages(value: Value) -> bool:
    """At least one, and none twice."""
    return (
        f.list_of(f.language)(value)
        and value != []
        and len(set(value)) == len(value)
    )


STATEMENT: f.Schema = {
    "attestations": attestations,
    "connectors": f.list_of(f.record(CONNECTOR)),
    "counts": f.record(COUNTS),
    "custody": f.list_of(f.record(CUSTODY)),
    "endpoints": f.list_of(f.record(ENDPOINT)),
    "erasure": f.maybe(f.record(ERASED)),
    "folder": f.maybe(f.record(FOLDER)),
    "format": f.one_of(FORMAT),
    "id": f.uuid,
    "kind": f.one_of("case", "folder", "receipt"),
    "languages": languages,
    "packed": f.time,
    "previous": f.maybe(f.record(PREVIOUS)),
    "request": f.maybe(f.identifier),
    "sequence": f.count,
    "software": f.text,
    "tree": f.record(TREE),
    "version": f.text,
}


def wrong(rule: str, what: str) -> Finding:
    """A broken rule of section 4."""
    return Finding("json", rule, what)


# --- one record --------------------------------------------------------------


def read_statement(content: bytes, schema: f.Schema = STATEMENT) -> Record:
    """The statement; raises Broken."""
    if len(content) > MAX_STATEMENT:
        raise Broken("json", "2.6", "the statement is too large")
    statement = parse_line(content, "statement.json")
    for fault in f.faults(statement, schema):
        raise Broken("json", "4.5", f"statement.json: {fault}")
    return statement


def read_list(content: bytes, schema: f.Schema, what: str) -> list[Record]:
    """The lines of a list; raises Broken at the first bad one."""
    if content and not content.endswith(b"\n"):
        raise Broken("json", "4.1", f"{what}: the last line has no LF")
    result = []
    for number, line in enumerate(content.split(b"\n")[:-1], 1):
        where = f"{what} line {number}"
        if len(line) + 1 > MAX_LINE:
            raise Broken("json", "2.6", f"{where} is too long")
        item = parse_line(line + b"\n", where)
        for fault in f.faults(item, schema):
            raise Broken("json", "4", f"{where}: {fault}")
        result.append(item)
    return result


# --- rules over more than one value ------------------------------------------


def check_name(item: Record, what: str) -> Findings:
    """A name stands in one of two keys."""
    if item["name"] is not None and item["name_base64"] is not None:
        yield wrong("4.2", f"{what}: name and name_base64")


def check_exchange(item: Record, exchanges: int, what: str) -> Findings:
    """4.5, rule 2; exchanges are numbered from 1."""
    number = item["exchange"]
    if number is not None and not 1 <= number <= exchanges:
        yield wrong("4.5", f"{what}: there is no exchange {number}")


def check_origin(item: Record, kind: str, what: str) -> Findings:
    """Connector and endpoint are null in a folder, and only there."""
    wanted = kind != "folder"
    if any(
        (item[key] is not None) != wanted for key in ("connector", "endpoint")
    ):
        yield wrong("4.2", f"{what}: connector and endpoint in a {kind}")


def original_extension(item: Record) -> str:
    """3.1, rule 4: the extension that a renamed document keeps."""
    raw = f.from_base64(item["name_base64"] or "") or b""
    original = str(item["name"] or raw.decode("latin-1"))
    _, dot, extension = original.rpartition("/")[2].rpartition(".")
    extension = extension.lower() if extension.isascii() else ""
    if dot and 1 <= len(extension) <= 8 and extension.isalnum():
        return extension
    return "bin"


def check_place(item: Record, kind: str) -> Findings:
    """A document stands where its origin says: 3.1, 4.2 rule 2."""
    parts = item["path"].split("/")
    if kind == "folder":
        good = parts[:2] == ["data", "files"] and is_placed(item)
    else:
        good = (
            len(parts) == 6
            and parts[:4]
            == ["data", "documents", item["connector"], item["endpoint"]]
            and parts[5][:6] == parts[4]
        )
    if not good:
        yield wrong("4.2", f"{item['path']} is not the place of this document")


def is_placed(item: Record) -> bool:
    """In a folder: under its own name, or renamed."""
    below = item["path"].removeprefix("data/files/")
    if not below.startswith("renamed/"):
        return bool(below == item["name"])
    number, _, extension = below.removeprefix("renamed/").partition(".")
    return (
        len(number) == 9
        and number.isdecimal()
        and extension == original_extension(item)
    )


def check_redactions(item: Record) -> Findings:
    """4.2, rule 3."""
    if (item["original"] is None) != (item["redactions"] == []):
        yield wrong(
            "4.2", f"{item['path']}: original without redactions, or so"
        )
    for redaction in item["redactions"]:
        if sum(redaction["span"]) > item["size"]:
            yield wrong(
                "4.2", f"{item['path']}: a span ends behind the document"
            )


def check_documents(
    documents: list[Record], payload: list[Any], statement: Record
) -> Findings:
    """4.2: one line a document, in the order of the payload."""
    found = [(member.path, member.sha256, member.size) for member in payload]
    said = [(item["path"], item["sha256"], item["size"]) for item in documents]
    if found != said:
        yield wrong(
            "4.2", "documents.jsonl lists something else than there is"
        )
    for item in documents:
        what, kind = item["path"], statement["kind"]
        yield from check_name(item, what)
        yield from check_exchange(item, statement["counts"]["exchanges"], what)
        yield from check_origin(item, kind, what)
        yield from check_place(item, kind)
        yield from check_redactions(item)


def check_exchanges(exchanges: list[Record], statement: Record) -> Findings:
    """4.3: numbered from 1 without a gap, and none in a folder."""
    if [item["number"] for item in exchanges] != list(
        range(1, len(exchanges) + 1)
    ):
        yield wrong("4.3", "exchanges are not numbered from 1 without a gap")
    if exchanges and statement["kind"] == "folder":
        yield wrong("4.3", "exchanges in a folder")
    for item in exchanges:
        body = item["request_body"] or {}
        if len((body.get("text") or "").encode()) > 4096:
            yield wrong("4.3", "text of a request of more than 4 KiB")


def check_gaps(gaps: list[Record], statement: Record) -> Findings:
    """4.4"""
    for number, item in enumerate(gaps, 1):
        what = f"gaps.jsonl line {number}"
        yield from check_name(item, what)
        yield from check_exchange(item, statement["counts"]["exchanges"], what)
        yield from check_origin(item, statement["kind"], what)


def check_statement(statement: Record) -> Findings:
    """4.5: what the statement says of itself."""
    if (statement["sequence"] == 1) != (statement["previous"] is None):
        yield wrong("4.5", "sequence is 1 exactly when previous is null")
    if statement["sequence"] == 0:
        yield wrong("4.5", "sequence is 0")
    if (statement["erasure"] is not None) != (statement["kind"] == "receipt"):
        yield wrong("4.10", "erasure is null unless kind is receipt")
    if statement["kind"] == "receipt" and statement["counts"]["documents"]:
        yield wrong("4.10", "documents in a receipt")
    folder = statement["folder"]
    if (folder is not None) != (statement["kind"] == "folder"):
        yield wrong("4.5", "folder is null unless kind is folder")
    if folder is not None:
        listed, counted = (
            len(folder["empty_folders"]),
            folder["empty_folder_count"],
        )
        if listed > min(counted, 1000) or (listed == 0) != (counted == 0):
            yield wrong("4.5", f"{listed} empty folders are listed")


def check_counts(
    statement: Record,
    documents: list[Record],
    exchanges: list[Record],
    gaps: list[Record],
) -> Findings:
    """4.5, rule 1."""
    found = {
        "bytes": sum(item["size"] for item in documents),
        "documents": len(documents),
        "exchanges": len(exchanges),
        "gaps": len(gaps),
    }
    if statement["counts"] != found:
        yield wrong("4.5", f"counts: {statement['counts']}, found {found}")


# --- the tree: 4.8 -----------------------------------------------------------


def tree_root(lines: Iterable[bytes]) -> tuple[int, str]:
    """The number of leaves and the root: RFC 9162, 2.1.1."""
    level = [hashlib.sha256(b"\0" + line).digest() for line in lines]
    count = len(level)
    if not level:
        return 0, hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2])
        odd = level[-1:] if len(level) % 2 else []
        level = [
            hashlib.sha256(b"\1" + a + b).digest() for a, b in pairs
        ] + odd
    return count, level[0].hex()


def check_tree(statement: Record, documents: bytes) -> Findings:
    """The tree that the statement names is that of documents.jsonl."""
    leaves, root = tree_root(documents.splitlines(keepends=True))
    if statement["tree"] != {"leaves": leaves, "root": root}:
        yield wrong("4.8", f"the tree has {leaves} leaves and the root {root}")
