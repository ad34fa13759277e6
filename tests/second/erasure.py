# SPDX-License-Identifier: ISC
"""Receipts: dossier/erasure.jsonl, FORMAT.md 4.10."""

from __future__ import annotations

import fields as f
import names
from canonical import Value
from finding import Finding, Findings
from records import OUTCOMES, Record

SHOWN = 100
GONE = {"absent", "erased", "manual-done", "soft-deleted", "taken-along"}
MAYBE_ASKED = {"absent", "failed", "still-there"}
SURELY_ASKED = {"erased", "refused", "soft-deleted"}
NOT_PLANNED = {
    "erased",
    "failed",
    "refused",
    "soft-deleted",
    "still-there",
    "taken-along",
}
ROLES = ("read", "delete", "poll", "verify")

LINE: f.Schema = {
    "by": f.maybe(f.text),
    "connector": f.identifier,
    "delete": f.maybe(f.span),
    "detail": f.maybe(f.text),
    "document_count": f.count,
    "documents": f.list_of(f.record({"path": f.text, "sha256": f.digest})),
    "done": f.maybe(f.time),
    "ended": f.maybe(f.time),
    "endpoint": f.identifier,
    "hold": f.maybe(f.count),
    "item": f.maybe(f.text),
    "method": f.one_of("DELETE", "POST", None),
    "number": f.count,
    "outcome": f.one_of(*OUTCOMES),
    "poll": f.maybe(f.span),
    "read": f.maybe(f.span),
    "reason": f.maybe(f.identifier),
    "started": f.maybe(f.time),
    "status": f.maybe(f.count),
    "step": f.maybe(f.text),
    "template": f.maybe(f.text),
    "url": f.maybe(f.text),
    "verify": f.maybe(f.span),
    "with": f.maybe(f.count),
}


def deletion_rules(line: Record) -> dict[str, bool]:
    """Rule 4."""
    outcome, asked = line["outcome"], line["delete"] is not None
    return {
        "delete": asked or outcome not in SURELY_ASKED,
        "no delete": not asked or outcome in SURELY_ASKED | MAYBE_ASKED,
        "method, template": (line["method"] is None)
        == (line["template"] is None),
        "url": line["url"] is None or line["method"] is not None,
        "delete needs a method": not asked or line["method"] is not None,
        "poll": line["poll"] is None or asked,
    }


def outcome_rules(line: Record) -> dict[str, bool]:
    """Rules 3 and 5."""
    outcome, hold = line["outcome"], line["hold"]
    by, done = line["by"] is not None, line["done"] is not None
    reason = "retain-until" if hold is None else "legal-hold"
    return {
        "hold": outcome == "held" or hold is None,
        "hold counts from 1": hold != 0,
        "held": outcome != "held" or line["reason"] == reason,
        "changed": outcome != "changed" or line["read"] is not None,
        "still-there": outcome != "still-there" or line["verify"] is not None,
        "step": outcome not in ("manual", "manual-done")
        or line["step"] is not None,
        "by, done": by == done,
        "by": by == (outcome == "manual-done") or outcome == "still-there",
        "reason": outcome not in ("failed", "refused", "not-attempted")
        or line["reason"] is not None,
        "no verify": outcome not in ("held", "planned", "not-attempted")
        or line["verify"] is None,
        "taken-along": outcome != "taken-along" or line["with"] is not None,
    }


def other_rules(line: Record) -> dict[str, bool]:
    """Rules 6 and 7."""
    asked = any(line[role] is not None for role in ROLES)
    paths = [item["path"] for item in line["documents"]]
    folded = [names.fold(path) for path in paths]
    folder = f"data/documents/{line['connector']}/{line['endpoint']}/"
    count = line["document_count"]
    return {
        "started": (line["started"] is not None) == asked,
        "ended": line["ended"] is None or line["started"] is not None,
        "documents": count > 0 and len(paths) == min(count, SHOWN),
        "names": all(names.is_name(path.encode()) for path in paths),
        "folder": all(path.startswith(folder) for path in paths),
        "order": all(a < b for a, b in zip(folded, folded[1:])),
    }


def check_takers(lines: list[Record]) -> Findings:
    """Rule 3."""
    taker: Record | None = None
    for line in lines:
        if line["with"] is None:
            taker = line
        elif taker is None or line["with"] != taker["number"]:
            yield wrong(f"line {line['number']}: with")
        elif line["outcome"] == "taken-along" and (
            taker["outcome"] not in GONE
        ):
            yield wrong(f"line {line['number']}: the other is not gone")


def check_exchanges(lines: list[Record], exchanges: list[Record]) -> Findings:
    """Rule 2."""
    following = 1
    for line in lines:
        for role in ROLES:
            if line[role] is None:
                continue
            first, count = line[role]
            if first != following or count == 0:
                yield wrong(f"line {line['number']}: {role}: {first}")
                return
            following += count
            if following > len(exchanges) + 1:
                yield wrong(f"line {line['number']}: {role}: too many")
                return
            deletes = role == "delete" and line["method"] == "DELETE"
            for item in exchanges[first - 1 : first - 1 + count]:
                same = all(
                    item[key] == line[key] for key in ("connector", "endpoint")
                )
                if not same or (item["method"] == "DELETE") != deletes:
                    yield wrong(f"exchange {item['number']} is of another")
    if following != len(exchanges) + 1:
        yield wrong("exchanges of no line")


def check_gaps(lines: list[Record], gaps: list[Record]) -> Findings:
    """Rule 8."""
    left = [line for line in lines if line["outcome"] not in GONE]
    wanted = [
        (line["connector"], line["endpoint"], line["outcome"]) for line in left
    ]
    found = [
        (item["connector"], item["endpoint"], item["reason"]) for item in gaps
    ]
    others = found[len(wanted) :]
    if found[: len(wanted)] != wanted or any(
        item[2] in OUTCOMES for item in others
    ):
        yield wrong("gaps are not those of what was left")


def check_statement(lines: list[Record], statement: Record) -> Findings:
    """Rules 1 and 4, over all lines."""
    said = statement["erasure"]
    if said is None:
        return  # told already
    for word in OUTCOMES:
        found = sum(line["outcome"] == word for line in lines)
        if said["outcomes"][word.replace("-", "_")] != found:
            yield wrong(f"{found} lines are {word}")
    if not said["executed"]:
        for line in lines:
            if line["outcome"] in NOT_PLANNED or line["delete"] is not None:
                yield wrong(f"line {line['number']}: in a plan")


def check_request(lines: list[Record], asked: dict[str, Value]) -> Findings:
    """Rule 5: what forbids it stands in the request."""
    hold = asked.get("legal_hold")
    count = len(hold) if isinstance(hold, list) else int(hold is not None)
    for line in lines:
        if (line["hold"] or 0) > count:
            yield wrong(f"line {line['number']}: legal_hold has no such entry")
        if line["outcome"] == "held" and line["hold"] is None:
            if asked.get("retain_until") is None:
                yield wrong(f"line {line['number']}: no retain_until")


def wrong(what: str) -> Finding:
    """A broken rule of 4.10."""
    return Finding("json", "4.10", what)


def check(
    lines: list[Record],
    exchanges: list[Record],
    gaps: list[Record],
    statement: Record,
    asked: dict[str, Value],
) -> Findings:
    """All of 4.10."""
    for number, line in enumerate(lines, 1):
        rules = {
            "number": line["number"] == number,
            **deletion_rules(line),
            **outcome_rules(line),
            **other_rules(line),
        }
        for rule, holds in rules.items():
            if not holds:
                yield wrong(f"line {number}: {rule}")
    yield from check_takers(lines)
    yield from check_exchanges(lines, exchanges)
    yield from check_gaps(lines, gaps)
    yield from check_statement(lines, statement)
    yield from check_request(lines, asked)
