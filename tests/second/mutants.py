# SPDX-License-Identifier: ISC
"""Archives changed by chance: bytes as they are, or before all is made again.

Each kind returns a hook for maker.make and what it does. A changed value or
text is followed by right digests and signatures, so that the verifiers get as
far as the change itself.
"""

from __future__ import annotations

import copy
import random
import zlib
from collections.abc import Callable
from typing import Any

import names
import samples
from breaks_records import restate
from container import DEFLATED
from maker import (
    TIME,
    Draft,
    Entry,
    Hook,
    document,
    lines,
    make,
    sort_documents,
)

Kind = Callable[[random.Random], tuple[str, str, Hook]]  # sample, what, hook

TOKENS = (
    b"", b"\0", b"\n", b"\r\n", b" ", b"/", b".", b"0", b"1", b":", b'"',
    b"null", b"\xff", b"\xc3\xa9", b"\\u0041", b"-", b"=", b"A", b"a",
    b"PK\3\4", b"PK\1\2", b"PK\5\6", b"\xff\xff\xff\xff", b"dossier/2", b"{}",
    b"[]", b",", b"\x80", b"..",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, 2, 3, -1, 2**53 - 1, 2**53, 2**64, "", "x", "a b",
    "a.txt", "minisign", "0" * 64, "A" * 64, TIME, "2026-01-02T03:04:05.5Z",
    "en", "EN", "case", "\u00e9", "\u202e", "\U0001f600", "/w==", "YQ==", "-",
    "REQ-1", "svc", "items", "01234567-89ab-4cde-8f01-23456789abcd", [], {},
    [0, 1], [1], ["minisign"], ["en"], [None], {"x": 1},
    {"sha256": None, "size": None, "text": None}, "x" * 65,
)  # fmt: skip
SEGMENTS = (
    "a", "A", "b", "con", "NUL", "com1", "aux.txt", "x" * 64, "x" * 65, ".",
    "..", "a.", ".a", "a b", "a-b_c.d", "0", "", "\u00e9", "data", "files",
    "renamed", "empty", "b", "long.txt", "a.txt", "000000001.txt",
)  # fmt: skip
PATHS = (
    "data/files/z", "data/x", "dossier/x.jsonl", "dossier/request.json",
    "fetch.txt", "dossier/connectors/a.json", "tables/a.b.csv", "tables/a.csv",
    "tables/x.y.z.json", "START-HERE.nl.html", "START-HERE.xx.html",
    "keys/signer.pem", "keys/x", "signatures/renewal-01.tsr", "README",
    "data/documents/a/b/000000/000000001.x",
)  # fmt: skip


def any_sample(rng: random.Random) -> str:
    """The name of a sample."""
    return rng.choice(list(samples.SAMPLES))


def edit(rng: random.Random, text: bytes) -> bytes:
    """One small change of a text."""
    if not text:
        return rng.choice(TOKENS)
    start = rng.randrange(len(text))
    end = min(len(text), start + 1 + int(rng.expovariate(0.3)))
    other = rng.randrange(len(text))
    token, (old, new) = rng.choice(TOKENS), rng.sample(TOKENS[1:], 2)
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: flipped(text, start, rng.randrange(8)),
        lambda: text[:start] + rng.randbytes(1) + text[start + 1 :],
        lambda: text[:start] + token + text[start:],
        lambda: text[:start] + token + text[end:],
        lambda: text[:start] + text[end:],
        lambda: text[:other] + text[start:end] + text[other:],
        lambda: text[:start],
        lambda: text.replace(old, new, 1),
    )
    return rng.choice(ways)()


def flipped(text: bytes, place: int, bit: int) -> bytes:
    """One bit is another."""
    return text[:place] + bytes([text[place] ^ 1 << bit]) + text[place + 1 :]


def at(stage: str, action: Callable[[Draft], None]) -> Hook:
    """A hook for one stage."""

    def hook(here: str, draft: Draft) -> None:
        if here == stage:
            action(draft)

    return hook


# --- the file as it is -------------------------------------------------------


def whole(rng: random.Random) -> tuple[str, str, Hook]:
    """The bytes of the file."""

    def action(draft: Draft) -> None:
        for _ in range(rng.choice((1, 1, 1, 2, 5))):
            draft.whole = edit(rng, draft.whole)

    return any_sample(rng), "bytes", at("whole", action)


def one_bit(rng: random.Random) -> tuple[str, str, Hook]:
    """One bit of the file."""

    def action(draft: Draft) -> None:
        place = rng.randrange(len(draft.whole))
        draft.whole = flipped(draft.whole, place, rng.randrange(8))

    return any_sample(rng), "one bit", at("whole", action)


def members(rng: random.Random) -> tuple[str, str, Hook]:
    """Members swapped, left out, twice, or those of another archive."""

    def action(draft: Draft) -> None:
        entries = draft.entries
        i, j = rng.randrange(len(entries)), rng.randrange(len(entries))
        way = rng.randrange(4)
        if way == 0:
            entries[i], entries[j] = entries[j], entries[i]
        elif way == 1:
            del entries[i]
        elif way == 2:
            entries.insert(j, entries[i])
        else:
            entries[i].packed, entries[j].packed = (
                entries[j].packed,
                entries[i].packed,
            )

    return (
        any_sample(rng),
        "members",
        at(rng.choice(("body", "entries")), action),
    )


def end(rng: random.Random) -> tuple[str, str, Hook]:
    """Directory and end records."""

    def action(draft: Draft) -> None:
        if rng.randrange(2):
            draft.end = edit(rng, draft.end)
        else:
            draft.directory = edit(rng, draft.directory)

    return any_sample(rng), "directory or end", at("end", action)


def header(rng: random.Random) -> tuple[str, str, Hook]:
    """Bytes of both headers, under a seal that fits."""

    def action(draft: Draft) -> None:
        entry: Entry = rng.choice(draft.entries)
        offset, patch = rng.randrange(30), rng.choice(TOKENS) or rng.randbytes(
            2
        )
        entry.in_local[offset] = patch[:4]
        if rng.randrange(2):
            entry.in_central[offset + 2] = patch[:4]

    return any_sample(rng), "header", at("body", action)


def deflate(rng: random.Random) -> tuple[str, str, Hook]:
    """A stream with other bits, and its content when it makes some."""
    path = "data/files/b/long.txt"

    def action(draft: Draft) -> None:
        content = rng.choice((rng.randbytes(300), b"ab" * 200)) + samples.LONG
        level = rng.choice((1, 6, 9))
        strategy = rng.choice(
            (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY)
        )
        stream = zlib.compressobj(level, DEFLATED, -15, 8, strategy)
        packed = stream.compress(content) + stream.flush()
        for _ in range(rng.choice((1, 1, 2))):
            place = rng.randrange(
                rng.choice((len(packed), min(60, len(packed))))
            )
            packed = flipped(packed, place, rng.randrange(8))
        draft.payload[path] = inflated(packed, content)
        draft.packed[path] = packed
        draft.documents[2] = document(
            path, draft.payload[path], name="b/long.txt"
        )

    return (
        rng.choice(("folder", "unsigned", "plain")),
        "deflate",
        at("records", action),
    )


def inflated(packed: bytes, otherwise: bytes) -> bytes:
    """What zlib makes of a stream, before it finds fault with it."""
    stream, content = zlib.decompressobj(-15), b""
    try:
        for index in range(len(packed)):
            content += stream.decompress(packed[index : index + 1])
    except zlib.error:
        pass
    return content if len(content) > len(packed) else otherwise


# --- made again --------------------------------------------------------------


def text(rng: random.Random) -> tuple[str, str, Hook]:
    """A member that is not payload."""
    stage = rng.choice(
        (
            "lists",
            "files",
            "files",
            "manifest",
            "tagmanifest",
            "signed",
            "seal",
        )
    )

    def action(draft: Draft) -> None:
        paths = {
            "lists": [path for path in draft.files if path.endswith(".jsonl")],
            "manifest": ["manifest-sha256.txt"],
            "tagmanifest": ["tagmanifest-sha256.txt"],
            "signed": [names.SSHSIG, names.CMS],
            "seal": [names.SEAL],
        }.get(stage, list(draft.files))
        path = rng.choice(paths)
        if path in draft.files:
            draft.files[path] = edit(rng, draft.files[path])

    return any_sample(rng), f"text, {stage}", at(stage, action)


def token(rng: random.Random) -> tuple[str, str, Hook]:
    """A CMS signature, its certificates, or a time stamp."""
    stage = rng.choice(("files", "signed", "stamp", "stamp"))
    path = {"files": "keys/signer.pem", "signed": names.CMS}.get(stage)

    def action(draft: Draft) -> None:
        for _ in range(rng.choice((1, 1, 2))):
            if path is None:
                draft.stamp = edit(rng, draft.stamp)
            else:
                draft.files[path] = edit(rng, draft.files[path])

    return "stamped", f"token, {stage}", at(stage, action)


def comment(rng: random.Random) -> tuple[str, str, Hook]:
    """What the seal says, signed."""

    def action(draft: Draft) -> None:
        changed = edit(rng, draft.comment.encode())
        draft.comment = "".join(
            map(chr, filter(lambda byte: 31 < byte < 127, changed))
        )

    sample = rng.choice(("folder", "case", "empty", "plain"))
    return sample, "comment", at("facts", action)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every key or index below a value, with what holds it."""
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    result = [(value, key) for key in keys]
    for key in keys:
        if isinstance(value[key], (dict, list)):
            result += places(value[key])
    return result


def change_value(rng: random.Random, top: Any) -> None:
    """Another value, a key less or a key more, somewhere below."""
    found = places(top)
    if not found:
        return
    holder, key = rng.choice(found)
    way = rng.randrange(8)
    if way == 0:
        del holder[key]
    elif way == 1 and isinstance(holder, dict):
        holder[rng.choice(("x", "\u00e9", "zzz", "Name"))] = rng.choice(VALUES)
    elif way == 2 and isinstance(holder, list):
        holder.append(rng.choice((rng.choice(VALUES), holder[0])))
    elif way == 3 and isinstance(holder[key], int):
        holder[key] += rng.choice((-1, 1))
    else:
        holder[key] = rng.choice(VALUES)


def record(rng: random.Random) -> tuple[str, str, Hook]:
    """A value in one of the lists; tree and digests follow, counts do not."""

    def action(draft: Draft) -> None:
        lists = {
            "dossier/documents.jsonl": draft.documents,
            "dossier/exchanges.jsonl": draft.exchanges,
            "dossier/gaps.jsonl": draft.gaps,
        }
        path = rng.choice([path for path, items in lists.items() if items])
        changed = copy.deepcopy(lists[path])
        change_value(rng, changed)
        draft.files[path] = lines(changed)

    return (
        rng.choice(("folder", "case", "case")),
        "record",
        at("lists", action),
    )


def statement(rng: random.Random) -> tuple[str, str, Hook]:
    """A value in the statement, and what the maker makes of it."""

    def action(draft: Draft) -> None:
        change_value(rng, draft.statement)

    return any_sample(rng), "statement", at("files", restate(action))


def path(rng: random.Random) -> tuple[str, str, Hook]:
    """Documents of other names."""

    def action(draft: Draft) -> None:
        for _ in range(rng.choice((1, 2, 3))):
            below = "/".join(
                rng.choices(SEGMENTS, k=rng.choice((1, 1, 2, 2, 3, 17)))
            )
            content = rng.randbytes(3)
            place = "data/files/" + below
            if place not in draft.payload and below.isascii():
                draft.payload[place] = content
                draft.documents.append(document(place, content, name=below))
        sort_documents(draft)

    return rng.choice(("folder", "unsigned")), "path", at("records", action)


def member(rng: random.Random) -> tuple[str, str, Hook]:
    """Tag files more or less."""

    def action(draft: Draft) -> None:
        if rng.randrange(2):
            draft.files.pop(rng.choice(list(draft.files)))
        else:
            draft.files[rng.choice(PATHS)] = rng.choice(TOKENS)

    return any_sample(rng), "member", at("files", action)


KINDS: tuple[tuple[Kind, int], ...] = (
    (one_bit, 3),
    (whole, 3),
    (members, 2),
    (end, 2),
    (header, 3),
    (deflate, 3),
    (text, 5),
    (token, 3),
    (comment, 2),
    (record, 5),
    (statement, 4),
    (path, 3),
    (member, 2),
)


def mutant(seed: str) -> tuple[str, bytes]:
    """What was done, and the archive; the seed decides both."""
    rng = random.Random(seed)
    kinds, weights = zip(*KINDS)
    sample, what, hook = rng.choices(kinds, weights)[0](rng)
    return f"{sample}, {what}", make(samples.SAMPLES[sample](), hook)
