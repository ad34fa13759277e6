# SPDX-License-Identifier: ISC
"""The bag: FORMAT.md section 3."""

from __future__ import annotations

from collections.abc import Iterable

import names
from canonical import Value
from container import STORED, Member
from finding import Finding, Findings

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
NO_DOCUMENTS = b"""\
This archive holds no documents: nothing was found.
What was looked for, where and when, and what could not be obtained,
stands in START-HERE.html and in the folder dossier.
"""
MEBIBYTE = 1 << 20
# Bytes of content at most, by kind: 2.6.
LIMITS = {
    **dict.fromkeys((7, 8, 9, 17, 18), MEBIBYTE),
    **dict.fromkeys((11, 12), 20 * MEBIBYTE),
    **dict.fromkeys((14, 15, 16, 21, 22, 23, 24, 25), 64 << 10),
    20: 16 * MEBIBYTE,
}
STORED_KINDS = (23, 24, 25)
MAX_TAG_MEMBERS = 65536
MAX_TOP = 32
ALWAYS = {3, 4, 5, 9, 11, 13, 17, 18, 19, 20}
PAYLOAD = (1, 2)
TAG_FILES = range(3, 20)


class Bag:
    """The members of an archive, by kind and by path."""

    def __init__(self, members: list[Member]) -> None:
        self.members = members
        self.top = members[0].name.partition("/")[0]
        self.kinds = [names.kind_of(member.path) for member in members]
        self.by_path = {member.path: member for member in members}

    def of_kind(self, *kinds: int) -> list[Member]:
        """The members of these kinds."""
        pairs = zip(self.members, self.kinds)
        return [member for member, kind in pairs if kind in kinds]

    def content(self, path: str) -> bytes:
        """The content of a member, empty when it is not there."""
        member = self.by_path.get(path)
        return member.content if member else b""

    def has(self, path: str) -> bool:
        """Whether there is such a member."""
        return path in self.by_path


def wrong(rule: str, what: str) -> Finding:
    """A broken rule of section 3."""
    return Finding("bag", rule, what)


def manifest(members: Iterable[Member]) -> bytes:
    """3.3"""
    return "".join(
        f"{item.sha256}  {item.path}\n" for item in members
    ).encode()


def bag_info(
    statement: dict[str, Value], bag: Bag, keys: dict[str, str]
) -> bytes:
    """3.5; keys are the last two labels, with their values."""
    payload = bag.of_kind(*PAYLOAD)
    size = sum(member.size for member in payload)
    lines = {
        "Bagging-Date": statement["packed"][:10],
        "External-Identifier": statement["id"],
        "Internal-Sender-Identifier": statement["request"],
        "Payload-Oxum": f"{size}.{len(payload)}",
        "Dossier-Format": statement["format"],
        **keys,
    }
    return "".join(
        f"{label}: {value}\n"
        for label, value in lines.items()
        if value is not None
    ).encode()


def check_members(bag: Bag) -> Findings:
    """3.1 and 2.6: names, kinds, sizes."""
    if len(bag.top) > MAX_TOP:
        yield wrong("2.6", f"{bag.top} is too long")
    for member, kind in zip(bag.members, bag.kinds):
        if member.name != f"{bag.top}/{member.path}":
            yield wrong("3.1", f"{member.name} does not lie in {bag.top}")
        if kind == 0:
            yield wrong("3.1", f"{member.path} has no place in an archive")
        if kind in STORED_KINDS and member.method != STORED:
            yield Finding("zip", "2.2", f"{member.path} is not stored")
        if member.size > LIMITS.get(kind, member.size):
            yield wrong("2.6", f"{member.path} is too large")
    if sum(kind not in PAYLOAD for kind in bag.kinds) > MAX_TAG_MEMBERS:
        yield wrong("2.6", "too many members that are not payload")


def check_presence(bag: Bag) -> Findings:
    """3.1: what is always there, and what is there without documents."""
    for kind in sorted(ALWAYS - set(bag.kinds)):
        yield wrong("3.1", f"member {kind} of the table is missing")
    if (1 in bag.kinds) == (2 in bag.kinds):
        yield wrong("3.1", "documents and NO-DOCUMENTS.txt, or neither")


def check_texts(bag: Bag) -> Findings:
    """Members that are the same in all archives, and the manifests."""
    fixed = {
        names.NO_DOCUMENTS: ("3.1", NO_DOCUMENTS),
        "bagit.txt": ("3.4", BAGIT),
        "manifest-sha256.txt": ("3.3", manifest(bag.of_kind(*PAYLOAD))),
        "tagmanifest-sha256.txt": ("3.3", manifest(bag.of_kind(*TAG_FILES))),
    }
    for path, (rule, wanted) in fixed.items():
        if bag.has(path) and bag.content(path) != wanted:
            yield wrong(rule, f"{path} says something else")


def check_statement(bag: Bag, statement: dict[str, Value]) -> Findings:
    """3.1: the members that the statement decides."""
    made = statement["attestations"]
    wanted = {
        "keys/seal.pub": "minisign" in made,
        names.SEAL: "minisign" in made,
        "keys/allowed_signers": "sshsig" in made,
        names.SSHSIG: "sshsig" in made,
        "keys/signer.pem": "cms" in made,
        names.CMS: "cms" in made,
        "dossier/request.json": statement["request"] is not None,
        "dossier/erasure.jsonl": statement["kind"] == "receipt",
    }
    for path, there in wanted.items():
        if bag.has(path) != there:
            yield wrong(
                "3.1", f"{path} {'is missing' if there else 'is too much'}"
            )
    if not made and bag.of_kind(24, 25):
        yield wrong("5.1", "an unsigned archive cannot be stamped")
    pages = {f"START-HERE.{word}.html" for word in statement["languages"][1:]}
    if {member.path for member in bag.of_kind(12)} != pages:
        yield wrong("3.6", "pages are not those of the languages")


def check_connectors(bag: Bag, statement: dict[str, Value]) -> Findings:
    """4.5: connectors are exactly those that the statement names."""
    found = [
        (member.path.removeprefix("dossier/connectors/")[:-5], member.sha256)
        for member in bag.of_kind(7)
    ]
    said = [(item["key"], item["sha256"]) for item in statement["connectors"]]
    if sorted(found) != sorted(said):
        yield wrong("4.5", "connectors are not those of the statement")
