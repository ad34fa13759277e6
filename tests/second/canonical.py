# SPDX-License-Identifier: ISC
"""JSON: strict, and canonical (FORMAT.md 4.1, RFC 8785)."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from finding import Broken

Value = Any  # None, bool, int, float, str, list or dict


def pairs(items: list[tuple[str, Value]]) -> dict[str, Value]:
    """An object in which no key stands twice."""
    result = dict(items)
    if len(result) < len(items):
        raise ValueError("a key stands twice")
    return result


def refuse(word: str) -> NoReturn:
    """NaN and Infinity, which Python would read."""
    raise ValueError(f"{word} is not JSON")


def check_text(value: Value) -> None:
    """All strings are text, and hold no NUL: 4.1, rule 2."""
    if isinstance(value, str):
        value.encode("utf-8")
        if "\0" in value:
            raise ValueError("a NUL in a string")
    elif isinstance(value, list):
        for item in value:
            check_text(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            check_text(key)
            check_text(item)


def parse(text: bytes, what: str) -> Value:
    """Any JSON; raises Broken."""
    try:
        value = json.loads(
            text.decode("utf-8"),
            object_pairs_hook=pairs,
            parse_constant=refuse,
        )
        check_text(value)
    except (ValueError, RecursionError) as error:
        raise Broken("json", "4.1", f"{what}: {error}") from None
    return value


def units(key: str) -> bytes:
    """What keys are sorted by: their UTF-16 code units."""
    return key.encode("utf-16-be")


def in_order(value: Value) -> Value:
    """The value with the keys of objects in the order of RFC 8785, 3.2.3."""
    if isinstance(value, list):
        return [in_order(item) for item in value]
    if isinstance(value, dict):
        return {key: in_order(value[key]) for key in sorted(value, key=units)}
    return value


def write(value: Value) -> bytes:
    """The canonical form of a value without fractions."""
    text = json.dumps(
        in_order(value), ensure_ascii=False, separators=(",", ":")
    )
    return text.encode("utf-8")


def parse_line(line: bytes, what: str) -> dict[str, Value]:
    """One object in canonical form and its LF; raises Broken."""
    value = parse(line, what)
    if not isinstance(value, dict):
        raise Broken("json", "4.1", f"{what}: not an object")
    if write(value) + b"\n" != line:
        raise Broken("json", "4.1", f"{what}: not in canonical form")
    return value
