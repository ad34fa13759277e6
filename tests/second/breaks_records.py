# SPDX-License-Identifier: ISC
"""Broken rules of FORMAT.md 4.2 to 4.5 and 4.8: what records say."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import canonical
import maker
import samples
from breaking import INTACT, Action, Break, both, change, drop, put
from breaks_json import STATEMENT, json_breaks
from breaks_erasure import erasure_breaks
from breaks_request import request_breaks
from breaks_values import (
    DOCUMENT_VALUES,
    EXCHANGE_VALUES,
    FOLDERS,
    GAP_VALUES,
    STATEMENT_VALUES,
    TIMES,
    Table,
)
from maker import Draft


def restate(action: Action) -> Action:
    """Changes what the statement says, and nothing that follows from it."""

    def restated(draft: Draft) -> None:
        kept, draft.statement = draft.statement, copy.deepcopy(draft.statement)
        action(draft)
        draft.files[STATEMENT] = canonical.write(draft.statement) + b"\n"
        draft.statement = kept

    return restated


RULES = {"documents": "4.2", "exchanges": "4.3", "gaps": "4.4"}


def values(
    table: Table, where: tuple[Any, ...], stage: str, sample: str
) -> Iterator[Break]:
    """Every value of the table, every key left out, and a new key."""
    what = where[0]
    rule = RULES.get(what, "4.5")

    def broken(name: str, action: Action, status: int = 1) -> Break:
        whole = restate(action) if what == "statement" else action
        return Break(rule, f"{what}: {name}", stage, whole, sample, status)

    for key, items in table.items():
        for value, status in items:
            name = f"{key}={value!r:.50}"
            yield broken(name, put(*where, key, value), status)
        yield broken(f"no {key}", drop(*where, key))
    yield broken("a new key", put(*where, "zzz", None))


def redaction(**changes: Any) -> Action:
    """Other values in the redaction of the second document."""

    def action(draft: Draft) -> None:
        draft.documents[1]["redactions"][0].update(changes)

    return action


def previous(draft: Draft) -> None:
    """The second archive of a request."""
    draft.statement["sequence"] = 2
    draft.statement["previous"] = {
        "body_sha256": "0" * 64,
        "body_size": 7,
        "id": "11234567-89ab-4cde-8f01-23456789abcd",
    }


def count(key: str, by: int) -> Action:
    """A count that is not that of the archive."""
    return change("statement", "counts", key, lambda value: value + by)


def renamed_to(name: str | None, raw: str | None, path: str = "") -> Action:
    """Another original name of the renamed document."""

    def action(draft: Draft) -> None:
        draft.documents[-1]["name"] = name
        draft.documents[-1]["name_base64"] = raw
        if path:
            old = draft.documents[-1]["path"]
            draft.payload[path] = draft.payload.pop(old)
            draft.documents[-1]["path"] = path

    return action


def long_line(length: int) -> Action:
    """A line of documents.jsonl of so many bytes with its LF."""

    def action(draft: Draft) -> None:
        line = draft.documents[0]
        line["item"] = ""
        line["item"] = "x" * (length - len(maker.lines([line])))

    return action


RENAMED = "data/files/renamed/"
TABLE = [
    Break(
        "2.6",
        "a line of 65,536 bytes",
        "records",
        long_line(65536),
        exit=INTACT,
    ),
    Break("2.6", "a line of 65,537 bytes", "records", long_line(65537)),
    Break(
        "2.6",
        "a statement of more than 1 MiB",
        "statement",
        put("statement", "software", "x" * (1 << 20)),
    ),
    Break("4.2", "one line less", "records", drop("documents", 1)),
    Break(
        "4.2",
        "one line twice",
        "records",
        lambda d: d.documents.insert(1, d.documents[1]),
    ),
    Break(
        "4.2",
        "lines in another order",
        "records",
        lambda d: d.documents.reverse(),
    ),
    Break(
        "4.2",
        "a redaction without original",
        "records",
        put("documents", 1, "original", None),
        "case",
    ),
    Break(
        "4.2",
        "original without a redaction",
        "records",
        put("documents", 1, "redactions", []),
        "case",
    ),
    Break(
        "4.2",
        "a redaction behind the end",
        "records",
        redaction(span=[30, 9]),
        "case",
    ),
    Break(
        "4.2",
        "a redaction without a path",
        "records",
        redaction(path=None),
        "case",
    ),
    Break(
        "4.2",
        "a redaction with another key",
        "records",
        redaction(zzz=1),
        "case",
    ),
    Break(
        "4.2",
        "a document of no exchange",
        "records",
        put("documents", 1, "exchange", None),
        "case",
        INTACT,
    ),
    Break(
        "4.2",
        "an exchange that is not there",
        "records",
        put("documents", 1, "exchange", 4),
        "case",
    ),
    Break(
        "4.2",
        "the last exchange",
        "records",
        put("documents", 1, "exchange", 3),
        "case",
        INTACT,
    ),
    Break(
        "4.2",
        "exchange 0",
        "records",
        put("documents", 1, "exchange", 0),
        "case",
    ),
    Break(
        "4.2",
        "no connector in a case",
        "records",
        put("documents", 1, "connector", None),
        "case",
    ),
    Break(
        "4.2",
        "no endpoint in a case",
        "records",
        put("documents", 1, "endpoint", None),
        "case",
    ),
    Break(
        "4.2",
        "another endpoint",
        "records",
        put("documents", 1, "endpoint", "runs"),
        "case",
    ),
    Break(
        "3.1",
        "renamed, in base64",
        "records",
        renamed_to(None, "/y50eHQ="),
        exit=INTACT,
    ),
    Break("3.1", "renamed, neither name", "records", renamed_to(None, None)),
    Break(
        "3.1",
        "renamed, both names",
        "records",
        renamed_to("\u00e9.txt", "/y50eHQ="),
    ),
    Break(
        "3.1",
        "renamed, base64 of UTF-8",
        "records",
        renamed_to(None, "YS50eHQ="),
    ),
    Break(
        "3.1",
        "renamed, another extension",
        "records",
        renamed_to("\u00e9.md", None),
    ),
    Break(
        "3.1",
        "renamed, no extension",
        "records",
        renamed_to("\u00e9", None, RENAMED + "000000001.bin"),
        exit=INTACT,
    ),
    Break(
        "3.1",
        "renamed, extension too long",
        "records",
        renamed_to("a b.abcdefghi", None, RENAMED + "000000001.bin"),
        exit=INTACT,
    ),
    Break(
        "3.1",
        "renamed, a dot in a folder",
        "records",
        renamed_to("a b.c/d", None, RENAMED + "000000001.bin"),
        exit=INTACT,
    ),
    Break(
        "3.1",
        "renamed, a hidden file",
        "records",
        renamed_to(".txt", None, RENAMED + "000000001.txt"),
        exit=INTACT,
    ),
    Break(
        "3.1",
        "renamed, a dot at the end",
        "records",
        renamed_to("a.", None, RENAMED + "000000001.bin"),
        exit=INTACT,
    ),
    Break(
        "3.1",
        "renamed, another number",
        "records",
        renamed_to("\u00e9", None, RENAMED + "999999999.bin"),
        exit=INTACT,
    ),
    Break(
        "3.1",
        "renamed, 8 digits",
        "records",
        renamed_to("\u00e9", None, RENAMED + "00000001.bin"),
    ),
    Break(
        "3.1",
        "renamed, no number",
        "records",
        renamed_to("\u00e9", None, RENAMED + "abc.bin"),
    ),
    Break(
        "3.1",
        "renamed, a folder",
        "records",
        renamed_to("\u00e9", None, RENAMED + "000000001.bin/x"),
    ),
    Break(
        "4.3",
        "exchanges in a folder",
        "records",
        lambda d: d.exchanges.append(samples.exchange(1, "x")),
    ),
    Break(
        "4.3", "an exchange left out", "records", drop("exchanges", 1), "case"
    ),
    Break(
        "4.3",
        "exchanges in another order",
        "records",
        lambda d: d.exchanges.reverse(),
        "case",
    ),
    Break(
        "4.4",
        "a gap of a connector in a folder",
        "records",
        put("gaps", 0, "connector", "svc"),
    ),
    Break(
        "4.4",
        "a gap with both names",
        "records",
        put("gaps", 0, "name_base64", "/w=="),
    ),
    Break("4.5", "the second archive", "statement", previous, exit=INTACT),
    Break(
        "4.5",
        "sequence 2, nothing before",
        "statement",
        put("statement", "sequence", 2),
    ),
    Break(
        "4.5",
        "sequence 1, one before",
        "statement",
        both(previous, put("statement", "sequence", 1)),
    ),
    Break("4.5", "counts of bytes", "statement", count("bytes", 1)),
    Break("4.5", "counts of documents", "statement", count("documents", 1)),
    Break(
        "4.5",
        "counts of exchanges",
        "statement",
        count("exchanges", 1),
        "case",
    ),
    Break("4.5", "counts of gaps", "statement", count("gaps", -1)),
    Break(
        "4.5",
        "a count of folders",
        "statement",
        put("statement", "counts", "folders", 0),
    ),
    Break(
        "4.5",
        "connector of another version",
        "statement",
        put("statement", "connectors", 0, "version", "2"),
        "case",
        INTACT,
    ),
    Break(
        "4.5",
        "connector of another digest",
        "statement",
        put("statement", "connectors", 0, "sha256", "0" * 64),
        "case",
    ),
    Break(
        "4.5",
        "connector of another key",
        "statement",
        put("statement", "connectors", 0, "key", "svd"),
        "case",
    ),
    Break(
        "4.5",
        "a connector twice",
        "statement",
        change("statement", "connectors", lambda x: x * 2),
        "case",
    ),
    Break(
        "4.8",
        "another root",
        "statement",
        put("statement", "tree", "root", "0" * 64),
    ),
    Break(
        "4.8",
        "one leaf more",
        "statement",
        change("statement", "tree", "leaves", lambda x: x + 1),
    ),
    Break(
        "4.8",
        "the root of no leaf",
        "statement",
        put("statement", "tree", {"leaves": 0, "root": "0" * 64}),
        "empty",
    ),
]


def record_breaks() -> list[Break]:
    """All of section 4."""
    times = {"retrieved": TIMES}
    return [
        *TABLE,
        *json_breaks(),
        *values(DOCUMENT_VALUES, ("documents", 0), "records", "folder"),
        *values(times, ("documents", 0), "records", "folder"),
        *values(EXCHANGE_VALUES, ("exchanges", 0), "records", "case"),
        *values(GAP_VALUES, ("gaps", 0), "records", "case"),
        *values(STATEMENT_VALUES, ("statement",), "files", "case"),
        *values({"folder": FOLDERS}, ("statement",), "files", "folder"),
        *request_breaks(),
        *erasure_breaks(),
    ]
