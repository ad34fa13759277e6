# SPDX-License-Identifier: ISC
"""Tricks that were played on other programs, grafted on to valid archives."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import breaks_container as made
import container
import names
import samples
from breaking import INTACT, Action, Break, change, put
from breaks_container import DOC, LONG, central, headers, on, renamed
from maker import Draft, Entry, make

TAG = "tagmanifest-sha256.txt"
UNICODE_PATH = struct.pack("<HHBL", 0x7075, 9, 1, 0) + b"evil"
HIDDEN = 64 << 20  # bytes that come out of a few


def central_extra(field: bytes) -> Action:
    """An extra field in the directory alone."""

    def function(entry: Entry) -> None:
        entry.central_extra = field
        entry.in_central[30] = struct.pack("<H", len(field))

    return on(DOC, function)


def comment_with_end(end: bytes) -> bytes:
    """The end record has a comment that is an end record."""
    return end[:-2] + struct.pack("<H", len(end)) + end


def locator_alone(end: bytes) -> bytes:
    """A locator of a ZIP64 record that is not there."""
    return b"PK\6\7" + struct.pack("<LQL", 0, 0, 1) + end


def twice(path: str, content: bytes | None = None) -> Action:
    """A second member of that name, perhaps with other content."""

    def action(draft: Draft) -> None:
        index = draft.entries.index(draft.entry(path))
        first = draft.entries[index]
        again = Entry(container.Member(**vars(first.member)), first.packed)
        if content is not None:
            again.packed = content
            again.member.packed = again.member.size = len(content)
            again.member.crc = zlib.crc32(content)
        draft.entries.insert(index + 1, again)

    return action


def overlapping(draft: Draft) -> None:
    """The first member's bytes hold the whole second member as well."""
    first, second = draft.entries[0], draft.entries[1]
    inner = len(second.local())
    first.in_local[18] = struct.pack("<L", first.member.packed + inner)
    first.in_local[22] = struct.pack("<L", first.member.size + inner)
    first.in_central[20] = first.in_local[18]
    first.in_central[24] = first.in_local[22]


def bomb(entry: Entry) -> None:
    """A stream that does not end where its header says."""
    stream = zlib.compressobj(1, zlib.DEFLATED, -15)
    entry.packed = stream.compress(bytes(HIDDEN)) + stream.flush()
    entry.member.packed = len(entry.packed)


def huge(entry: Entry) -> None:
    """A size that no disk has."""
    entry.member.size = 1 << 60


def nested(draft: Draft) -> None:
    """A document that is an archive of archives, five deep."""
    content = b"at the bottom\n" * 1000
    for _ in range(5):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in "abc":
                archive.writestr(zipfile.ZipInfo(name), content)
        content = out.getvalue()
    draft.payload[DOC] = content
    draft.documents[0] = made.document(DOC, content, name="a.txt")


def foreign_seal(draft: Draft) -> None:
    """The seal of another archive by the same key."""
    other = samples.SAMPLES["empty"]()
    make(other)
    draft.files[names.SEAL] = other.files[names.SEAL]


def without(path: str) -> Action:
    """A member less; what follows fits."""

    def action(draft: Draft) -> None:
        draft.entries.remove(draft.entry(path))

    return action


TABLE = [
    Break("2.1", "a program before the start", "whole",
          change("whole", lambda b: b"dex\n035\0" + bytes(64) + b)),
    Break("2.1", "an end record in the comment", "end",
          change("end", comment_with_end)),
    Break("2.3", "a ZIP64 locator and no record", "end",
          change("end", locator_alone)),
    Break("2.3", "0xFFFF members and no ZIP64", "end",
          change("end", lambda b: b[:8] + b"\xff\xff\xff\xff" + b[12:])),
    Break("2.2", "extra field: Unicode path", "body",
          made.extra(UNICODE_PATH)),
    Break("2.2", "extra field: Unicode path, directory", "entries",
          central_extra(UNICODE_PATH)),
    Break("2.4", "a document twice", "body", twice(DOC)),
    Break("2.4", "a document twice, other content", "body",
          twice(DOC, b"other\n")),
    Break("2.4", "two tag manifests", "body", twice(TAG, b"other\n")),
    Break("2.1", "a member inside another", "body", overlapping),
    Break("2.1", "two headers for one member", "entries",
          central(42, b"\0\0\0\0", LONG)),
    Break("2.5", "64 MiB in a member of a thousand bytes", "body",
          on(LONG, bomb)),
    Break("2.5", "a size of 2^60", "body", on(LONG, huge)),
    Break("4.2", "archives in archives", "records", nested, exit=INTACT),
    Break("2.2", "flags: strong encryption", "body", headers(6, b"\x41\0")),
    Break("2.2", "method 99: AES", "body", headers(8, b"\x63\0")),
    Break("2.2", "attributes: folder", "entries",
          central(38, b"\x10\0\xed\x41")),
    Break("2.2", "attributes: volume label", "entries",
          central(38, b"\x08\0\0\0")),
    Break("2.4", "a name that is a formula", "records", renamed("=cmd")),
    Break("2.4", "a name with an escape", "records", renamed("a\x1b[2J")),
    Break("2.4", "a name that is turned round", "records",
          renamed("a\u202etxt.exe")),
    Break("2.4", "a name in another alphabet", "records",
          renamed("\u0430.txt")),
    Break("2.4", "a name with an invisible space", "records",
          renamed("a\u200b.txt")),
    Break("5.1", "without the seal", "entries", without(names.SEAL)),
    Break("5.3", "without the SSH signature", "body",
          without(names.SSHSIG)),
    Break("5.1", "the seal of another archive", "seal", foreign_seal),
    Break("5.1", "a seal over another tag manifest", "facts",
          put("files", TAG, b"other\n")),
    Break("5.3", "CMS: 20,000 elements deep", "signed",
          put("files", names.CMS, b"\x30\x82\x7f\xff" * 10000),
          sample="certified"),
]  # fmt: skip


def threat_breaks() -> list[Break]:
    """All of them."""
    return TABLE
