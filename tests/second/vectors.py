#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""vectors.py: the test vectors of docs/FORMAT.md, made again.

The key of the maker is the one of FORMAT.md 5.2. Prints TAP lines without a
plan for tests/cli/second.t: what is made must stand in the text.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import ed25519  # noqa: E402
import keys  # noqa: E402
import maker  # noqa: E402
import records  # noqa: E402
import seal  # noqa: E402
from keys import Signature  # noqa: E402

FORMAT = Path(__file__).parents[2] / "docs" / "FORMAT.md"
MESSAGE = b"hello\n"
KEY = ed25519.public_key(maker.SEED)
LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
          "606162636465666768696a6b6c6d6e6f")  # fmt: skip


def signature(untrusted: str, trusted: str) -> bytes:
    """A signature over the message."""
    digest = hashlib.blake2b(MESSAGE, digest_size=64).digest()
    first = ed25519.sign(maker.SEED, digest)
    second = ed25519.sign(maker.SEED, first + trusted.encode())
    return keys.write_signature(
        Signature(untrusted, maker.KEY_ID, first, trusted, second)
    )


def sshsig() -> bytes:
    """An SSH signature over the message."""
    signed = ed25519.sign(maker.SEED, keys.ssh_message(MESSAGE))
    return keys.write_sshsig(KEY, signed)


def root(count: int) -> str:
    """The line of the table for the first leaves."""
    leaves = [bytes.fromhex(leaf) for leaf in LEAVES[:count]]
    return f"{count}  {records.tree_root(leaves)[1]}\n"


def vectors() -> dict[str, bytes]:
    """What has to stand in the text, by name."""
    facts = seal.Facts(
        "01234567-89ab-4cde-8f01-23456789abcd",
        "REQ-1",
        19,
        12345,
        bytes(range(32)).hex(),
        8,
        root(8)[3:-1],
    )
    result = {
        "seal": signature("dossier/1 seal", facts.comment()),
        "public key": keys.write_public_key(maker.KEY_ID, KEY),
        "signature": signature("signature from dsar", "dsar:test"),
        "fingerprint": hashlib.sha256(KEY).hexdigest().encode(),
        "SSH signature": sshsig(),
        "allowed signers": keys.allowed_signers(KEY),
    }
    for count in range(len(LEAVES) + 1):
        result[f"tree of {count}"] = root(count).encode()
    return result


def main() -> int:
    """Prints a line for each vector."""
    lines = FORMAT.read_bytes().split(b"\n")
    text = b"\n".join(line.removeprefix(b"    ") for line in lines)
    missing = 0
    for name, vector in vectors().items():
        good = vector in text
        missing += not good
        print(f"{'ok' if good else 'not ok'} - vector: {name}")
    return min(missing, 1)


if __name__ == "__main__":
    sys.exit(main())
