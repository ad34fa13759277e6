# SPDX-License-Identifier: ISC
"""Names of members (FORMAT.md 2.4), their kinds and order (3.1, 3.2)."""

from __future__ import annotations

import re

from finding import Finding, Findings

SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{word}{digit}" for word in ("com", "lpt") for digit in range(10)
}
SEAL = "signatures/tagmanifest-sha256.txt.minisig"
SSHSIG = "signatures/tagmanifest-sha256.txt.sig"
CMS = "signatures/tagmanifest-sha256.txt.p7s"
STAMP = SEAL + ".tsr"
NO_DOCUMENTS = "data/NO-DOCUMENTS.txt"

# A pattern for each row of the table of 3.1, in its order.
_SEG = r"[A-Za-z0-9][A-Za-z0-9._-]*"
KINDS = [
    re.compile(pattern)
    for pattern in (
        rf"data/documents/({_SEG})/({_SEG})/(\d{{6}})/(\d{{9}})\.[a-z0-9]{{1,8}}"
        r"|data/files/.+",
        r"data/NO-DOCUMENTS\.txt",
        r"dossier/documents\.jsonl",
        r"dossier/exchanges\.jsonl",
        r"dossier/gaps\.jsonl",
        r"dossier/erasure\.jsonl",
        rf"dossier/connectors/({_SEG})\.json",
        r"dossier/request\.json",
        r"dossier/statement\.json",
        rf"tables/({_SEG})\.({_SEG})\.(?:csv|json)",
        r"START-HERE\.html",
        r"START-HERE\.([a-z]{2})\.html",
        r"VERIFY\.txt",
        r"keys/seal\.pub",
        r"keys/allowed_signers",
        r"keys/signer\.pem",
        r"bagit\.txt",
        r"bag-info\.txt",
        r"manifest-sha256\.txt",
        r"tagmanifest-sha256\.txt",
        r"signatures/tagmanifest-sha256\.txt\.sig",
        r"signatures/tagmanifest-sha256\.txt\.p7s",
        r"signatures/tagmanifest-sha256\.txt\.minisig",
        r"signatures/tagmanifest-sha256\.txt\.minisig\.tsr",
        r"signatures/renewal-(?!00)\d\d\.tsr",
    )
]


def is_segment(text: str) -> bool:
    """2.4, rules 2 and 3."""
    return (
        SEGMENT.fullmatch(text) is not None
        and not text.endswith(".")
        and text.split(".")[0].lower() not in DEVICES
    )


def is_name(name: bytes) -> bool:
    """2.4, rules 1 to 4."""
    if not name.isascii() or len(name) > 140:
        return False
    segments = name.decode("ascii").split("/")
    return len(segments) <= 16 and all(map(is_segment, segments))


def kind_of(path: str) -> int:
    """The number of the row of 3.1, or 0; path is the name below NAME/."""
    for number, pattern in enumerate(KINDS, 1):
        match = pattern.fullmatch(path)
        if match and all(
            is_segment(part) for part in match.groups() if part is not None
        ):
            return number
    return 0


def fold(name: str) -> str:
    """What names are compared by: 3.2, rule 2."""
    return name.lower().replace("/", "\0")


def check_order(paths: list[str]) -> Findings:
    """3.2: rows in order, names in order, and no two that collide (2.4)."""
    before = (0, "")
    for path in paths:
        here = (kind_of(path), fold(path))
        if here <= before:
            yield Finding("bag", "3.2", f"{path} stands in the wrong place")
        if here[1].startswith(before[1] + "\0"):
            yield Finding(
                "bag", "3.2", f"{path} lies in a folder that is a file"
            )
        before = here
