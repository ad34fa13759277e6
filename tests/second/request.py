# SPDX-License-Identifier: ISC
"""request.json, as people write it: FORMAT.md 4.6."""

from __future__ import annotations

import re

import fields as f
from canonical import Value, parse
from finding import Broken, Finding, Findings

MAX_SIZE = 1 << 20
LANGUAGE = re.compile("[a-z]{2,3}")


def plain(value: Value) -> bool:
    """A string that is not blank."""
    return isinstance(value, str) and value.strip(" \t\r\n") != ""


def by_language(value: Value, check: f.Check) -> bool:
    """An object of such values by language."""
    return (
        isinstance(value, dict)
        and value != {}
        and all(map(LANGUAGE.fullmatch, value))
        and all(map(check, value.values()))
    )


def text(value: Value) -> bool:
    """A text, in one language or in several."""
    return plain(value) or by_language(value, plain)


def texts(value: Value) -> bool:
    """One text, an array of texts, or an object of arrays by language."""
    if isinstance(value, list):
        return value != [] and all(map(text, value))
    return text(value) or by_language(
        value, lambda item: isinstance(item, list) and texts(item)
    )


def party(*keys: str, required: tuple[str, ...] = ()) -> f.Check:
    """An object of texts."""
    return lambda value: isinstance(value, dict) and not any(
        faults(value, dict.fromkeys(keys, text), required)
    )


def processing(value: Value) -> bool:
    """What Art. 15(1) and (2) demand."""
    keys = (
        "purposes",
        "categories",
        "recipients",
        "retention",
        "rights",
        "source",
        "automated_decisions",
        "transfers",
    )
    return isinstance(value, dict) and not any(
        faults(value, dict.fromkeys(keys, texts), ())
    )


def hold(value: Value) -> bool:
    """An entry of legal_hold."""
    keys = {
        "connector": f.identifier,
        "endpoint": f.identifier,
        "items": non_empty(f.text),
        "reason": text,
        "until": f.date,
    }
    if not isinstance(value, dict) or faults(value, keys, ("reason",)):
        return False
    there = {key for key, item in value.items() if item is not None}
    return ("endpoint" not in there or "connector" in there) and (
        "items" not in there or "endpoint" in there
    )


def holds(value: Value) -> bool:
    """Why all must be kept, or what must be kept, and why."""
    return text(value) or non_empty(hold)(value)


def non_empty(check: f.Check) -> f.Check:
    """A list of at least one."""
    return lambda value: f.list_of(check)(value) and value != []


REQUIRED = ("format", "request", "articles", "received", "controller")
SCHEMA: f.Schema = {
    "format": f.one_of("dossier-request/1"),
    "request": f.identifier,
    "articles": non_empty(
        f.one_of(*(str(number) for number in range(15, 23)))
    ),
    "legal_basis": text,
    "received": f.date,
    "due": f.date,
    "languages": non_empty(f.matches(LANGUAGE)),
    "data_subject": party("name", "contact"),
    "controller": party("name", "address", "contact", required=("name",)),
    "data_protection_officer": party("name", "contact"),
    "supervisory_authority": party("name", "contact"),
    "processing": processing,
    "legal_hold": holds,
    "retain_until": f.date,
}


def faults(
    value: dict[str, Value], schema: f.Schema, required: tuple[str, ...]
) -> list[str]:
    """What is wrong with an object in which null is a missing key."""
    there = {key: item for key, item in value.items() if item is not None}
    result = [f"unknown key {key!r}" for key in value if key not in schema]
    result += [f"missing key {key!r}" for key in required if key not in there]
    return result + [
        f"{key}: {item!r:.60}"
        for key, item in there.items()
        if key in schema and not schema[key](item)
    ]


def read(content: bytes) -> dict[str, Value]:
    """The request; raises Broken when it is no JSON object."""
    if len(content) > MAX_SIZE:
        raise Broken("json", "2.6", "request.json is too large")
    value = parse(content, "request.json")
    if not isinstance(value, dict):
        raise Broken("json", "4.6", "request.json: not an object")
    return value


def check(value: dict[str, Value], named: Value) -> Findings:
    """4.6, over a whole request and what the statement says of it."""
    for fault in faults(value, SCHEMA, REQUIRED):
        yield Finding("json", "4.6", f"request.json: {fault}")
    received, due = value.get("received"), value.get("due")
    if f.date(received) and f.date(due) and str(due) < str(received):
        yield Finding(
            "json", "4.6", "request.json: due before it was received"
        )
    if value.get("request") != named:
        yield Finding("json", "4.6", f"request.json is not {named!r}")
