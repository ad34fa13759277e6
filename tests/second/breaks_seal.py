# SPDX-License-Identifier: ISC
"""Broken rules of FORMAT.md 5.1 and 1.2: the seal, and versions."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace as with_values

import ed25519
import keys
import names
from breaking import (
    INTACT,
    UNKNOWN_VERSION,
    Action,
    Break,
    both,
    change,
    put,
    replace,
)
from breaks_keys import KEY, MANIFEST, key_breaks, larger, ssh_breaks
from keys import Signature
from maker import KEY_ID, SEED, Draft


# --- the trusted comment: 5.1 ------------------------------------------------


def words(function: Callable[[list[str]], list[str]]) -> Action:
    """Other words in the trusted comment, signed."""
    return change("comment", lambda text: " ".join(function(text.split(" "))))


def word(index: int, new: str) -> Action:
    """Another word in the trusted comment, signed."""
    return words(lambda old: [*old[:index], new, *old[index + 1 :]])


def number(index: int, place: int, function: Callable[[int], str]) -> Action:
    """Another number in a word of the trusted comment."""

    def edit(old: list[str]) -> list[str]:
        parts = old[index].split(":")
        parts[place] = function(int(parts[place]))
        return [*old[:index], ":".join(parts), *old[index + 1 :]]

    return words(edit)


def versions(word: str) -> Action:
    """Another version in the first line and the trusted comment."""
    return both(
        put("untrusted", f"{word} seal"),
        change("comment", lambda text: text.replace("dossier/1", word, 1)),
    )


COMMENTS = (
    ("another id", word(1, "id:11234567-89ab-4cde-8f01-23456789abcd")),
    (
        "an id in upper case",
        word(1, "id:01234567-89AB-4CDE-8F01-23456789ABCD"),
    ),
    ("another request", word(2, "request:REQ-1")),
    ("an empty request", word(2, "request:")),
    ("one member less", number(3, 1, lambda n: str(n - 1))),
    ("one member more", number(3, 1, lambda n: str(n + 1))),
    ("members with a zero before", number(3, 1, lambda n: f"0{n}")),
    ("members with a sign", number(3, 1, lambda n: f"+{n}")),
    ("members modulo 2^64", number(3, 1, lambda n: str(n + 2**64))),
    ("another length", number(4, 1, lambda n: str(n + 1))),
    ("a length with a zero before", number(4, 1, lambda n: f"0{n}")),
    ("a length modulo 2^64", number(4, 1, lambda n: str(n + 2**64))),
    ("a length in hexadecimal", number(4, 1, hex)),
    (
        "another digest",
        change(
            "comment",
            lambda t: t.replace(
                t[t.index(" documents:") - 64 :][:64], "0" * 64
            ),
        ),
    ),
    ("one document more", number(5, 1, lambda n: str(n + 1))),
    ("documents with a zero before", number(5, 1, lambda n: f"0{n}")),
    ("another root", change("comment", lambda t: t[:-64] + "0" * 64)),
    (
        "a root in upper case",
        change("comment", lambda t: t[:-64] + t[-64:].upper()),
    ),
    ("parts in another order", words(lambda w: [*w[:2], w[3], w[2], *w[4:]])),
    ("a part less", words(lambda w: w[:-1])),
    ("a part more", words(lambda w: [*w, "x:1"])),
    ("a part twice", words(lambda w: [*w, w[-1]])),
    ("two spaces", change("comment", lambda t: t.replace(" ", "  ", 1))),
    ("a space at the end", change("comment", lambda t: t + " ")),
    ("a space at the start", change("comment", lambda t: " " + t)),
    ("a tab", change("comment", lambda t: t.replace(" ", "\t", 1))),
    ("nothing", put("comment", "")),
    ("the first word alone", put("comment", "dossier/1")),
    ("version 01", word(0, "dossier/01")),
    ("version 1 in words", word(0, "dossier/one")),
    ("another program", word(0, "dossies/1")),
    ("no version", word(0, "dossier/")),
)
VERSIONS = (
    ("dossier/2", UNKNOWN_VERSION),
    ("dossier/10", UNKNOWN_VERSION),
    ("dossier/0", UNKNOWN_VERSION),
    ("dossier/9223372036854775807", UNKNOWN_VERSION),
    ("dossier/9223372036854775808", 1),
    ("dossier/02", 1),
    ("dossier/1.1", 1),
    ("dossier/-1", 1),
    ("dossier/2x", 1),
)

# --- the seal as a text ------------------------------------------------------


def on_seal(function: Callable[[Signature], Signature]) -> Action:
    """Another signature, written as it should be."""

    def action(draft: Draft) -> None:
        signature = keys.read_signature(draft.files[names.SEAL])
        draft.files[names.SEAL] = keys.write_signature(function(signature))

    return action


def raw(function: Callable[[bytes], bytes]) -> Action:
    """Another text of the seal."""
    return change("files", names.SEAL, function)


def line(index: int, function: Callable[[bytes], bytes]) -> Action:
    """Another line of the seal."""

    def edit(text: bytes) -> bytes:
        lines = text.split(b"\n")
        lines[index] = function(lines[index])
        return b"\n".join(lines)

    return raw(edit)


def legacy(text: bytes) -> bytes:
    """The first algorithm of minisign in place of the second."""
    content = base64.b64decode(text)
    return base64.b64encode(b"Ed" + content[2:])


def padding_bit(text: bytes) -> bytes:
    """Sets an unused bit of base64."""
    assert text.endswith(b"=")
    end = len(text.rstrip(b"=")) - 1
    return text[:end] + bytes([text[end] + 1]) + text[end + 1 :]


def high_byte(text: bytes) -> bytes:
    """A byte of 0x80 and more where a slash stands."""
    return (
        text.replace(b"/", b"\xff", 1) if b"/" in text else b"\xff" + text[1:]
    )


def legacy_signature(draft: Draft) -> None:
    """A signature over the message itself, as minisign once made them."""
    first = ed25519.sign(SEED, draft.files[MANIFEST])
    second = ed25519.sign(SEED, first + draft.comment.encode())
    signature = Signature(
        draft.untrusted, KEY_ID, first, draft.comment, second
    )
    text = keys.write_signature(signature).split(b"\n")
    text[1] = legacy(text[1])
    draft.files[names.SEAL] = b"\n".join(text)


SEALS = (
    (
        "another first line",
        put("untrusted", "signature from minisign"),
        "facts",
    ),
    ("a first line of version 2", put("untrusted", "dossier/2 seal"), "facts"),
    ("a first line and a space", put("untrusted", "dossier/1 seal "), "facts"),
    ("no first line", put("untrusted", ""), "facts"),
    ("no last LF", raw(lambda b: b[:-1]), "seal"),
    ("one LF more", raw(lambda b: b + b"\n"), "seal"),
    ("CR", raw(lambda b: b.replace(b"\n", b"\r\n")), "seal"),
    ("CR in the last line", line(3, lambda b: b + b"\r"), "seal"),
    ("a space behind base64", line(1, lambda b: b + b" "), "seal"),
    ("no padding", line(3, lambda b: b.rstrip(b"=")), "seal"),
    ("more padding", line(3, lambda b: b + b"="), "seal"),
    ("an unused bit", line(3, padding_bit), "seal"),
    ("an unused bit in the first", line(1, padding_bit), "seal"),
    ("a byte that is not base64", line(1, high_byte), "seal"),
    ("a byte that is not base64, later", line(3, high_byte), "seal"),
    ("the algorithm Ed", line(1, legacy), "seal"),
    ("a signature over the message", legacy_signature, "seal"),
    (
        "another key id",
        on_seal(lambda s: with_values(s, key_id=b"otherkey")),
        "seal",
    ),
    (
        "S and the order, first",
        on_seal(lambda s: with_values(s, first=larger(s.first))),
        "seal",
    ),
    (
        "S and the order, second",
        on_seal(lambda s: with_values(s, second=larger(s.second))),
        "seal",
    ),
    (
        "the first signature twice",
        on_seal(lambda s: with_values(s, second=s.first)),
        "seal",
    ),
    ("zeros", on_seal(lambda s: with_values(s, first=bytes(64))), "seal"),
    (
        "another trusted comment",
        on_seal(lambda s: with_values(s, trusted=s.trusted + "x")),
        "seal",
    ),
    ("a fifth line", raw(lambda b: b + b"more\n"), "seal"),
    ("more than 64 KiB", raw(lambda b: b + b"\n" * 65536), "seal"),
    ("nothing", raw(lambda b: b""), "seal"),
)


class AlsoVersion(Break):
    """A break of an archive of another version."""

    def hook(self, stage: str, draft: Draft) -> None:
        """The version when the seal is made."""
        if stage == "facts":
            change("comment", lambda text: text.replace("/1", "/2", 1))(draft)
        super().hook(stage, draft)


FOREIGN: tuple[tuple[str, str, Action], ...] = (
    ("nothing else", "whole", lambda draft: None),
    ("another first line", "facts", put("untrusted", "what comes then")),
    ("a part more", "facts", words(lambda old: [*old, "x:1"])),
    ("nothing behind it", "facts", put("comment", "dossier/2")),
    (
        "another key id",
        "seal",
        on_seal(lambda s: with_values(s, key_id=b"otherkey")),
    ),
    (
        "another comment of the key",
        "files",
        change("files", KEY, replace(b"minisign", b"my")),
    ),
    ("an unknown member", "files", put("files", "new/member", b"x")),
    ("another manifest", "manifest", put("files", "manifest-sha256.txt", b"")),
    (
        "a statement of its own",
        "files",
        put("files", "dossier/statement.json", b"{}\n"),
    ),
    ("no SSH signature", "signed", put("files", names.SSHSIG, b"x")),
    (
        "a bit of content",
        "whole",
        change("whole", replace(b"How to", b"how to")),
    ),
    (
        "another header",
        "body",
        lambda draft: draft.entries[0].in_local.update({4: b"\x3f"}),
    ),
    ("a byte at the end", "whole", change("whole", lambda data: data + b"\0")),
    ("no directory", "end", put("directory", b"")),
)


def version_breaks() -> Iterator[Break]:
    """1.2"""
    for text, status in VERSIONS:
        action = versions(text)
        yield Break("1.2", f"version {text}", "facts", action, exit=status)
    forged = on_seal(lambda s: with_values(s, second=bytes(64)))
    yield Break(
        "1.2",
        "version 2 without a signature",
        "seal",
        both(forged, raw(replace(b": dossier/1 id", b": dossier/2 id"))),
    )
    for name, stage, action in FOREIGN:
        both_stages = AlsoVersion(
            "1.2", f"version 2 and {name}", stage, action, exit=UNKNOWN_VERSION
        )
        yield both_stages


def seal_breaks() -> list[Break]:
    """All of section 5."""
    result = [
        Break("5.1", f"seal: {name}", "facts", action)
        for name, action in COMMENTS
    ]
    result += [
        Break("5.1", f"seal: {name}", stage, action)
        for name, action, stage in SEALS
    ]
    result.append(
        Break(
            "5.4", "nothing broken", "whole", lambda draft: None, exit=INTACT
        )
    )
    return [*result, *key_breaks(), *ssh_breaks(), *version_breaks()]
