# SPDX-License-Identifier: ISC
"""The CMS signature over the tag manifest: FORMAT.md 5.3."""

from __future__ import annotations

import datetime
import hashlib

import certificate
import der
from certificate import Certificate
from classic import HASHES, P256, EcKey
from der import Node, broken
from finding import Findings, Finding

SIGNED_DATA = der.oid("1.2.840.113549.1.7.2")
DATA = der.oid("1.2.840.113549.1.7.1")
CONTENT_TYPE = der.oid("1.2.840.113549.1.9.3")
SIGNING_TIME = der.oid("1.2.840.113549.1.9.5")
MESSAGE_DIGEST = der.oid("1.2.840.113549.1.9.4")
CERTIFICATE_V2 = der.oid("1.2.840.113549.1.9.16.2.47")
SHA256 = der.sequence(HASHES["sha256"])


def octets(content: bytes) -> bytes:
    """An OCTET STRING."""
    return der.write(der.OCTETS, content)


def attribute(identifier: bytes, value: bytes) -> bytes:
    """An attribute with one value."""
    return der.sequence(identifier, der.set_of(value))


def attributes(
    manifest: bytes, time: bytes, signer: Certificate
) -> list[bytes]:
    """The four attributes."""
    digest = octets(hashlib.sha256(signer.raw).digest())
    named = der.sequence(der.sequence(der.sequence(digest)))
    return [
        attribute(CONTENT_TYPE, DATA),
        attribute(SIGNING_TIME, time),
        attribute(MESSAGE_DIGEST, octets(hashlib.sha256(manifest).digest())),
        attribute(CERTIFICATE_V2, named),
    ]


def write(
    signer: Certificate,
    all_of_them: list[Certificate],
    parts: list[bytes],
    sig: bytes,
) -> bytes:
    """The signature; parts are the attributes."""
    assert signer.key is not None
    info = der.sequence(
        der.integer(1),
        signer.name(),
        SHA256,
        der.set_of(*parts, tag=0xA0),
        signer.key.algorithm("sha256"),
        octets(sig),
    )
    data = der.sequence(
        der.integer(1),
        der.set_of(SHA256),
        der.sequence(DATA),
        der.set_of(*(item.raw for item in all_of_them), tag=0xA0),
        der.set_of(info),
    )
    return der.sequence(SIGNED_DATA, der.write(0xA0, data))


def signing_time(info: Node) -> bytes:
    """The value of that attribute; raises Broken when it is no good time."""
    for item in info.item(3, 0xA0).items:
        if item.item(0).raw == SIGNING_TIME:
            time = item.item(1, der.SET).item(0)
            check_time(time)
            return time.raw
    raise broken("no signing time")


def check_time(time: Node) -> None:
    """UTCTime until 2049, GeneralizedTime from 2050 on; no fraction."""
    text = time.content.decode("latin-1")
    form = "%y%m%d%H%M%SZ" if time.tag == der.UTC_TIME else "%Y%m%d%H%M%SZ"
    try:
        if time.tag == der.UTC_TIME:
            text = ("20" if text[:2] < "50" else "19") + text
        found = datetime.datetime.strptime(text, "%Y%m%d%H%M%SZ")
    except ValueError:
        raise broken("signing time") from None
    written = found.strftime(form)
    early = 1950 <= found.year < 2050
    if written.encode() != time.content or early != (time.tag == der.UTC_TIME):
        raise broken("signing time")


def check(signature: bytes, pem: bytes, manifest: bytes) -> Findings:
    """The signature has the one form, and verifies."""
    certificates = certificate.read_pem(pem)
    signer = certificates[0]
    if not signer.may_sign():
        yield Finding("sign", "5.3", "the certificate is not for signatures")
    if signer.key is None or (
        isinstance(signer.key, EcKey) and signer.key.curve != P256
    ):
        raise broken("a key of another kind")
    data = der.parse(signature).item(1, 0xA0).item(0, der.SEQUENCE)
    info = data.item(4, der.SET).item(0, der.SEQUENCE)
    parts = attributes(manifest, signing_time(info), signer)
    value = info.item(5, der.OCTETS).content
    if write(signer, certificates, parts, value) != signature:
        yield Finding("sign", "5.3", "the CMS signature has another form")
    elif not signer.key.verifies(der.set_of(*parts), value, "sha256"):
        yield Finding("sign", "5.3", "the CMS signature does not verify")
