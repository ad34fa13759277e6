# SPDX-License-Identifier: ISC
"""Broken rules of FORMAT.md 4.10: receipts."""

from __future__ import annotations

from typing import Any

from breaking import Action, Break, both, change, drop, put
from maker import TIME, Draft, erasure

FOLDER = "data/documents/svc/runs/000000"


def documents(count: int, shown: int) -> Action:
    """So many documents, of which some are listed."""
    listed = [
        {"path": f"{FOLDER}/{number:09}.json", "sha256": "3" * 64}
        for number in range(1, shown + 1)
    ]
    return both(
        put("erasures", 0, "documents", listed),
        put("erasures", 0, "document_count", count),
    )


def path(name: str) -> Action:
    """Another name of the only document."""
    return put("erasures", 0, "documents", 0, "path", name)


def set_all(line: int, **changes: Any) -> Action:
    """Some values of a line."""
    return lambda draft: draft.erasures[line].update(changes)


def as_plan(draft: Draft) -> None:
    """Says that nothing was executed."""
    draft.statement["erasure"]["executed"] = False


def other_order(draft: Draft) -> None:
    """A gap of no line before those of lines."""
    draft.gaps.insert(0, draft.gaps.pop())


# the lines of the sample: erased, taken along, refused, held, manual-done,
# planned
RULES: tuple[tuple[str, Action, int], ...] = (
    ("number", put("erasures", 1, "number", 3), 1),
    ("an outcome of ours", put("erasures", 0, "outcome", "lost"), 1),
    ("other gone", put("erasures", 0, "outcome", "soft-deleted"), 0),
    ("erased, not asked", set_all(4, outcome="erased"), 1),
    ("held, no hold", put("erasures", 3, "hold", None), 1),
    (
        "retain_until",
        set_all(3, hold=None, reason="retain-until"),
        0,
    ),
    ("hold 0", put("erasures", 3, "hold", 0), 1),
    ("hold 2", put("erasures", 3, "hold", 2), 1),
    ("hold, not held", put("erasures", 0, "hold", 1), 1),
    ("held for a whim", put("erasures", 3, "reason", "whim"), 1),
    ("no step", put("erasures", 4, "step", None), 1),
    ("nobody did it", set_all(4, by=None, done=None), 1),
    ("done, not by", put("erasures", 4, "by", None), 1),
    ("by somebody", set_all(0, by="A", done=TIME), 1),
    ("no reason", put("erasures", 2, "reason", None), 1),
    ("template alone", put("erasures", 0, "method", None), 1),
    ("method alone", put("erasures", 4, "method", "POST"), 1),
    ("both", set_all(4, method="POST", template="/x"), 0),
    ("url alone", put("erasures", 4, "url", "https://a.example/"), 1),
    ("with itself", put("erasures", 1, "with", 2), 1),
    ("with the next", put("erasures", 1, "with", 3), 1),
    ("with nothing", put("erasures", 1, "with", None), 1),
    ("with what is not gone", set_all(4, outcome="taken-along"), 1),
    ("the first with", put("erasures", 0, "with", 1), 1),
    ("not the first exchange", put("erasures", 0, "read", [2, 1]), 1),
    ("no exchange", put("erasures", 0, "read", [1, 0]), 1),
    ("too many", put("erasures", 2, "delete", [6, 2]), 1),
    ("far too many", put("erasures", 2, "delete", [6, 2**53 - 1]), 1),
    ("one of none", put("erasures", 0, "verify", None), 1),
    ("poll, no delete", set_all(0, delete=None, poll=[2, 2]), 1),
    (
        "not a deletion",
        put("exchanges", 1, "method", "GET"),
        1,
    ),
    ("a deletion too much", put("exchanges", 0, "method", "DELETE"), 1),
    ("of another endpoint", put("exchanges", 4, "endpoint", "items"), 1),
    ("never started", put("erasures", 0, "started", None), 1),
    ("started without", put("erasures", 4, "started", TIME), 1),
    ("not ended", put("erasures", 0, "ended", None), 0),
    ("ended without", put("erasures", 4, "ended", TIME), 1),
    ("no document", documents(0, 0), 1),
    ("a document of none", documents(0, 1), 1),
    ("100 documents", documents(100, 100), 0),
    ("the first 100", documents(101, 100), 0),
    ("101 documents", documents(101, 101), 1),
    ("99 of 100", documents(100, 99), 1),
    ("of another folder", path("data/documents/svc/items/0/1.json"), 1),
    ("not safe", path(f"{FOLDER}/../1.json"), 1),
    ("the folder alone", path("data/documents/svc/runs/"), 1),
    (
        "twice",
        both(
            documents(2, 2),
            put("erasures", 0, "documents", 1, "path", f"{FOLDER}/000000001.json"),
        ),
        1,
    ),
    ("no gap", drop("gaps", 0), 1),
    ("a gap too much", lambda d: d.gaps.append(d.gaps[0]), 1),
    ("a gap of another", put("gaps", 0, "reason", "failed"), 1),
    ("gaps out of order", lambda d: d.gaps.reverse(), 1),
    ("another gap first", other_order, 1),
    ("no line", lambda d: d.erasures.clear(), 1),
)
STATED: tuple[tuple[str, Action, int], ...] = (
    ("a plan", as_plan, 1),
    ("one more", put("statement", "erasure", "outcomes", "erased", 2), 1),
    ("no erasure", put("statement", "erasure", None), 1),
    ("an export of its own", put("statement", "erasure", "export", {}), 1),
    (
        "no request",
        put("statement", "erasure", "export", "request", None),
        0,
    ),
    ("executed is a number", put("statement", "erasure", "executed", 1), 1),
    ("a new count", put("statement", "erasure", "outcomes", "lost", 0), 1),
)


def erasure_breaks() -> list[Break]:
    """All of 4.10."""
    return [
        *(
            Break("4.10", f"erasure: {name}", "records", action, "receipt", exit)
            for name, action, exit in RULES
        ),
        *(
            Break("4.10", f"stated: {name}", "statement", action, "receipt", exit)
            for name, action, exit in STATED
        ),
        Break(
            "4.10",
            "a case with an erasure",
            "statement",
            lambda draft: draft.statement.update(erasure=erasure(draft)),
            "case",
        ),
        Break(
            "4.10",
            "a receipt without a request",
            "records",
            lambda draft: (
                draft.files.pop("dossier/request.json"),
                draft.statement.update(request=None),
            ),
            "receipt",
        ),
        Break(
            "4.10",
            "lines without LF",
            "lists",
            change("files", "dossier/erasure.jsonl", lambda raw: raw[:-1]),
            "receipt",
        ),
        Break(
            "3.1",
            "a receipt without lines",
            "lists",
            drop("files", "dossier/erasure.jsonl"),
            "receipt",
        ),
    ]
