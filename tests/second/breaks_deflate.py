# SPDX-License-Identifier: ISC
"""Broken rules of FORMAT.md 2.5: streams that lenient decoders let pass.

The content of each is what such a decoder would make, so that sizes, CRC-32
and digests are right and the stream alone is wrong.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from breaking import INTACT, Action, Break
from maker import Draft, document

PATH = "data/files/b/long.txt"
Bits = tuple[int, int]  # a value and how many bits of it, lowest first
CODE_LENGTH_ORDER = (
    16,
    17,
    18,
    0,
    8,
    7,
    9,
    6,
    10,
    5,
    11,
    4,
    12,
    3,
    13,
    2,
    14,
    1,
    15,
)
END = 256


def to_bytes(parts: Sequence[Bits]) -> bytes:
    """The bits, lowest first, filled up with zero bits."""
    number = place = 0
    for value, width in parts:
        number |= value << place
        place += width
    return number.to_bytes((place + 7) // 8, "little")


def word(value: int, width: int) -> Bits:
    """A code word, which stands highest bit first."""
    return int(f"{value:0{width}b}"[::-1], 2), width


def words(lengths: Sequence[int]) -> dict[int, Bits]:
    """The code words of RFC 1951, 3.2.2, also of an incomplete code."""
    result, value = {}, 0
    for width in range(1, 16):
        for symbol, length in enumerate(lengths):
            if length == width:
                result[symbol] = word(value % (1 << width), width)
                value += 1
        value <<= 1
    return result


# --- a good start: "a" and 1,032 more of them --------------------------------


def fixed_symbol(symbol: int) -> Bits:
    """The fixed code of literals and lengths."""
    if symbol < 144:
        return word(0x30 + symbol, 8)
    if symbol < 256:
        return word(0x190 + symbol - 144, 9)
    if symbol < 280:
        return word(symbol - 256, 7)
    return word(0xC0 + symbol - 280, 8)


def fixed(*parts: Bits, final: int = 1) -> list[Bits]:
    """A block with the fixed code."""
    return [(final, 1), (1, 2), *parts, fixed_symbol(END)]


COPY = [fixed_symbol(285), word(0, 5)]  # 258 bytes of one byte before
START = fixed(fixed_symbol(97), *COPY * 4, final=0)
START_CONTENT = b"a" * (1 + 258 * 4)


# --- blocks with codes of their own ------------------------------------------


def dynamic(
    literals: Sequence[int],
    distances: Sequence[int],
    symbols: Sequence[Bits | int],
    run: Sequence[Any] | None = None,
    code_lengths: Sequence[int] | None = None,
) -> list[Bits]:
    """A block; symbols are literals, or bits as they are.

    run replaces the run of code lengths, code_lengths its code.
    """
    if code_lengths is None:
        code_lengths = (
            [0] * 3 + [4] * 16 if run is None else [5] * 4 + [4] * 14 + [0]
        )
    if run is None:
        run = [*literals, *distances]
    code = words(code_lengths)
    parts = [
        (1, 1),
        (2, 2),
        (len(literals) - 257, 5),
        (len(distances) - 1, 5),
        (15, 4),
    ]
    parts += [(code_lengths[symbol], 3) for symbol in CODE_LENGTH_ORDER]
    parts += [code[item] if isinstance(item, int) else item for item in run]
    table = words(literals)
    return parts + [
        table[item] if isinstance(item, int) else item for item in symbols
    ]


def lengths(pairs: dict[int, int], count: int) -> list[int]:
    """Code lengths by symbol."""
    return [pairs.get(symbol, 0) for symbol in range(count)]


# the order of code lengths above: symbols 3 to 18 have four bits
PLAIN = [4] * 16 + [0] * 3
NONE = [0]
ONE = [1]
SOUND = lengths({97: 1, END: 1}, 257)
WITH_COPY = lengths({97: 2, 98: 2, END: 2, 285: 2}, 286)
COPY_WORD = words(WITH_COPY)[285]


def block(
    literals: Sequence[int],
    distances: Sequence[int],
    symbols: Sequence[Bits | int],
) -> list[Bits]:
    """A block whose run of code lengths is plain."""
    return dynamic(literals, distances, symbols, code_lengths=PLAIN)


def repeated_first() -> list[Bits]:
    """The run begins with "as before", three times."""
    run = [16, (0, 2), *[0] * 94, 1, *[0] * 158, 1, 0]
    return dynamic(SOUND, NONE, [END], run, REPEATING)


def run_too_long() -> list[Bits]:
    """The last repetition goes past the end of the run."""
    run = [*[0] * 97, 1, *[0] * 158, 1, 17, (0, 3)]
    return dynamic(SOUND, NONE, [END], run, REPEATING)


def run_over_both() -> list[Bits]:
    """A repetition goes from the one code into the other: that is right."""
    distances = [0, 0, 0]
    run = [*[0] * 97, 1, *[0] * 158, 1, 17, (0, 3)]
    return dynamic(SOUND, distances, [END], run, REPEATING)


# code lengths 0 to 15 have five bits but for 0 and 1; 16 and 17 two and three
REPEATING = [2, 2] + [0] * 14 + [2, 2, 0]

GOOD = {
    "a code of two words": (block(SOUND, NONE, [97, END]), b"a"),
    "one distance code of one bit": (
        block(WITH_COPY, ONE, [97, COPY_WORD, (0, 1), END]),
        b"a" * 259,
    ),
    "no distance code": (block(SOUND, NONE, [END]), b""),
    "one literal code of one bit": (
        block(lengths({END: 1}, 257), NONE, [END]),
        b"",
    ),
    "286 and 30 codes": (
        block([*SOUND, *[0] * 29], [0] * 30, [97, END]),
        b"a",
    ),
    "a run over both codes": (run_over_both(), b""),
}
BAD = {
    "length symbol 286": (fixed(fixed_symbol(286), word(0, 5)), b"a" * 258),
    "length symbol 287": (fixed(fixed_symbol(287), word(0, 5)), b"a" * 258),
    "distance symbol 30": (fixed(fixed_symbol(257), word(30, 5)), b"aaa"),
    "distance symbol 31": (fixed(fixed_symbol(257), word(31, 5)), b"aaa"),
    "a distance before the start": (
        fixed(fixed_symbol(257), word(20, 5), (511, 9)),
        b"\0\0\0",
    ),
    "block type 3": ([(1, 1), (3, 2)], b""),
    "287 literal codes": (block([*SOUND, *[0] * 30], NONE, [97, END]), b"a"),
    "288 literal codes": (block([*SOUND, *[0] * 31], NONE, [97, END]), b"a"),
    "31 distance codes": (block(SOUND, [0] * 31, [97, END]), b"a"),
    "32 distance codes": (block(SOUND, [0] * 32, [97, END]), b"a"),
    "a literal code with room": (
        block(lengths({97: 2, END: 2}, 257), NONE, [97, END]),
        b"a",
    ),
    "a literal code with one word of two bits": (
        block(lengths({END: 2}, 257), NONE, [END]),
        b"",
    ),
    "a literal code that is too full": (
        block(lengths({97: 1, 98: 1, END: 1}, 257), NONE, [97, (0, 1)]),
        b"a",
    ),
    "no end of block": (block(lengths({97: 1, 98: 1}, 257), NONE, [97]), b"a"),
    "one distance code of two bits": (
        block(WITH_COPY, [2], [97, COPY_WORD, (0, 2), END]),
        b"a" * 259,
    ),
    "a distance code with room": (
        block(WITH_COPY, [2, 2], [97, COPY_WORD, (0, 2), END]),
        b"a" * 259,
    ),
    "a distance code that is too full": (
        block(WITH_COPY, [1, 1, 1], [97, COPY_WORD, (0, 1), END]),
        b"a" * 259,
    ),
    "the other bit of one distance code": (
        block(WITH_COPY, ONE, [97, COPY_WORD, (1, 1), END]),
        b"a" * 259,
    ),
    "a distance where there is no distance code": (
        block(WITH_COPY, NONE, [97, COPY_WORD, END]),
        b"a" * 259,
    ),
    "a code of code lengths with one word": (
        dynamic([1] * 257, NONE, [], code_lengths=[0, 1] + [0] * 17, run=[]),
        b"",
    ),
    "a first code length that repeats": (repeated_first(), b""),
    "a run that is too long": (run_too_long(), b""),
}


def streams() -> dict[str, tuple[bytes, bytes, bool]]:
    """All of them, with their content and whether they are right."""
    result = {}
    for table, good in ((GOOD, True), (BAD, False)):
        for name, (parts, content) in table.items():
            result[name] = (
                to_bytes(START + parts),
                START_CONTENT + content,
                good,
            )
    stored = to_bytes([*START, (1, 1), (0, 2)])
    result["a stored block"] = (
        stored + b"\1\0\xfe\xffa",
        START_CONTENT + b"a",
        True,
    )
    for name, head in (
        ("a wrong complement", b"\1\0\xff\xff"),
        ("none", b"\1\0\1\0"),
    ):
        result[name] = (stored + head + b"a", START_CONTENT + b"a", False)
    return result


def stream(packed: bytes, content: bytes) -> Action:
    """A document that is packed so."""

    def action(draft: Draft) -> None:
        draft.payload[PATH] = content
        draft.packed[PATH] = packed
        index = next(
            i for i, x in enumerate(draft.documents) if x["path"] == PATH
        )
        draft.documents[index] = document(PATH, content, name="b/long.txt")

    return action


def deflate_breaks() -> list[Break]:
    """2.5"""
    result = []
    for name, (packed, content, good) in streams().items():
        assert good == is_strict(packed, content), name
        status = INTACT if good else 1
        action = stream(packed, content)
        result.append(
            Break("2.5", f"deflate: {name}", "records", action, exit=status)
        )
    return result


def is_strict(packed: bytes, content: bytes) -> bool:
    """What zlib says."""
    decoder = zlib.decompressobj(-15)
    try:
        return decoder.decompress(packed) == content and decoder.eof
    except zlib.error:
        return False
