# SPDX-License-Identifier: ISC
"""What the values of a record may be: the words of FORMAT.md 1.1, as tests."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator

from canonical import Value

Check = Callable[[Value], bool]
Schema = dict[str, Check]

_DIGEST = re.compile(r"[0-9a-f]{64}")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_UUID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.(\d{3}|\d{9}))?Z",
    re.ASCII,
)
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def matches(pattern: re.Pattern[str]) -> Check:
    """A string that matches as a whole."""
    return lambda value: isinstance(value, str) and bool(
        pattern.fullmatch(value)
    )


digest = matches(_DIGEST)
identifier = matches(_IDENTIFIER)
uuid = matches(_UUID)
language = matches(re.compile("[a-z]{2}"))


def text(value: Value) -> bool:
    """Any string: the parser has seen that it is text."""
    return isinstance(value, str)


def count(value: Value) -> bool:
    """An integer from 0 to 2^53 - 1."""
    return type(value) is int and 0 <= value < 2**53


def flag(value: Value) -> bool:
    """True or false."""
    return isinstance(value, bool)


def date(value: Value) -> bool:
    """YYYY-MM-DD of a day that exists, from the year 1000 on."""
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return False
    year, month, day = map(int, match.groups())
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if year < 1000 or not 1 <= month <= 12:
        return False
    return 1 <= day <= _DAYS[month - 1] + (leap and month == 2)


def time(value: Value) -> bool:
    """RFC 3339 in UTC, with 0, 3 or 9 digits of fraction."""
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    return match is not None and date(match[1])


def base64_text(value: Value) -> bool:
    """Base64 as 5.2 says, of something that is not UTF-8."""
    content = from_base64(value) if isinstance(value, str) else None
    if content is None:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def from_base64(value: str) -> bytes | None:
    """RFC 4648, section 4: padding, unused bits zero, nothing else."""
    try:
        content = base64.b64decode(value.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    return (
        content if base64.b64encode(content).decode("ascii") == value else None
    )


def span(value: Value) -> bool:
    """[offset, length]"""
    return list_of(count)(value) and len(value) == 2


def one_of(*words: Value) -> Check:
    """One of these values, and of their type."""
    return lambda value: any(
        value == word and type(value) is type(word) for word in words
    )


def maybe(check: Check) -> Check:
    """Or null."""
    return lambda value: value is None or check(value)


def list_of(check: Check) -> Check:
    """A list of such values."""
    return lambda value: isinstance(value, list) and all(map(check, value))


def record(schema: Schema) -> Check:
    """An object with exactly these keys."""
    return lambda value: isinstance(value, dict) and not any(
        faults(value, schema)
    )


def faults(value: dict[str, Value], schema: Schema) -> Iterator[str]:
    """What is wrong with the keys and values of an object."""
    for key in sorted(value.keys() ^ schema.keys()):
        yield f"{'unknown' if key in value else 'missing'} key {key!r}"
    for key in sorted(value.keys() & schema.keys()):
        if not schema[key](value[key]):
            yield f"{key}: {value[key]!r:.80}"
