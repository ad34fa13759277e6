# SPDX-License-Identifier: ISC
"""Keys and signatures as texts: FORMAT.md 5.2 and 5.3."""

from __future__ import annotations

import base64
import hashlib
import re
import struct
import unicodedata
from dataclasses import dataclass

import ed25519
from fields import from_base64
from finding import Broken

UNTRUSTED = "untrusted comment: "
TRUSTED = "trusted comment: "
NAMESPACE = b"dossier-seal@v1"
# Characters of category Cf are invisible or reorder text; so do these.
HIDDEN = {
    0x034F,
    0x115F,
    0x1160,
    0x17B4,
    0x17B5,
    0x2028,
    0x2029,
    0x3164,
    0xFFA0,
}


@dataclass(frozen=True)
class PublicKey:
    """What two lines of a public key say."""

    comment: str
    key_id: bytes
    key: bytes

    def fingerprint(self) -> str:
        """SHA-256 of the 32 bytes."""
        return hashlib.sha256(self.key).hexdigest()


@dataclass(frozen=True)
class Signature:
    """What four lines of a signature say."""

    untrusted: str
    key_id: bytes
    first: bytes
    trusted: str
    second: bytes


def encode(content: bytes) -> str:
    """Base64."""
    return base64.b64encode(content).decode("ascii")


# --- public keys -------------------------------------------------------------


def is_visible(text: str) -> bool:
    """No control, bidirectional or invisible character."""
    return not any(
        unicodedata.category(char) in ("Cc", "Cf") or ord(char) in HIDDEN
        for char in text
    )


def read_public_key(content: bytes) -> PublicKey:
    """A public key as somebody may have written it; raises Broken."""
    try:
        lines = content.decode("utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        raise Broken("sign", "5.2", "public key: not UTF-8") from None
    if len(lines) != 2 or not lines[0].startswith(UNTRUSTED):
        raise Broken("sign", "5.2", "public key: not two lines")
    comment = lines[0].removeprefix(UNTRUSTED)
    if len(lines[0].encode()) > 1023 or not is_visible(comment):
        raise Broken("sign", "5.2", "public key: comment")
    raw = from_base64(lines[1])
    if raw is None or len(raw) != 42 or raw[:2] != b"Ed":
        raise Broken("sign", "5.2", "public key: not Ed25519 in base64")
    if not ed25519.is_sound_key(raw[10:]):
        raise Broken("sign", "5.2", "public key: not a sound one")
    return PublicKey(comment, raw[2:10], raw[10:])


def write_public_key(key_id: bytes, key: bytes) -> bytes:
    """The public key as it stands in keys/seal.pub."""
    number = int.from_bytes(key_id, "little")
    comment = f"{UNTRUSTED}minisign public key {number:016X}\n"
    return (comment + encode(b"Ed" + key_id + key) + "\n").encode()


# --- signatures of minisign --------------------------------------------------


def read_signature(content: bytes) -> Signature:
    """The four lines, which are the only form of themselves; raises Broken."""
    lines = content.split(b"\n")
    if len(lines) != 5 or len(lines[0]) > 1022 or len(lines[2]) > 8190:
        raise Broken("seal", "5.2", "signature: not four lines")
    if not all(re.fullmatch(rb"[ -~]*", line) for line in lines):
        raise Broken("seal", "5.2", "signature: not printable ASCII")
    head, body, comment, second = (line.decode("ascii") for line in lines[:4])
    if not head.startswith(UNTRUSTED) or not comment.startswith(TRUSTED):
        raise Broken("seal", "5.2", "signature: comments")
    raw = from_base64(body) or b""
    signature = Signature(
        head.removeprefix(UNTRUSTED),
        raw[2:10],
        raw[10:],
        comment.removeprefix(TRUSTED),
        from_base64(second) or b"",
    )
    if raw[:2] != b"ED" or write_signature(signature) != content:
        raise Broken("seal", "5.2", "signature: not the only form of itself")
    if len(signature.first) != 64 or len(signature.second) != 64:
        raise Broken("seal", "5.2", "signature: length")
    return signature


def write_signature(signature: Signature) -> bytes:
    """The four lines."""
    first = encode(b"ED" + signature.key_id + signature.first)
    lines = [
        UNTRUSTED + signature.untrusted,
        first,
        TRUSTED + signature.trusted,
        encode(signature.second),
    ]
    return "".join(line + "\n" for line in lines).encode("ascii")


def signature_verifies(
    signature: Signature, key: bytes, message: bytes
) -> bool:
    """Both: over the message, and over the first and the comment."""
    digest = hashlib.blake2b(message, digest_size=64).digest()
    comment = signature.first + signature.trusted.encode("ascii")
    return ed25519.verifies(key, digest, signature.first) and ed25519.verifies(
        key, comment, signature.second
    )


# --- signatures of OpenSSH ---------------------------------------------------


def string(content: bytes) -> bytes:
    """A string as SSH writes it."""
    return struct.pack(">I", len(content)) + content


def ssh_key(key: bytes) -> bytes:
    """A public key as SSH writes it."""
    return string(b"ssh-ed25519") + string(key)


def write_sshsig(key: bytes, signature: bytes) -> bytes:
    """The armored signature: 5.3."""
    inside = b"SSHSIG" + struct.pack(">I", 1)
    for part in (ssh_key(key), NAMESPACE, b"", b"sha512"):
        inside += string(part)
    inside += string(string(b"ssh-ed25519") + string(signature))
    text = encode(inside)
    lines = [text[start : start + 70] for start in range(0, len(text), 70)]
    lines = [
        "-----BEGIN SSH SIGNATURE-----",
        *lines,
        "-----END SSH SIGNATURE-----",
    ]
    return "".join(line + "\n" for line in lines).encode("ascii")


def ssh_message(message: bytes) -> bytes:
    """What an SSH signature signs."""
    digest = hashlib.sha512(message).digest()
    parts = (NAMESPACE, b"", b"sha512", digest)
    return b"SSHSIG" + b"".join(map(string, parts))


def sshsig_verifies(content: bytes, key: bytes, message: bytes) -> bool:
    """Whether this is the one form of a signature by the key that verifies."""
    lines = content.decode("latin-1").split("\n")
    raw = from_base64("".join(lines[1:-2])) or b""
    if write_sshsig(key, raw[-64:]) != content:
        return False
    return ed25519.verifies(key, ssh_message(message), raw[-64:])


def allowed_signers(key: bytes) -> bytes:
    """The one line of keys/allowed_signers."""
    text = encode(ssh_key(key))
    line = (
        f'dossier-seal namespaces="{NAMESPACE.decode()}" ssh-ed25519 {text}\n'
    )
    return line.encode("ascii")
