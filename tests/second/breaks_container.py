# SPDX-License-Identifier: ISC
"""Broken rules of FORMAT.md section 2."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator

import container
import maker
import names
from breaking import INTACT, Action, Break, both, change, drop, put
from container import DEFLATED, FULL32, STORED
from maker import Draft, Entry, document

DOC = "data/files/a.txt"
LONG = "data/files/b/long.txt"


def on(path: str, function: Callable[[Entry], None]) -> Action:
    """Changes one entry."""
    return lambda draft: function(draft.entry(path))


def local(offset: int, patch: bytes, path: str = DOC) -> Action:
    """Other bytes in a local header."""
    return on(path, lambda entry: entry.in_local.update({offset: patch}))


def central(offset: int, patch: bytes, path: str = DOC) -> Action:
    """Other bytes in a central header."""
    return on(path, lambda entry: entry.in_central.update({offset: patch}))


def headers(offset: int, patch: bytes, path: str = DOC) -> Action:
    """The same in both; the offset is that in the local header."""
    return both(local(offset, patch, path), central(offset + 2, patch, path))


def extra(patch: bytes) -> Action:
    """A local extra field."""

    def function(entry: Entry) -> None:
        entry.in_local[28] = struct.pack("<H", len(patch))
        entry.packed = patch + entry.packed
        entry.in_local[18] = struct.pack("<I", entry.member.packed)

    return on(DOC, function)


def packed(make: Callable[[bytes], bytes], **values: int) -> Action:
    """Other packed bytes for the long document, with their size."""

    def function(entry: Entry) -> None:
        entry.packed = make(entry.packed)
        entry.member.packed = len(entry.packed)
        for name, value in values.items():
            setattr(entry.member, name, value)

    return on(LONG, function)


def set_size(change_by: int) -> Action:
    """Another size in both headers."""

    def function(entry: Entry) -> None:
        entry.member.size += change_by

    return on(LONG, function)


def zip64_sizes(entry: Entry) -> None:
    """ZIP64 where nobody needs it."""
    sizes = struct.pack("<HHQQ", 1, 16, entry.member.size, entry.member.packed)
    wide = struct.pack("<II", FULL32, FULL32)
    entry.in_local = {4: b"\x2d\0", 18: wide, 28: b"\x14\0"}
    entry.in_central = {6: b"\x2d\0", 20: wide, 30: b"\x14\0"}
    entry.packed = sizes + entry.packed
    entry.central_extra = sizes


def wide_end(draft: Draft) -> None:
    """A ZIP64 end record where nobody needs it."""
    count, size = len(draft.entries), len(draft.directory)
    offset = sum(len(entry.local()) for entry in draft.entries)
    wide = container.end_records(1 << 16, size, offset)[: 56 + 20]
    draft.end = wide.replace(
        struct.pack("<Q", 1 << 16), struct.pack("<Q", count)
    )
    draft.end += container.end_records(count, size, offset)


# --- names -------------------------------------------------------------------


def renamed(name: str) -> Action:
    """A document of another name; its own line says so."""

    def action(draft: Draft) -> None:
        draft.payload[f"data/files/{name}"] = draft.payload.pop(DOC)
        line = document(
            f"data/files/{name}", draft.payload[f"data/files/{name}"]
        )
        draft.documents[0] = {**line, "name": name}
        maker.sort_documents(draft)

    return action


def two(one: str, other: str) -> Action:
    """Two documents of these names."""

    def action(draft: Draft) -> None:
        renamed(one)(draft)
        path = f"data/files/{other}"
        draft.payload[path] = b"second\n"
        line = document(path, b"second\n", name=other)
        draft.documents.append(line)
        maker.sort_documents(draft)

    return action


BAD_NAMES = (
    ".hidden", "a.", "b./c", "con", "Aux.txt", "com0", "LPT9.a.b", "nul/x",
    "a b", "a~", "-a", "_a", "n" * 65, "/".join("d" * 15),
    "x/" * 60 + "y" * 10, "a\\b", "a:b", "..", "x/../y", "a//b", "/a", "a/",
    "a\n", "a%41", "a+b",
)  # fmt: skip
GOOD_NAMES = (
    "a-", "a_b.c-d", "n" * 64, "/".join("d" * 13), "com", "com10", "console",
    "con-x", "a..b", "0", "/".join(["e" * 60, "f" * 60]), "CONfig.txt",
    "xcon.txt",
)  # fmt: skip
PAIRS = (
    ("Same", "same"), ("x/Y", "x/y"), ("x", "x/y"), ("X", "x/y"), ("x", "X/y"),
)  # fmt: skip
GOOD_PAIRS = (("X/a", "x/b"), ("x.a", "x/b"), ("x-", "x/b"), ("x0", "x/b"))


def name_breaks() -> Iterator[Break]:
    """2.4"""
    for name in BAD_NAMES:
        yield Break("2.4", f"name {name[:20]!r}", "records", renamed(name))
    for name in GOOD_NAMES:
        yield Break(
            "2.4", f"name {name!r}", "records", renamed(name), exit=INTACT
        )
    for pair in PAIRS:
        yield Break("2.4", f"names {pair}", "records", two(*pair))
    for pair in GOOD_PAIRS:
        yield Break("2.4", f"names {pair}", "records", two(*pair), exit=INTACT)


def field_breaks() -> Iterator[Break]:
    """2.2: every byte of every header, under a seal that fits."""
    for offset in range(30):
        action = change_byte(offset)
        yield Break("2.2", f"local header, byte {offset}", "body", action)
    for offset in range(46):
        action = central_byte(offset)
        yield Break("2.2", f"central header, byte {offset}", "entries", action)
    for offset in range(22):
        action = change("end", flip_byte(offset))
        yield Break("2.2", f"end record, byte {offset}", "end", action)


def flip_byte(offset: int) -> Callable[[bytes], bytes]:
    """A function that changes one byte."""
    return lambda text: maker.patched(
        text, {offset: bytes([text[offset] ^ 1])}
    )


def change_byte(offset: int) -> Action:
    """One byte of a local header."""

    def function(entry: Entry) -> None:
        byte = container.local_header(entry.member)[offset]
        entry.in_local[offset] = bytes([byte ^ 1])

    return on(DOC, function)


def central_byte(offset: int) -> Action:
    """One byte of a central header."""

    def function(entry: Entry) -> None:
        byte = container.central_header(entry.member)[offset]
        entry.in_central[offset] = bytes([byte ^ 1])

    return on(DOC, function)


def swapped_headers(draft: Draft) -> None:
    """The first two central headers change places."""
    one, other = draft.entries[0].central(), draft.entries[1].central()
    rest = draft.directory[len(one) + len(other) :]
    draft.directory = other + one + rest


def stored_deflated(entry: Entry) -> None:
    """Deflated content that is not smaller."""
    entry.member.method = DEFLATED
    entry.packed = b"\1\4\0\xfb\xff" + entry.packed
    entry.member.packed = len(entry.packed)


def deflated_empty(entry: Entry) -> None:
    """Deflate makes two bytes of none."""
    entry.member.method = DEFLATED
    entry.packed = b"\3\0"
    entry.member.packed = 2


def not_shorter(entry: Entry) -> None:
    """Stored, but the size is another one."""
    entry.member.method = STORED


def stored(entry: Entry) -> None:
    """A stored member in place of a deflated one: for the writer to decide."""
    entry.packed = zlib.decompress(entry.packed, -15)
    entry.member.method = STORED
    entry.member.packed = len(entry.packed)


def fixed_text(entry: Entry) -> None:
    """The same content by another encoder."""
    content = zlib.decompress(entry.packed, -15)
    encoder = zlib.compressobj(1, zlib.DEFLATED, -9, 1, zlib.Z_FIXED)
    entry.packed = encoder.compress(content) + encoder.flush(zlib.Z_FULL_FLUSH)
    entry.packed += encoder.flush()
    entry.member.packed = len(entry.packed)


def unused_bits(text: bytes) -> bytes:
    """Sets the highest bit of the last byte where it means nothing."""
    changed = text[:-1] + bytes([text[-1] | 0x80])
    return (
        changed
        if zlib.decompress(changed, -15) == zlib.decompress(text, -15)
        else text
    )


DESCRIPTOR = b"PK\7\x08" + bytes(12)
TABLE = [
    Break(
        "2.1",
        "a byte before the start",
        "whole",
        change("whole", lambda b: b"\0" + b),
    ),
    Break(
        "2.1",
        "a byte at the end",
        "whole",
        change("whole", lambda b: b + b"\0"),
    ),
    Break(
        "2.1",
        "the last byte is missing",
        "whole",
        change("whole", lambda b: b[:-1]),
    ),
    Break("2.1", "nothing", "whole", put("whole", b"")),
    Break(
        "2.1",
        "an empty container",
        "whole",
        put("whole", b"PK\5\6" + bytes(18)),
    ),
    Break(
        "2.1",
        "a byte between members",
        "body",
        on(DOC, lambda e: store_behind(e, b"\0")),
    ),
    Break(
        "2.1",
        "a byte before the seal",
        "body",
        on("tagmanifest-sha256.txt", lambda e: store_behind(e, b"\0")),
    ),
    Break(
        "2.1",
        "a byte before the directory",
        "entries",
        lambda d: store_behind(d.entries[-1], b"\0"),
    ),
    Break(
        "2.1",
        "a data descriptor",
        "body",
        both(
            local(6, b"\x08\0"), on(DOC, lambda e: store_behind(e, DESCRIPTOR))
        ),
    ),
    Break("2.1", "no directory", "end", put("directory", b"")),
    Break(
        "2.1",
        "a header too few",
        "end",
        change("directory", lambda b: b[: b.rindex(b"PK\1\2")]),
    ),
    Break(
        "2.1",
        "a header twice",
        "end",
        change("directory", lambda b: b + b[b.rindex(b"PK\1\2") :]),
    ),
    Break("2.1", "headers in another order", "end", swapped_headers),
    Break(
        "2.1",
        "a digital signature",
        "end",
        change("directory", lambda b: b + b"PK\5\5\0\0"),
    ),
    Break("2.1", "two end records", "end", change("end", lambda b: b + b)),
    Break(
        "2.1", "a comment", "end", change("end", lambda b: b[:-2] + b"\1\0x")
    ),
    Break("2.2", "flags: UTF-8", "body", headers(6, b"\0\x08")),
    Break("2.2", "flags: encrypted", "body", headers(6, b"\1\0")),
    Break("2.2", "a time", "body", headers(10, b"\0\x60")),
    Break("2.2", "another date", "body", headers(12, b"\x21\x50")),
    Break("2.2", "version needed 20, stored", "body", headers(4, b"\x14\0")),
    Break("2.2", "version needed 45", "body", headers(4, b"\x2d\0")),
    Break("2.2", "method 9", "body", headers(8, b"\x09\0", LONG)),
    Break("2.2", "method 12", "body", headers(8, b"\x0c\0")),
    Break("2.2", "CRC-32 of something else", "body", headers(14, b"\0\0\0\0")),
    Break(
        "2.2",
        "an empty member with a CRC-32",
        "body",
        headers(14, b"\1\0\0\0", "data/files/b/empty"),
    ),
    Break("2.2", "extra field: time", "body", extra(b"UT\5\0\1\0\0\0\0")),
    Break("2.2", "extra field: ZIP64, empty", "body", extra(b"\1\0\0\0")),
    Break(
        "2.2",
        "attributes: executable",
        "entries",
        central(38, b"\0\0\xed\x81"),
    ),
    Break(
        "2.2",
        "attributes: symbolic link",
        "entries",
        central(38, b"\0\0\xff\xa1"),
    ),
    Break("2.2", "made by DOS", "entries", central(4, b"\x14\0")),
    Break(
        "2.2",
        "a comment of a member",
        "end",
        change("directory", lambda b: b + b"x"),
    ),
    Break("2.2", "stored, with two sizes", "body", on(LONG, not_shorter)),
    Break("2.2", "deflated, and larger", "body", on(DOC, stored_deflated)),
    Break(
        "2.2",
        "deflated, and empty",
        "body",
        on("data/files/b/empty", deflated_empty),
    ),
    Break("2.3", "ZIP64 sizes that fit", "body", on(DOC, zip64_sizes)),
    Break("2.3", "ZIP64 end record for small numbers", "end", wide_end),
    Break(
        "2.5", "a byte behind the stream", "body", packed(lambda b: b + b"\0")
    ),
    Break(
        "2.5",
        "a stream without its last byte",
        "body",
        packed(lambda b: b[:-1]),
    ),
    Break("2.5", "a second stream", "body", packed(lambda b: b + b"\3\0")),
    Break("2.5", "one byte of content more", "body", set_size(1)),
    Break("2.5", "one byte of content less", "body", set_size(-1)),
    Break("2.5", "stored for once", "body", on(LONG, stored), exit=INTACT),
    Break("2.5", "another encoder", "body", on(LONG, fixed_text), exit=INTACT),
    Break("2.5", "unused bits", "body", packed(unused_bits), exit=INTACT),
    Break(
        "2.5",
        "no final block",
        "body",
        packed(lambda b: bytes([b[0] & 0xFE]) + b[1:]),
    ),
    Break("2.1", "the first member is missing", "body", drop("entries", 0)),
]


def store_behind(entry: Entry, content: bytes) -> None:
    """Bytes that belong to no member."""
    entry.behind = content


def deflated_seal() -> Break:
    """The seal, which has to be stored."""

    def action(draft: Draft) -> None:
        draft.deflated.add(names.SEAL)

    return Break("2.2", "a deflated seal", "seal", action)


def container_breaks() -> list[Break]:
    """All of section 2."""
    return [*TABLE, deflated_seal(), *field_breaks(), *name_breaks()]
