#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""second.py FILE.zip... [--trust FILE.pub|FOLDER]...

Judges archives by docs/FORMAT.md, without a line of Dossier: a second opinion.
Prints findings and the verdict; exits as FORMAT.md 6.1 says, with the worst
status of all files.
"""

from __future__ import annotations

import argparse
import hashlib
import mmap
import sys
from dataclasses import dataclass

import bag as bags
import certificate
import cms
import container
import erasure
import names
import records
import request
import seal
import stamps
import trust
from bag import Bag
from container import Data
from finding import Broken, Finding, Findings
from records import Record

EXITS = {
    "intact-trusted": 0,
    "intact-unknown-signer": 5,
    "consistent-unsigned": 5,
    "not-intact": 1,
    "version-unknown": 6,
}


SEALED = (names.SEAL, "keys/seal.pub", "tagmanifest-sha256.txt")


@dataclass(frozen=True)
class Judgement:
    """The verdict, and why."""

    verdict: str
    findings: list[Finding]

    @property
    def exit(self) -> int:
        """The exit status that says it."""
        return EXITS[self.verdict]


def checked(findings: Findings) -> list[Finding]:
    """All findings of a check, also when it could not go on."""
    result = []
    try:
        for finding in findings:
            result.append(finding)
    except Broken as error:
        result.append(error.finding)
    return result


def check_lists(bag: Bag, statement: Record) -> Findings:
    """Section 4: what the records say of the archive and of each other."""
    raw = bag.content("dossier/documents.jsonl")
    documents = records.read_list(raw, records.DOCUMENT, "documents.jsonl")
    exchanges = records.read_list(
        bag.content("dossier/exchanges.jsonl"),
        records.EXCHANGE,
        "exchanges.jsonl",
    )
    gaps = records.read_list(
        bag.content("dossier/gaps.jsonl"), records.GAP, "gaps.jsonl"
    )
    yield from records.check_statement(statement)
    if statement["kind"] == "receipt":
        lines = records.read_list(
            bag.content("dossier/erasure.jsonl"),
            erasure.LINE,
            "erasure.jsonl",
        )
        asked = (
            request.read(bag.content("dossier/request.json"))
            if bag.has("dossier/request.json")
            else {}
        )
        yield from erasure.check(lines, exchanges, gaps, statement, asked)
    yield from records.check_counts(statement, documents, exchanges, gaps)
    yield from records.check_documents(documents, bag.of_kind(1), statement)
    yield from records.check_exchanges(exchanges, statement)
    yield from records.check_gaps(gaps, statement)
    yield from records.check_tree(statement, raw)


def check_request(bag: Bag, statement: Record) -> Findings:
    """4.6: the request, which people wrote. Connectors are data: 4.7."""
    if bag.has("dossier/request.json"):
        value = request.read(bag.content("dossier/request.json"))
        yield from request.check(value, statement["request"])


def facts_of(bag: Bag, statement: Record, data: Data) -> seal.Facts:
    """What the seal has to say."""
    at = next(
        i for i, item in enumerate(bag.members) if item.path == names.SEAL
    )
    length = bag.members[at].offset
    lines = bag.content("dossier/documents.jsonl").splitlines(keepends=True)
    leaves, root = records.tree_root(lines)
    return seal.Facts(
        statement["id"],
        statement["request"],
        at,
        length,
        digest(data, length),
        leaves,
        root,
    )


def digest(data: Data, length: int) -> str:
    """SHA-256 of the first bytes."""
    state = hashlib.sha256()
    for part in container.chunks(data, 0, length):
        state.update(part)
    return state.hexdigest()


def check_signatures(bag: Bag, statement: Record, data: Data) -> Findings:
    """Section 5, and bag-info.txt, which names the key."""
    labels: dict[str, str] = {}
    if bag.has("keys/seal.pub"):
        key = seal.read_seal_key(bag.content("keys/seal.pub"))
        labels["Dossier-Seal-Key"] = f"ed25519:{key.fingerprint()}"
        yield from seal.check_seal(sealed(bag), facts_of(bag, statement, data))
        if bag.has(names.SSHSIG):
            yield from seal.check_sshsig(
                bag.content(names.SSHSIG),
                bag.content("keys/allowed_signers"),
                key.key,
                bag.content("tagmanifest-sha256.txt"),
            )
    if bag.has("keys/signer.pem"):
        pem = bag.content("keys/signer.pem")
        labels["Dossier-Signer-Certificate"] = "sha256:" + (
            certificate.read_pem(pem)[0].sha256()
        )
        manifest = bag.content("tagmanifest-sha256.txt")
        yield from cms.check(bag.content(names.CMS), pem, manifest)
    if bag.content("bag-info.txt") != bags.bag_info(statement, bag, labels):
        yield Finding("bag", "3.5", "bag-info.txt says something else")


def check_stamps(bag: Bag, data: Data) -> Findings:
    """5.6: the first stamp is over the seal, others over all before them."""
    members = bag.of_kind(24, 25)
    yield from stamps.check_names([item.path for item in members], names.STAMP)
    for member in members:
        renewal = member.path != names.STAMP
        stamped = data[: member.offset] if renewal else bag.content(names.SEAL)
        stamps.check_stamp(member.content, stamped)


def sealed(bag: Bag) -> seal.Sealed:
    """The members that the seal is judged with."""
    return seal.Sealed(*(bag.content(path) for path in SEALED))


def is_foreign(data: Data) -> bool:
    """1.2: whether the seal is of another version, whatever else is wrong."""
    found = container.salvage(data, set(SEALED))
    return seal.foreign_version(
        seal.Sealed(*(found.get(path, b"") for path in SEALED))
    )


def check_bag(bag: Bag, data: Data) -> list[Finding]:
    """Every rule of sections 3 to 5."""
    result = checked(bags.check_members(bag))
    result += checked(bags.check_presence(bag))
    result += checked(names.check_order([item.path for item in bag.members]))
    result += checked(bags.check_texts(bag))
    if result:
        return result
    try:
        statement = records.read_statement(
            bag.content("dossier/statement.json")
        )
    except Broken as error:
        return [error.finding]
    result += checked(bags.check_statement(bag, statement))
    result += checked(bags.check_connectors(bag, statement))
    if result:
        return result
    result += checked(check_lists(bag, statement))
    result += checked(check_request(bag, statement))
    result += checked(check_signatures(bag, statement, data))
    return result + checked(check_stamps(bag, data))


def judge(data: Data, trusted: set[bytes]) -> Judgement:
    """The verdict over one archive."""
    if is_foreign(data):
        return Judgement("version-unknown", [])
    try:
        bag = Bag(container.read(data))
    except Broken as error:
        return Judgement("not-intact", [error.finding])
    findings = check_bag(bag, data)
    if findings:
        return Judgement("not-intact", findings)
    if not bag.has(names.SEAL):
        return Judgement("consistent-unsigned", [])
    if seal.read_seal_key(bag.content("keys/seal.pub")).key in trusted:
        return Judgement("intact-trusted", [])
    return Judgement("intact-unknown-signer", [])


def judge_file(name: str, trusted: set[bytes]) -> Judgement:
    """The verdict over a file."""
    with open(name, "rb") as file:
        if file.seek(0, 2) == 0:
            return judge(b"", trusted)
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return judge(data, trusted)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", metavar="FILE.zip")
    parser.add_argument("--trust", action="append", default=[])
    options = parser.parse_args()
    try:
        trusted = trust.trusted_keys(options.trust)
    except (Broken, OSError) as error:
        print(f"second.py: --trust: {error}", file=sys.stderr)
        return 6
    status = 0
    for name in options.files:
        try:
            judgement = judge_file(name, trusted)
        except OSError as error:
            print(f"second.py: {error}", file=sys.stderr)
            return 10
        for finding in judgement.findings:
            print(f"{name}: {finding}")
        print(f"{name}: {judgement.verdict}")
        status = max(status, judgement.exit, key=worst)
    return status


def worst(status: int) -> int:
    """0, then 5, 6, 1."""
    return (0, 5, 6, 1).index(status)


if __name__ == "__main__":
    sys.exit(main())
