# SPDX-License-Identifier: ISC
"""Broken rules of FORMAT.md section 4."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import canonical
import samples
from breaking import INTACT, Action, Break, both, change, drop, put, replace
from maker import TIME, Draft

LISTS = "dossier/documents.jsonl"
STATEMENT = "dossier/statement.json"

# --- the text of JSON: 4.1 ------------------------------------------------------

# of the first line of documents.jsonl; each the same value to a lenient reader
DOCUMENT_TEXTS = (
    ("a space", b'{"category"', b'{ "category"'),
    ("a space behind a colon", b'"category":', b'"category": '),
    ("CR", b"}\n", b"}\r\n"),
    ("a space at the end", b"}\n", b"} \n"),
    ("an escaped letter", b'"name":"a.txt"', b'"name":"\\u0061.txt"'),
    ("an escaped slash", b"data/files/a.txt", b"data\\/files/a.txt"),
    ("an escaped key", b'"size"', b'"\\u0073ize"'),
    ("a fraction", b'"size":4', b'"size":4.0'),
    ("an exponent", b'"size":4', b'"size":4e0'),
    ("a leading zero", b'"size":4', b'"size":04'),
    ("a plus", b'"size":4', b'"size":+4'),
    ("a key twice", b'"size":4', b'"size":4,"size":4'),
    ("keys in another order", b'"item":null,"media_type":null', b'"media_type":null,"item":null'),
    ("a comma at the end", b'"span":null}', b'"span":null,}'),
    ("a byte order mark", b"{", b"\xef\xbb\xbf{"),
    ("an empty line", b"}\n", b"}\n\n"),
    ("a comment", b"}\n", b"}//\n"),
    ("two objects", b"}\n", b"}{}\n"),
    ("a line of spaces", b"{", b"  \n{"),
)  # fmt: skip
# of a name, which may be any text
NAME_TEXTS = (
    ("not UTF-8", b"\xff", False),
    ("an overlong form", b"\xc0\xaf", False),
    ("half of a surrogate pair", b"\\ud800", False),
    ("the other half", b"\\udc00", False),
    ("a surrogate in UTF-8", b"\xed\xa0\x80", False),
    ("beyond U+10FFFF", b"\xf4\x90\x80\x80", False),
    ("NUL", b"\\u0000", False),
    ("a raw control", b"\x01", False),
    ("a raw DEL", b"\x7f", True),
    ("an escaped DEL", b"\\u007f", False),
    ("a control", b"\\u0001", True),
    ("a control in upper case", b"\\u001F", False),
    ("a control in lower case", b"\\u001f", True),
    ("a short escape", b"\\n\\t\\b\\f\\r\\\"\\\\", True),
    ("a long escape for a short one", b"\\u000a", False),
    ("a surrogate pair", b"\\ud83d\\ude00", False),
    ("the same raw", "\U0001f600".encode(), True),
    ("U+2028", "\u2028".encode(), True),
    ("U+FFFF", "\uffff".encode(), True),
    ("U+FEFF", "\ufeff".encode(), True),
    ("a C1 control", "\x85".encode(), True),
    ("an unknown escape", b"\\x41", False),
)


def name_text(content: bytes) -> Action:
    """Puts the text where the name of the renamed document stands."""
    old = "t\u00e9st.TXT".encode()
    return change("files", LISTS, replace(b'"name":"' + old, b'"name":"' + content + b".txt"))


def json_breaks() -> Iterator[Break]:
    """4.1"""
    for name, old, new in DOCUMENT_TEXTS:
        yield Break("4.1", f"line: {name}", "lists", change("files", LISTS, replace(old, new)))
    for name, content, good in NAME_TEXTS:
        status = INTACT if good else 1
        yield Break("4.1", f"text: {name}", "lists", name_text(content), exit=status)
    for path in (LISTS, "dossier/gaps.jsonl"):
        action = change("files", path, lambda b: b[:-1])
        yield Break("4.1", f"{path}: no last LF", "lists", action)
    for name, function in STATEMENT_TEXTS:
        yield Break("4.1", f"statement: {name}", "files", change("files", STATEMENT, function))


STATEMENT_TEXTS: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("no LF", lambda b: b[:-1]),
    ("two LF", lambda b: b + b"\n"),
    ("CR", lambda b: b[:-1] + b"\r\n"),
    ("nothing", lambda b: b""),
    ("an array", lambda b: b"[" + b[:-1] + b"]\n"),
    ("a byte order mark", lambda b: b"\xef\xbb\xbf" + b),
    ("a space", replace(b",", b", ")),
    ("a key twice", replace(b'"kind"', b'"id":"x","kind"')),
    ("deep", lambda b: b"[" * 100000 + b"]" * 100000 + b"\n"),
    ("in UTF-16", lambda b: b.decode().encode("utf-16")),
)


# --- values: 4.2 to 4.5 -----------------------------------------------------------

LONG_TEXT = "x" * 70000
BIG = 2**53
DOCUMENT_VALUES: dict[str, list[tuple[Any, int]]] = {
    "category": [("no identifier!", 1), ("", 1), (7, 1), ("x" * 64, 0), ("x" * 65, 1)],
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
    "span": [([0, 4], 0), ([0], 1), ([0, 1, 2], 1), ([0, -1], 1), ({}, 1), ([], 1)],
}
TIMES: list[tuple[Any, int]] = [
    ("2026-01-02T03:04:05.123Z", 0), ("2026-01-02T03:04:05.123456789Z", 0),
    ("2026-01-02T03:04:05.1Z", 1), ("2026-01-02T03:04:05.123456Z", 1),
    ("2026-01-02T03:04:05.Z", 1), ("2026-01-02t03:04:05Z", 1),
    ("2026-01-02T03:04:05z", 1), ("2026-01-02T03:04:05+00:00", 1),
    ("2026-01-02 03:04:05Z", 1), ("2026-01-02T03:04:05", 1),
    ("2026-01-02T24:00:00Z", 1), ("2026-01-02T23:59:60Z", 1),
    ("2026-01-02T23:60:00Z", 1), ("2026-13-02T03:04:05Z", 1),
    ("2026-00-02T03:04:05Z", 1), ("2026-01-00T03:04:05Z", 1),
    ("2026-02-29T03:04:05Z", 1), ("2024-02-29T03:04:05Z", 0),
    ("2000-02-29T03:04:05Z", 0), ("1900-02-29T03:04:05Z", 1),
    ("2026-04-31T03:04:05Z", 1), ("0999-12-31T23:59:59Z", 1), ("1000-01-01T00:00:00Z", 0),
    ("9999-12-31T23:59:59.999Z", 0), ("12026-01-02T03:04:05Z", 1),
    ("2026-1-2T03:04:05Z", 1), ("", 1), (7, 1),
]  # fmt: skip
EXCHANGE_VALUES: dict[str, list[tuple[Any, int]]] = {
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
GAP_VALUES: dict[str, list[tuple[Any, int]]] = {
    "connector": [(None, 1), ("x y", 1)],
    "detail": [("One sentence.", 0), (7, 1)],
    "endpoint": [(None, 1)],
    "exchange": [(None, 0), (0, 1), (4, 1), (1, 0)],
    "name": [("x", 0), (7, 1)],
    "name_base64": [("/w==", 0), ("/x==", 1), ("/w", 1), ("YQ==", 1), ("", 1)],
    "reason": [("anything", 0), ("any thing", 1), (None, 1), ("", 1)],
    "status": [(None, 0), (999, 0), ("404", 1)],
}
ACT = {"account": None, "act": "added", "by": None, "software": "x", "version": "1"}
STATEMENT_VALUES: dict[str, list[tuple[Any, int]]] = {
    "attestations": [
        (["minisign"], 1), (["sshsig"], 1), (["sshsig", "minisign"], 1),
        (["minisign", "minisign", "sshsig"], 1), (["minisign", "sshsig", "x"], 1),
        ([], 1), (None, 1), (["cms", "minisign", "sshsig"], 1),
    ],
    "connectors": [([], 1), (None, 1)],
    "custody": [
        ([], 0), (None, 1), ([{**ACT, "time": TIME}], 0), ([ACT], 1),
        ([{**ACT, "time": TIME, "act": "lost"}], 1),
        ([{**ACT, "time": TIME}, {**ACT, "time": "2026-01-01T00:00:00Z"}], 0),
    ],
    "endpoints": [([], 0), (None, 1), ([{}], 1)],
    "folder": [({"empty_folder_count": 0, "empty_folders": []}, 1), ({}, 1)],
    "format": [("dossier/2", 1), ("dossier/01", 1), (None, 1)],
    "id": [("x", 1), (None, 1), ("01234567-89AB-4cde-8f01-23456789abcd", 1)],
    "kind": [("folder", 1), ("x", 1), (None, 1)],
    "languages": [([], 1), (["en"], 1), (["en", "nl", "de"], 1), (["EN", "nl"], 1),
                  (["nl", "en"], 1), (["eng", "nl"], 1), (["fr", "nl"], 0),
                  (["en", "en"], 1), (["en", "nl", "nl"], 1)],
    "packed": [(None, 1), ("x", 1)],
    "previous": [({"body_sha256": "0" * 64, "body_size": 1, "id": "x"}, 1), ({}, 1)],
    "request": [(None, 1), ("REQ-2", 1), ("-", 1), ("", 1), ("a b", 1)],
    "sequence": [(0, 1), (2, 1), ("1", 1), (None, 1)],
    "software": [(None, 1), ("", 0), (7, 1)],
    "version": [(None, 1), ("x", 0)],
}  # fmt: skip
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


def restate(action: Action) -> Action:
    """Changes what the statement says, and nothing that follows from it."""

    def restated(draft: Draft) -> None:
        kept, draft.statement = draft.statement, copy.deepcopy(draft.statement)
        action(draft)
        draft.files[STATEMENT] = canonical.write(draft.statement) + b"\n"
        draft.statement = kept

    return restated


def values(
    table: dict[str, list[tuple[Any, int]]], where: tuple[Any, ...], stage: str, sample: str
) -> Iterator[Break]:
    """Every value of the table, and every key left out."""
    rule = {"documents": "4.2", "exchanges": "4.3", "gaps": "4.4"}.get(where[0], "4.5")
    wrap = restate if where[0] == "statement" else both
    for key, items in table.items():
        for value, status in items:
            name = f"{where[0]}: {key}={value!r:.50}"
            yield Break(rule, name, stage, wrap(put(*where, key, value)), sample, status)
        yield Break(rule, f"{where[0]}: no {key}", stage, wrap(drop(*where, key)), sample)
    yield Break(rule, f"{where[0]}: a new key", stage, wrap(put(*where, "zzz", None)), sample)


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
        import maker

        line = draft.documents[0]
        line["item"] = ""
        line["item"] = "x" * (length - len(maker.lines([line])))

    return action


RENAMED = "data/files/renamed/"
TABLE = [
    Break("2.6", "a line of 65,536 bytes", "records", long_line(65536), exit=INTACT),
    Break("2.6", "a line of 65,537 bytes", "records", long_line(65537)),
    Break("2.6", "a statement of more than 1 MiB", "statement", put("statement", "software", "x" * (1 << 20))),
    Break("4.2", "one line less", "records", drop("documents", 1)),
    Break("4.2", "one line twice", "records", lambda d: d.documents.insert(1, d.documents[1])),
    Break("4.2", "lines in another order", "records", lambda d: d.documents.reverse()),
    Break("4.2", "a redaction without original", "records", put("documents", 1, "original", None), "case"),
    Break("4.2", "original without a redaction", "records", put("documents", 1, "redactions", []), "case"),
    Break("4.2", "a redaction behind the end", "records", redaction(span=[30, 9]), "case"),
    Break("4.2", "a redaction without a path", "records", redaction(path=None), "case"),
    Break("4.2", "a redaction with another key", "records", redaction(zzz=1), "case"),
    Break("4.2", "a document of no exchange", "records", put("documents", 1, "exchange", None), "case", INTACT),
    Break("4.2", "an exchange that is not there", "records", put("documents", 1, "exchange", 4), "case"),
    Break("4.2", "the last exchange", "records", put("documents", 1, "exchange", 3), "case", INTACT),
    Break("4.2", "exchange 0", "records", put("documents", 1, "exchange", 0), "case"),
    Break("4.2", "no connector in a case", "records", put("documents", 1, "connector", None), "case"),
    Break("4.2", "no endpoint in a case", "records", put("documents", 1, "endpoint", None), "case"),
    Break("4.2", "another endpoint", "records", put("documents", 1, "endpoint", "runs"), "case"),
    Break("3.1", "renamed, in base64", "records", renamed_to(None, "/y50eHQ="), exit=INTACT),
    Break("3.1", "renamed, neither name", "records", renamed_to(None, None)),
    Break("3.1", "renamed, both names", "records", renamed_to("\u00e9.txt", "/y50eHQ=")),
    Break("3.1", "renamed, base64 of UTF-8", "records", renamed_to(None, "YS50eHQ=")),
    Break("3.1", "renamed, another extension", "records", renamed_to("\u00e9.md", None)),
    Break("3.1", "renamed, no extension", "records", renamed_to("\u00e9", None, RENAMED + "000000001.bin"), exit=INTACT),
    Break("3.1", "renamed, extension too long", "records", renamed_to("a b.abcdefghi", None, RENAMED + "000000001.bin"), exit=INTACT),
    Break("3.1", "renamed, a dot in a folder", "records", renamed_to("a b.c/d", None, RENAMED + "000000001.bin"), exit=INTACT),
    Break("3.1", "renamed, a hidden file", "records", renamed_to(".txt", None, RENAMED + "000000001.txt"), exit=INTACT),
    Break("3.1", "renamed, a dot at the end", "records", renamed_to("a.", None, RENAMED + "000000001.bin"), exit=INTACT),
    Break("3.1", "renamed, another number", "records", renamed_to("\u00e9", None, RENAMED + "999999999.bin"), exit=INTACT),
    Break("3.1", "renamed, 8 digits", "records", renamed_to("\u00e9", None, RENAMED + "00000001.bin")),
    Break("3.1", "renamed, no number", "records", renamed_to("\u00e9", None, RENAMED + "abc.bin")),
    Break("3.1", "renamed, a folder", "records", renamed_to("\u00e9", None, RENAMED + "000000001.bin/x")),
    Break("4.3", "exchanges in a folder", "records", lambda d: d.exchanges.append(samples.exchange(1, "x"))),
    Break("4.3", "an exchange left out", "records", drop("exchanges", 1), "case"),
    Break("4.3", "exchanges in another order", "records", lambda d: d.exchanges.reverse(), "case"),
    Break("4.4", "a gap of a connector in a folder", "records", put("gaps", 0, "connector", "svc")),
    Break("4.4", "a gap with both names", "records", put("gaps", 0, "name_base64", "/w==")),
    Break("4.5", "the second archive", "statement", previous, exit=INTACT),
    Break("4.5", "sequence 2, nothing before", "statement", put("statement", "sequence", 2)),
    Break("4.5", "sequence 1, one before", "statement", both(previous, put("statement", "sequence", 1))),
    Break("4.5", "counts of bytes", "statement", count("bytes", 1)),
    Break("4.5", "counts of documents", "statement", count("documents", 1)),
    Break("4.5", "counts of exchanges", "statement", count("exchanges", 1), "case"),
    Break("4.5", "counts of gaps", "statement", count("gaps", -1)),
    Break("4.5", "a count of folders", "statement", put("statement", "counts", "folders", 0)),
    Break("4.5", "connector of another version", "statement", put("statement", "connectors", 0, "version", "2"), "case", INTACT),
    Break("4.5", "connector of another digest", "statement", put("statement", "connectors", 0, "sha256", "0" * 64), "case"),
    Break("4.5", "connector of another key", "statement", put("statement", "connectors", 0, "key", "svd"), "case"),
    Break("4.5", "a connector twice", "statement", change("statement", "connectors", lambda x: x * 2), "case"),
    Break("4.8", "another root", "statement", put("statement", "tree", "root", "0" * 64)),
    Break("4.8", "one leaf more", "statement", change("statement", "tree", "leaves", lambda x: x + 1)),
    Break("4.8", "the root of no leaf", "statement", put("statement", "tree", {"leaves": 0, "root": "0" * 64}), "empty"),
]  # fmt: skip


# --- request and connectors: 4.6, 4.7 -----------------------------------------------

REQUEST_VALUES: dict[str, list[tuple[Any, int]]] = {
    "format": [("dossier-request/2", 1), (None, 1)],
    "request": [("REQ-2", 1), (None, 1)],
    "articles": [(["15"], 0), ([], 1), (["14"], 1), (["23"], 1), ([15], 1), ("15", 1)],
    "legal_basis": [("GDPR", 0), ("", 1), (" ", 1), ({"en": "x"}, 0), ({"en": ""}, 1),
                    (["x"], 1), (7, 1), ({}, 1), ({"english": "x"}, 1)],
    "legal_hold": [(" \t\r\n", 1), ("\x0b", 0), ("\u00a0", 0), ("x", 0), ([], 1)],
    "received": [("0999-12-31", 1), ("2026-02-30", 1), (None, 1), ("2026-01-01T00:00:00Z", 1)],
    "due": [("2025-12-31", 1), (None, 0), ("2026-01-01", 0)],
    "languages": [(["nl", "deu"], 0), ([], 1), (["NL"], 1), ("nl", 1), (["n"], 1)],
    "data_subject": [({"name": "x"}, 0), ({"contact": "x"}, 0), ({"age": "x"}, 1), ("x", 1)],
    "controller": [({"address": "x"}, 1), ({}, 1), (None, 1), ({"name": ""}, 1)],
    "processing": [({"purposes": "x"}, 0), ({"purposes": []}, 1), ({"x": ["y"]}, 1),
                   ({"purposes": {"en": ["x"]}}, 0), ({"purposes": {"en": "x"}}, 0),
                   ({"purposes": [""]}, 1), ({"purposes": [{"en": "x"}]}, 0), ({}, 0)],
    "retain_until": [("2030-01-01", 0), ("x", 1)],
    "zzz": [(None, 1), ("x", 1)],
}  # fmt: skip
REQUEST_TEXTS: tuple[tuple[str, Callable[[bytes], bytes], int], ...] = (
    ("a key twice", replace(b'"request"', b'"due": "2026-02-01", "request"'), 1),
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
            yield Break("4.6", f"request: {key}={value!r:.40}", "files", action, "case", status)
    for name, function, status in REQUEST_TEXTS:
        action = change("files", path, function)
        yield Break("4.6", f"request: {name}", "files", action, "case", status)
    for name, content, status in CONNECTORS:
        action = put("files", "dossier/connectors/svc.json", content)
        yield Break("4.7", f"connector: {name}", "lists", action, "case", status)


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
    ]
