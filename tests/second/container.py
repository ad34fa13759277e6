# SPDX-License-Identifier: ISC
"""The container: FORMAT.md section 2.

The members decide every other byte. So each header is made again from what it
says and compared, and so are the directory and what ends the file.
"""

from __future__ import annotations

import hashlib
import mmap
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import names
from finding import Broken

STORED, DEFLATED = 0, 8
DATE = 0x0021
FULL32, FULL16 = 0xFFFFFFFF, 0xFFFF
CHUNK = 1 << 20
MAX_MEMBERS = 2**26
MAX_CONTENT = 2**40
MAX_ALL_CONTENT = 2**44

Data = bytes | mmap.mmap


@dataclass
class Member:
    """A member as its local header and its content say."""

    name: str
    offset: int
    method: int
    packed: int
    size: int
    crc: int = 0
    sha256: str = ""
    content: bytes = field(default=b"", repr=False)  # empty for documents

    @property
    def path(self) -> str:
        """The name below NAME/."""
        return self.name.partition("/")[2]


def broken(what: str, rule: str = "2.2") -> Broken:
    """A broken rule of the container."""
    return Broken("zip", rule, what)


# --- what the members decide -------------------------------------------------


def numbers(member: Member, central: bool) -> list[int]:
    """The 64-bit numbers in the extra field of a header: 2.3."""
    result = []
    if max(member.size, member.packed) >= FULL32:
        result += [member.size, member.packed]
    if central and member.offset >= FULL32:
        result.append(member.offset)
    return result


def extra_field(member: Member, central: bool) -> bytes:
    """2.3, rule 3."""
    parts = numbers(member, central)
    if not parts:
        return b""
    return struct.pack(f"<HH{len(parts)}Q", 1, 8 * len(parts), *parts)


def version_needed(member: Member) -> int:
    """2.2, rule 3."""
    if numbers(member, central=True):
        return 45
    return 20 if member.method == DEFLATED else 10


def shared_fields(member: Member, extra: bytes) -> bytes:
    """What both headers say, from the version needed on."""
    wide = max(member.size, member.packed) >= FULL32
    return struct.pack(
        "<HHHHHIIIHH",
        version_needed(member),
        0,
        member.method,
        0,
        DATE,
        member.crc,
        FULL32 if wide else member.packed,
        FULL32 if wide else member.size,
        len(member.name.encode("utf-8")),
        len(extra),
    )


def local_header(member: Member) -> bytes:
    """2.2, the first table."""
    extra = extra_field(member, central=False)
    name = member.name.encode("utf-8")
    return b"PK\3\4" + shared_fields(member, extra) + name + extra


def central_header(member: Member) -> bytes:
    """2.2, the second table."""
    extra = extra_field(member, central=True)
    name = member.name.encode("utf-8")
    rest = struct.pack(
        "<HHHII", 0, 0, 0, 0x81A40000, min(member.offset, FULL32)
    )
    start = b"PK\1\2" + struct.pack("<H", 0x032D)
    return start + shared_fields(member, extra) + rest + name + extra


def end_records(count: int, size: int, offset: int) -> bytes:
    """2.2, the third table, and 2.3, rule 4."""
    end = b"PK\5\6" + struct.pack(
        "<HHHHIIH",
        0,
        0,
        min(count, FULL16),
        min(count, FULL16),
        min(size, FULL32),
        min(offset, FULL32),
        0,
    )
    if count < FULL16 and size < FULL32 and offset < FULL32:
        return end
    wide = b"PK\6\6" + struct.pack(
        "<QHHIIQQQQ", 44, 0x032D, 45, 0, 0, count, count, size, offset
    )
    locator = b"PK\6\7" + struct.pack("<IQI", 0, offset + size, 1)
    return wide + locator + end


# --- reading -----------------------------------------------------------------


def read_header(data: Data, offset: int) -> tuple[Member, int]:
    """A local header, the one that its values make, and what it ends at."""
    head = data[offset : offset + 30]
    if len(head) < 30:
        raise broken("the file ends in a local header", "2.1")
    _, method, _, _, crc, packed, size, name_size, extra_size = struct.unpack(
        "<6xHHHHIIIHH", head
    )
    end = offset + 30 + name_size + extra_size
    name = data[offset + 30 : offset + 30 + name_size]
    if not names.is_name(name):
        raise broken(f"name {name!r}", "2.4")
    if (packed, size) == (FULL32, FULL32) and extra_size == 20:
        extra = data[end - 20 : end]
        if len(extra) == 20:
            size, packed = struct.unpack("<4xQQ", extra)
    member = Member(name.decode("ascii"), offset, method, packed, size, crc)
    if local_header(member) != data[offset:end]:
        raise broken(f"{member.name}: the local header is another one")
    return member, end


def check_sizes(member: Member) -> None:
    """2.2, rules 1 and 2, and the bounds of 2.6."""
    if member.method not in (STORED, DEFLATED):
        raise broken(f"{member.name}: method {member.method}")
    if member.method == STORED and member.packed != member.size:
        raise broken(f"{member.name}: stored, with two sizes")
    if member.method == DEFLATED and member.packed >= member.size:
        raise broken(f"{member.name}: deflated, and not smaller")
    if member.size > MAX_CONTENT:
        raise broken(f"{member.name}: too large", "2.6")
    if (
        member.method == DEFLATED
        and member.size > 1100 * (member.packed + 1) - 1
    ):
        raise broken(f"{member.name}: packed too well", "2.6")


class Sink:
    """Takes content: counts, digests, and keeps it when asked to."""

    def __init__(self, keep: bool) -> None:
        self.size = 0
        self.crc = 0
        self.hash = hashlib.sha256()
        self.kept: list[bytes] | None = [] if keep else None

    def take(self, part: bytes) -> None:
        """Takes the next part."""
        self.size += len(part)
        self.crc = zlib.crc32(part, self.crc)
        self.hash.update(part)
        if self.kept is not None:
            self.kept.append(part)


def chunks(data: Data, start: int, count: int) -> Iterator[bytes]:
    """The count bytes of data from start on, in parts."""
    for offset in range(start, start + count, CHUNK):
        yield data[offset : min(offset + CHUNK, start + count)]


def inflate(member: Member, parts: Iterator[bytes], sink: Sink) -> None:
    """2.5: one stream that ends in the last byte and makes size bytes."""
    stream = zlib.decompressobj(-15)
    for part in parts:
        full = True
        while (part or full) and sink.size <= member.size:
            content = stream.decompress(part, CHUNK)
            sink.take(content)
            part, full = stream.unconsumed_tail, len(content) == CHUNK
        if stream.unused_data:
            raise broken(f"{member.name}: bytes behind the stream", "2.5")
    if not stream.eof:
        raise broken(f"{member.name}: the stream does not end", "2.5")


def read_content(member: Member, data: Data, start: int) -> None:
    """Unpacks the content and compares size and CRC-32 with the header."""
    sink = Sink(keep=not member.path.startswith("data/") or member.size < 4096)
    parts = chunks(data, start, member.packed)
    try:
        if member.method == DEFLATED:
            inflate(member, parts, sink)
        for part in parts:
            sink.take(part)
    except zlib.error as error:
        raise broken(f"{member.name}: {error}", "2.5") from None
    if sink.size != member.size:
        raise broken(
            f"{member.name}: {sink.size} bytes, not {member.size}", "2.5"
        )
    if sink.crc != member.crc:
        raise broken(f"{member.name}: CRC-32")
    member.sha256 = sink.hash.hexdigest()
    member.content = b"".join(sink.kept or [])


def read(data: Data) -> list[Member]:
    """The members of a container; raises Broken when it is not one."""
    members: list[Member] = []
    offset = total = 0
    while data[offset : offset + 4] == b"PK\3\4":
        member, start = read_header(data, offset)
        check_sizes(member)
        offset = start + member.packed
        if offset > len(data):
            raise broken(f"{member.name}: the file ends in it", "2.1")
        read_content(member, data, start)
        members.append(member)
        total += member.size
        if len(members) > MAX_MEMBERS or total > MAX_ALL_CONTENT:
            raise broken("too much", "2.6")
    check_end(data, offset, members)
    return members


def salvage(data: Data, wanted: set[str]) -> dict[str, bytes]:
    """The contents of some members, whatever is wrong with them: 1.2."""
    result: dict[str, bytes] = {}
    offset = 0
    while data[offset : offset + 4] == b"PK\3\4" and len(data) >= offset + 30:
        method, packed, name, extra = struct.unpack_from(
            "<8xH8xI4xHH", data, offset
        )
        start = offset + 30 + name + extra
        path = data[offset + 30 : offset + 30 + name].partition(b"/")[2]
        offset = start + packed
        if path.decode("latin-1") in wanted:
            content = bytes(data[start:offset])
            result[path.decode("latin-1")] = unpacked(content, method)
    return result


def unpacked(content: bytes, method: int) -> bytes:
    """What a small member holds, empty when it cannot be told."""
    try:
        if method == DEFLATED:
            return zlib.decompressobj(-15).decompress(content, 16 * CHUNK)
    except zlib.error:
        return b""
    return content


def check_end(data: Data, offset: int, members: list[Member]) -> None:
    """2.1: directory and end records are those that the members make."""
    if not members:
        raise broken("no member", "2.1")
    directory = b"".join(map(central_header, members))
    end = end_records(len(members), len(directory), offset)
    if data[offset:] != directory + end:
        raise broken("directory or end records differ", "2.1")
