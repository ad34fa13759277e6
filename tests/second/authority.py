# SPDX-License-Identifier: ISC
"""Certificates, CMS signatures and time stamps, made for tests in Python.

Keys are numbers that everybody can read here; nobody may trust them.
"""

from __future__ import annotations

import hashlib

import certificate
import cms
import der
import stamps
from certificate import Certificate
from classic import EC_KEY, ECDSA, HASHES, P256, EcKey, ec_sign

SIGNER, ROOT, STAMPER = 0x1111, 0x2222, 0x3333  # secret keys
SIGNATURE = der.sequence(ECDSA["sha256"])
YES = der.write(der.BOOLEAN, b"\xff")
CA = der.sequence(der.oid("2.5.29.19"), YES, cms.octets(der.sequence(YES)))
FOR_CA = der.sequence(
    certificate.KEY_USAGE, YES, cms.octets(der.write(der.BITS, b"\2\4"))
)
FOR_SIGNING = der.sequence(
    certificate.KEY_USAGE, YES, cms.octets(der.write(der.BITS, b"\7\x80"))
)
FOR_TIME = der.sequence(
    der.oid("2.5.29.37"),
    YES,
    cms.octets(der.sequence(der.oid("1.3.6.1.5.5.7.3.8"))),
)


def common_name(text: str) -> bytes:
    """A name."""
    value = der.write(0x0C, text.encode())
    return der.sequence(der.set_of(der.sequence(der.oid("2.5.4.3"), value)))


def time(text: str) -> bytes:
    """A UTCTime, or a GeneralizedTime when it has 15 characters."""
    tag = der.UTC_TIME if len(text) == 13 else der.GENERALIZED_TIME
    return der.write(tag, text.encode())


def public(secret: int) -> EcKey:
    """The public key of a number."""
    point = P256.multiply(secret, P256.generator)
    assert point is not None
    return EcKey(P256, point)


def issue(
    secret: int,
    name: str,
    by: int,
    issuer: str,
    *extensions: bytes,
    until: str = "491231235959Z",
) -> Certificate:
    """A certificate for a key, signed by another."""
    x, y = public(secret).point
    text = b"\0\4" + x.to_bytes(32, "big") + y.to_bytes(32, "big")
    algorithm = der.sequence(EC_KEY, P256.identifier)
    body = der.sequence(
        der.write(0xA0, der.integer(2)),
        der.integer(secret),
        SIGNATURE,
        common_name(issuer),
        der.sequence(time("200101000000Z"), time(until)),
        common_name(name),
        der.sequence(algorithm, der.write(der.BITS, text)),
        der.write(0xA3, der.sequence(*extensions)) if extensions else b"",
    )
    signature = der.write(der.BITS, b"\0" + ec_sign(by, body))
    return certificate.parse(der.sequence(body, SIGNATURE, signature))


OFFICE = issue(SIGNER, "office", ROOT, "root", FOR_SIGNING)
TOP = issue(ROOT, "root", ROOT, "root", CA, FOR_CA)
CLOCK = issue(STAMPER, "clock", ROOT, "root", FOR_SIGNING, FOR_TIME)


def sign(
    manifest: bytes,
    certificates: list[Certificate],
    secret: int = SIGNER,
    when: bytes = time("260102030405Z"),
) -> bytes:
    """A CMS signature over the tag manifest by the first certificate."""
    parts = cms.attributes(manifest, when, certificates[0])
    return sign_parts(parts, certificates, secret)


def sign_parts(
    parts: list[bytes], certificates: list[Certificate], secret: int = SIGNER
) -> bytes:
    """A CMS signature with these attributes."""
    signature = ec_sign(secret, der.set_of(*parts))
    return cms.write(certificates[0], certificates, parts, signature)


def info(
    stamped: bytes, when: str, *more: bytes, digest: str = "sha256"
) -> bytes:
    """A TSTInfo."""
    algorithm = der.sequence(HASHES[digest], der.write(der.NULL))
    imprint = cms.octets(hashlib.new(digest, stamped).digest())
    return der.sequence(
        der.integer(1),
        der.oid("1.2.3.4.1"),
        der.sequence(algorithm, imprint),
        der.integer(7),
        der.write(der.GENERALIZED_TIME, when.encode()),
        *more,
    )


def named(by: Certificate) -> bytes:
    """The attribute that names the authority's certificate."""
    digest = cms.octets(hashlib.sha256(by.raw).digest())
    value = der.sequence(der.sequence(der.sequence(digest)))
    return cms.attribute(stamps.ESS_V2, value)


def signed_attributes(text: bytes, by: Certificate) -> list[bytes]:
    """The three attributes of a time stamp."""
    digest = cms.octets(hashlib.sha256(text).digest())
    return [
        cms.attribute(cms.CONTENT_TYPE, stamps.TST_INFO),
        cms.attribute(cms.MESSAGE_DIGEST, digest),
        named(by),
    ]


def stamp_of(
    text: bytes,
    parts: list[bytes],
    by: Certificate = CLOCK,
    certificates: tuple[Certificate, ...] = (CLOCK, TOP),
    secret: int = STAMPER,
) -> bytes:
    """A time stamp with any TSTInfo, attributes and certificates."""
    signature = ec_sign(secret, der.set_of(*parts))
    made = stamps.Stamp(
        der.parse(text),
        "sha256",
        tuple(map(der.parse, parts)),
        list(certificates),
        signature,
    )
    return stamps.write(made, by)


def stamp(stamped: bytes, when: str = "20260102030410Z") -> bytes:
    """A time stamp."""
    text = info(stamped, when)
    return stamp_of(text, signed_attributes(text, CLOCK))


def wrapped(text: bytes, old: bytes, new: bytes, last: bool = False) -> bytes:
    """The DER with one value replaced, and all lengths around it right."""
    place = text.rindex(old) if last else text.index(old)
    return rewrite(der.parse(text), place, place + len(old), 0, new)


def rewrite(
    node: der.Node, start: int, end: int, at: int, new: bytes
) -> bytes:
    """A value that stands at an offset, with the bytes start to end replaced."""
    if (start, end) == (at, at + len(node.raw)):
        return new
    inside = at + len(node.raw) - len(node.content)
    result, done = b"", False
    for item in node.items:
        stop = inside + len(item.raw)
        if inside <= start and end <= stop:
            result += rewrite(item, start, end, inside, new)
        elif start <= inside and stop <= end:
            result += b"" if done else new
            done = True
        else:
            result += item.raw
        inside = stop
    return der.write(node.tag, result if node.items else new)
