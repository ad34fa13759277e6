# SPDX-License-Identifier: ISC
"""The seal, and the SSH signature beside it: FORMAT.md 5.1 and 5.3."""

from __future__ import annotations

import re
from dataclasses import dataclass

import keys
from finding import Broken, Finding, Findings
from keys import PublicKey, Signature

# 1.2: all that is known of the comments of other versions
OTHER_VERSION = re.compile(r"dossier/(0|[1-9][0-9]*)(?: .*)?")
MAX_VERSION = 2**63 - 1


@dataclass(frozen=True)
class Facts:
    """What a verifier found, to compare with what the seal says."""

    id: str
    request: str | None
    members: int
    length: int
    digest: str
    leaves: int
    root: str

    def comment(self) -> str:
        """The trusted comment that says so."""
        return (
            f"dossier/1 id:{self.id} request:{self.request or '-'}"
            f" members:{self.members} body:{self.length}:{self.digest}"
            f" documents:{self.leaves}:{self.root}"
        )


@dataclass(frozen=True)
class Sealed:
    """The members that the seal is judged with."""

    seal: bytes
    key: bytes
    manifest: bytes  # the tag manifest


def wrong(rule: str, what: str, layer: str = "seal") -> Finding:
    """A broken rule of section 5."""
    return Finding(layer, rule, what)


def read_seal_key(content: bytes) -> PublicKey:
    """keys/seal.pub, exactly as 5.2 writes it; raises Broken."""
    key = keys.read_public_key(content)
    if keys.write_public_key(key.key_id, key.key) != content:
        raise Broken("sign", "5.1", "keys/seal.pub: not as 5.2 writes it")
    return key


def check_signature(
    signature: Signature, key: PublicKey, manifest: bytes
) -> Findings:
    """Key id and both signatures."""
    if signature.key_id != key.key_id:
        yield wrong("5.1", "the key id is another one")
    if not keys.signature_verifies(signature, key.key, manifest):
        yield wrong("5.1", "the seal does not verify", "sign")


def check_seal(sealed: Sealed, facts: Facts | None) -> Findings:
    """5.1; facts are None when the records could not be read."""
    signature = keys.read_signature(sealed.seal)
    yield from check_signature(
        signature, read_seal_key(sealed.key), sealed.manifest
    )
    if signature.untrusted != "dossier/1 seal":
        yield wrong("5.1", "the first line is another one")
    if facts is not None and signature.trusted != facts.comment():
        yield wrong("5.1", f"the seal says {signature.trusted!r}")


def foreign_version(sealed: Sealed) -> bool:
    """1.2: the seal verifies and is of a version that is not known here."""
    try:
        signature = keys.read_signature(sealed.seal)
        key = keys.read_public_key(sealed.key)
    except Broken:
        return False
    match = OTHER_VERSION.fullmatch(signature.trusted)
    if match is None or match[1] == "1" or int(match[1]) > MAX_VERSION:
        return False
    return keys.signature_verifies(signature, key.key, sealed.manifest)


def check_sshsig(
    signature: bytes, signers: bytes, key: bytes, manifest: bytes
) -> Findings:
    """5.3: SSH signature and allowed_signers are those of the seal's key."""
    if signers != keys.allowed_signers(key):
        yield wrong("5.3", "keys/allowed_signers is another line", "sign")
    if not keys.sshsig_verifies(signature, key, manifest):
        yield wrong("5.3", "the SSH signature does not verify", "sign")
