# SPDX-License-Identifier: ISC
"""Broken rules of FORMAT.md 5.2 and 5.3: keys and SSH signatures."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator

import ed25519
import keys
import maker
import names
from breaking import Action, Break, change, put, replace
from ed25519 import BASE, ORDER, add, encode, hash_number, multiply
from keys import Signature
from maker import KEY_ID, SEED, Draft

OTHER_SEED = bytes(reversed(SEED))
KEY = "keys/seal.pub"
SIGNERS = "keys/allowed_signers"
MANIFEST = "tagmanifest-sha256.txt"

# --- keys: 5.2 ---------------------------------------------------------------


def key_text(key_id: bytes, key: bytes) -> Action:
    """Another key in keys/seal.pub."""
    return put("files", KEY, keys.write_public_key(key_id, key))


def torsion_point() -> ed25519.Point:
    """A point of order 8."""
    tries = 2
    while True:
        point = ed25519.decode(tries.to_bytes(32, "little"))
        tries += 1
        if point is None:
            continue
        point = multiply(ORDER, point)
        if not ed25519.is_neutral(multiply(4, point)):
            return point


def crooked_sign(message: bytes, key: bytes) -> bytes:
    """A signature that verifies, without cofactor, under such a key."""
    secret = ed25519.secret_halves(SEED)[0]
    nonce = 1
    while True:
        commitment = encode(multiply(nonce, BASE))
        challenge = hash_number(commitment, key, message)
        if challenge % 8 == 0:
            answer = (nonce + challenge * secret) % ORDER
            return commitment + answer.to_bytes(32, "little")
        nonce += 1


def small_sign(message: bytes) -> bytes:
    """A signature with the neutral point as R, by the owner of the key."""
    secret, _, key = ed25519.secret_halves(SEED)
    commitment = encode(ed25519.NEUTRAL)
    answer = hash_number(commitment, key, message) * secret % ORDER
    return commitment + answer.to_bytes(32, "little")


def seal_with(sign: Callable[[bytes], bytes]) -> Action:
    """A seal made by another way of signing."""

    def action(draft: Draft) -> None:
        message = draft.files[MANIFEST]
        first = sign(hashlib.blake2b(message, digest_size=64).digest())
        second = sign(first + draft.comment.encode())
        signature = Signature(
            draft.untrusted, KEY_ID, first, draft.comment, second
        )
        draft.files[names.SEAL] = keys.write_signature(signature)

    return action


def foreign_key(key: bytes) -> Action:
    """Another key, in all places that name it."""

    def action(draft: Draft) -> None:
        key_text(KEY_ID, key)(draft)
        old = maker.sha256(ed25519.public_key(SEED)).encode()
        new = maker.sha256(key).encode()
        change("files", "bag-info.txt", replace(old, new))(draft)

    return action


CROOKED = encode(
    add(multiply(ed25519.secret_halves(SEED)[0], BASE), torsion_point())
)
SMALL = encode(ed25519.NEUTRAL)


class TwoStages(Break):
    """A break that needs another stage as well."""

    def hook(self, stage: str, draft: Draft) -> None:
        """The key when the files are made, the seal when it is."""
        if stage == "files":
            foreign_key(CROOKED if "torsion" in self.name else SMALL)(draft)
        super().hook(stage, draft)


def small_key_signature(_message: bytes) -> bytes:
    """What verifies under the neutral point: R is S times the base."""
    return encode(multiply(7, BASE)) + (7).to_bytes(32, "little")


def key_breaks() -> Iterator[Break]:
    """5.2: keys and signatures that other libraries accept."""
    crooked = seal_with(lambda message: crooked_sign(message, CROOKED))
    yield TwoStages("5.2", "a key with torsion", "seal", crooked, "plain")
    small = seal_with(small_key_signature)
    yield TwoStages("5.2", "a key of small order", "seal", small, "plain")
    yield Break(
        "5.2", "R of small order", "seal", seal_with(small_sign), "plain"
    )
    yield Break(
        "5.1",
        "another key with the same id",
        "files",
        key_text(KEY_ID, ed25519.public_key(OTHER_SEED)),
        "plain",
    )
    yield Break(
        "5.1",
        "another key in all places",
        "files",
        foreign_key(ed25519.public_key(OTHER_SEED)),
        "plain",
    )
    yield Break(
        "5.1",
        "another key id in the key",
        "files",
        key_text(b"otherkey", ed25519.public_key(SEED)),
        "plain",
    )
    for name, old, new in KEY_TEXTS:
        yield Break(
            "5.2",
            f"seal.pub: {name}",
            "files",
            change("files", KEY, replace(old, new)),
        )


KEY_TEXTS = (
    ("lower case", b"key 0807060504030201", b"key 080706050403020a"),
    ("another comment", b"minisign public key", b"my key"),
    ("a comment more", b"0201\n", b"0201 x\n"),
    ("CR", b"\n", b"\r\n"),
    ("a line more", b"\nR", b"\n\nR"),
    ("another algorithm", b"RWQ", b"RUQ"),
)


def larger(signature: bytes) -> bytes:
    """The same signature, S as large as the order more."""
    value = int.from_bytes(signature[32:], "little") + ORDER
    return signature[:32] + value.to_bytes(32, "little")


# --- SSH signatures: 5.3 -----------------------------------------------------


def sshsig(function: Callable[[bytes], bytes]) -> Action:
    """Other bytes inside the armor."""

    def action(draft: Draft) -> None:
        text = draft.files[names.SSHSIG].split(b"\n")
        content = function(base64.b64decode(b"".join(text[1:-2])))
        encoded = base64.b64encode(content)
        lines = [encoded[i : i + 70] for i in range(0, len(encoded), 70)]
        draft.files[names.SSHSIG] = b"\n".join([text[0], *lines, *text[-2:]])

    return action


def ssh_text(function: Callable[[bytes], bytes]) -> Action:
    """Another text of the SSH signature."""
    return change("files", names.SSHSIG, function)


def ssh_signed(namespace: bytes, seed: bytes = SEED) -> Action:
    """A signature for another namespace, or by another key."""

    def action(draft: Draft) -> None:
        message = keys.ssh_message(draft.files[MANIFEST])
        message = message.replace(keys.NAMESPACE, namespace)
        key = ed25519.public_key(seed)
        text = keys.write_sshsig(key, ed25519.sign(seed, message))
        draft.files[names.SSHSIG] = text

    return action


def narrow(text: bytes) -> bytes:
    """Lines of 64 characters."""
    lines = text.split(b"\n")
    inside = b"".join(lines[1:-2])
    parts = [inside[i : i + 64] for i in range(0, len(inside), 64)]
    return b"\n".join([lines[0], *parts, *lines[-2:]])


SSH = (
    ("no last LF", ssh_text(lambda b: b[:-1])),
    ("one LF more", ssh_text(lambda b: b + b"\n")),
    ("CR", ssh_text(lambda b: b.replace(b"\n", b"\r\n"))),
    ("lines of 64", ssh_text(narrow)),
    (
        "one line",
        ssh_text(
            lambda b: b"\n".join(
                [
                    b[:29],
                    b"".join(b.split(b"\n")[1:-2]),
                    b.split(b"\n")[-2],
                    b"",
                ]
            )
        ),
    ),
    ("a text before", ssh_text(lambda b: b"x\n" + b)),
    ("nothing", ssh_text(lambda b: b"")),
    ("version 2", sshsig(lambda b: b[:9] + b"\2" + b[10:])),
    ("another namespace", sshsig(lambda b: b.replace(b"seal@v1", b"seal@v2"))),
    ("sha256", sshsig(lambda b: b.replace(b"sha512", b"sha256"))),
    ("a byte more", sshsig(lambda b: b + b"\0")),
    ("a byte less", sshsig(lambda b: b[:-1])),
    (
        "another algorithm",
        sshsig(lambda b: b.replace(b"ssh-ed25519", b"ssh-ed25518")),
    ),
    ("S and the order", sshsig(lambda b: b[:-64] + larger(b[-64:]))),
    ("zeros", sshsig(lambda b: b[:-64] + bytes(64))),
    ("signed for a commit", ssh_signed(b"git")),
    ("signed by another key", ssh_signed(keys.NAMESPACE, OTHER_SEED)),
    ("more than 64 KiB", ssh_text(lambda b: b + b"\n" * 65536)),
)
SIGNER_TEXTS = (
    ("another principal", b"dossier-seal ", b"* "),
    ("no namespace", b' namespaces="dossier-seal@v1"', b""),
    ("another namespace", b'"dossier-seal@v1"', b'"*"'),
    ("two spaces", b" ssh", b"  ssh"),
    ("CR", b"\n", b"\r\n"),
    ("no LF", b"\n", b""),
    ("a line more", b"\n", b"\n# a comment\n"),
    ("another key", b"AAAA", b"AAAB"),
    ("a comment", b"\n", b" me\n"),
)


def ssh_breaks() -> Iterator[Break]:
    """5.3"""
    for name, action in SSH:
        yield Break("5.3", f"SSH: {name}", "signed", action)
    for name, old, new in SIGNER_TEXTS:
        action = change("files", SIGNERS, replace(old, new))
        yield Break("5.3", f"allowed_signers: {name}", "files", action)
