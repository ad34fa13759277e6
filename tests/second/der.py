# SPDX-License-Identifier: ISC
"""DER, as strict as FORMAT.md 5.3 demands."""

from __future__ import annotations

from dataclasses import dataclass

from finding import Broken

MAX_LEVELS = 32
BOOLEAN, INTEGER, BITS, OCTETS, NULL, OID = 1, 2, 3, 4, 5, 6
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
SEQUENCE, SET = 0x30, 0x31
CONSTRUCTED = 0x20


def broken(what: str) -> Broken:
    """What is not DER."""
    return Broken("sign", "5.3", what)


@dataclass(frozen=True)
class Node:
    """A value: its tag, all its bytes, those inside, and the values in it."""

    tag: int
    raw: bytes
    content: bytes
    items: tuple[Node, ...] = ()

    def item(self, index: int, tag: int | None = None) -> Node:
        """A value inside, of this tag; raises Broken."""
        if index >= len(self.items):
            raise broken("a value is missing")
        found = self.items[index]
        if tag is not None and found.tag != tag:
            raise broken(f"tag {found.tag:#x} in place of {tag:#x}")
        return found

    def number(self) -> int:
        """The value of an INTEGER."""
        return int.from_bytes(self.content, "big", signed=True)


def read_length(data: bytes, at: int) -> tuple[int, int]:
    """The length of the content that stands at an offset, and where it begins."""
    if at >= len(data):
        raise broken("cut")
    first = data[at]
    if first < 0x80:
        return first, at + 1
    text = data[at + 1 : at + 1 + (first & 0x7F)]
    length = int.from_bytes(text, "big")
    if len(text) != first & 0x7F or length < 0x80 or text[0] == 0:
        raise broken("a length that is not minimal")
    return length, at + 1 + len(text)


def check_value(tag: int, content: bytes) -> None:
    """Numbers, booleans and bit strings have one form."""
    if tag == BOOLEAN and content not in (b"\0", b"\xff"):
        raise broken("a boolean")
    if tag in (INTEGER, 10):
        if not content or (
            len(content) > 1
            and int.from_bytes(content[:2], "big") >> 7 in (0, 511)
        ):
            raise broken("a number that is not minimal")
    if tag == BITS:
        unused = content[0] if content else 8
        last = content[-1] if len(content) > 1 else 0
        if (
            unused > 7
            or (len(content) == 1 and unused)
            or last & (1 << unused) - 1
        ):
            raise broken("a bit string")
    if tag == NULL and content:
        raise broken("a null")


def read_one(data: bytes, at: int, level: int) -> tuple[Node, int]:
    """The value at an offset, and where it ends."""
    tag = data[at]
    if tag & 0x1F == 0x1F or level > MAX_LEVELS:
        raise broken("a long tag, or too deep")
    length, start = read_length(data, at + 1)
    end = start + length
    if end > len(data):
        raise broken("cut")
    content = data[start:end]
    items: list[Node] = []
    if tag & CONSTRUCTED:
        inside = 0
        while inside < len(content):
            item, inside = read_one(content, inside, level + 1)
            items.append(item)
    else:
        check_value(tag, content)
    return Node(tag, data[at:end], content, tuple(items)), end


def parse(data: bytes) -> Node:
    """A value and nothing behind it; raises Broken."""
    if not data:
        raise broken("nothing")
    node, end = read_one(data, 0, 1)
    if end != len(data):
        raise broken("something behind the end")
    return node


def write(tag: int, *parts: bytes) -> bytes:
    """A value."""
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size, "big") + content


def sequence(*parts: bytes) -> bytes:
    """A SEQUENCE."""
    return write(SEQUENCE, *parts)


def set_of(*parts: bytes, tag: int = SET) -> bytes:
    """A SET OF, in its one order."""
    return write(tag, *sorted(parts))


def integer(number: int) -> bytes:
    """An INTEGER."""
    size = number.bit_length() // 8 + 1
    return write(INTEGER, number.to_bytes(size, "big", signed=True))


def oid(text: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    first, second, *rest = map(int, text.split("."))
    content = b""
    for number in (first * 40 + second, *rest):
        part = bytes([number & 0x7F])
        while number := number >> 7:
            part = bytes([0x80 | number & 0x7F]) + part
        content += part
    return write(OID, content)
