# SPDX-License-Identifier: ISC
"""Broken rules of FORMAT.md 4.1: the text of JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from breaking import INTACT, Action, Break, change, replace

LISTS = "dossier/documents.jsonl"
STATEMENT = "dossier/statement.json"

# --- the text of JSON: 4.1 ---------------------------------------------------

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
    (
        "keys in another order",
        b'"item":null,"media_type":null',
        b'"media_type":null,"item":null',
    ),
    ("a comma at the end", b'"span":null}', b'"span":null,}'),
    ("a byte order mark", b"{", b"\xef\xbb\xbf{"),
    ("an empty line", b"}\n", b"}\n\n"),
    ("a comment", b"}\n", b"}//\n"),
    ("two objects", b"}\n", b"}{}\n"),
    ("a line of spaces", b"{", b"  \n{"),
)
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
    ("a short escape", b'\\n\\t\\b\\f\\r\\"\\\\', True),
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
    return change(
        "files",
        LISTS,
        replace(b'"name":"' + old, b'"name":"' + content + b".txt"),
    )


def json_breaks() -> Iterator[Break]:
    """4.1"""
    for name, old, new in DOCUMENT_TEXTS:
        yield Break(
            "4.1",
            f"line: {name}",
            "lists",
            change("files", LISTS, replace(old, new)),
        )
    for name, content, good in NAME_TEXTS:
        status = INTACT if good else 1
        yield Break(
            "4.1", f"text: {name}", "lists", name_text(content), exit=status
        )
    for path in (LISTS, "dossier/gaps.jsonl"):
        action = change("files", path, lambda b: b[:-1])
        yield Break("4.1", f"{path}: no last LF", "lists", action)
    for name, function in STATEMENT_TEXTS:
        yield Break(
            "4.1",
            f"statement: {name}",
            "files",
            change("files", STATEMENT, function),
        )


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
