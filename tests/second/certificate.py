# SPDX-License-Identifier: ISC
"""X.509 certificates, as far as FORMAT.md 5.3 and 5.6 look into them."""

from __future__ import annotations

import functools
import hashlib
import re
from dataclasses import dataclass

import classic
import der
from classic import Key
from der import Node, broken
from fields import from_base64
from keys import encode

KEY_USAGE = der.oid("2.5.29.15")
MAX_COUNT = 16
BEGIN, END = b"-----BEGIN CERTIFICATE-----\n", b"-----END CERTIFICATE-----\n"


@dataclass(frozen=True)
class Certificate:
    """What is needed of a certificate."""

    raw: bytes
    serial: bytes
    issuer: bytes
    subject: bytes
    key: Key | None
    extensions: dict[bytes, bytes]

    def sha256(self) -> str:
        """What bag-info.txt names it by."""
        return hashlib.sha256(self.raw).hexdigest()

    def name(self) -> bytes:
        """Issuer and serial number, as a signature names it."""
        return der.sequence(self.issuer, self.serial)

    def may_sign(self) -> bool:
        """Whether a key usage, if there is one, allows signatures."""
        usage = self.extensions.get(KEY_USAGE)
        if usage is None:
            return True
        content = der.parse(usage).content
        return len(content) > 1 and content[1] & 0xC0 != 0


@functools.lru_cache(maxsize=256)
def parse(raw: bytes) -> Certificate:
    """A certificate in DER; raises Broken."""
    body = der.parse(raw).item(0, der.SEQUENCE)
    fields = list(body.items)
    if fields and fields[0].tag == 0xA0:
        del fields[0]
    if len(fields) < 6:
        raise broken("a certificate")
    return Certificate(
        raw,
        fields[0].raw,
        fields[2].raw,
        fields[4].raw,
        classic.read_key(fields[5]),
        read_extensions(fields[6:]),
    )


def read_extensions(fields: list[Node]) -> dict[bytes, bytes]:
    """The extensions by their identifiers."""
    found: dict[bytes, bytes] = {}
    for field in fields:
        if field.tag == 0xA3:
            for item in field.item(0, der.SEQUENCE).items:
                identifier = item.item(0, der.OID).raw
                found[identifier] = item.items[-1].content
    return found


def write_pem(certificates: list[bytes]) -> bytes:
    """Certificates one behind the other, base64 in lines of 64 characters."""
    text = b""
    for raw in certificates:
        inside = encode(raw)
        lines = [inside[at : at + 64] for at in range(0, len(inside), 64)]
        text += BEGIN + "".join(line + "\n" for line in lines).encode() + END
    return text


def read_pem(text: bytes) -> list[Certificate]:
    """The certificates of a file that has no other form; raises Broken."""
    parts = re.findall(re.escape(BEGIN) + b"([^-]*)" + re.escape(END), text)
    raws = [
        from_base64(part.replace(b"\n", b"").decode("latin-1"))
        for part in parts
    ]
    found = [raw for raw in raws if raw]
    if len(set(found)) < len(found):
        raise broken("keys/signer.pem has a certificate twice")
    if not 0 < len(found) <= MAX_COUNT or write_pem(found) != text:
        raise broken("keys/signer.pem has another form")
    return [parse(raw) for raw in found]
