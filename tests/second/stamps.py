# SPDX-License-Identifier: ISC
"""Time stamps behind the seal: FORMAT.md 5.6.

Whether an authority is trusted is not judged: it changes no exit status. The
path of certificates is left to `openssl verify`.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import certificate
import der
from certificate import Certificate
from classic import HASHES, EcKey
from cms import CONTENT_TYPE, MESSAGE_DIGEST, SIGNED_DATA, octets
from der import Node
from finding import Broken, Finding, Findings

TST_INFO = der.oid("1.2.840.113549.1.9.16.1.4")
ESS_V1 = der.oid("1.2.840.113549.1.9.16.2.12")
ESS_V2 = der.oid("1.2.840.113549.1.9.16.2.47")
TIME = re.compile(rb"(\d{14})(?:\.\d*[1-9])?Z")
BITS = {256: "sha256", 384: "sha384", 521: "sha512"}


def broken(what: str) -> Broken:
    """What makes a stamp invalid."""
    return Broken("time", "5.6", what)


def digest_name(algorithm: Node) -> str:
    """The name of a digest algorithm; raises Broken for another."""
    for name, identifier in HASHES.items():
        if algorithm.item(0).raw == identifier:
            return name
    raise broken("a digest of another kind")


@dataclass(frozen=True)
class Stamp:
    """A stamp, taken apart."""

    info: Node  # TSTInfo
    digest: str  # of the authority's signature
    attributes: tuple[Node, ...]
    certificates: list[Certificate]
    signature: bytes

    def attribute(self, identifier: bytes) -> Node | None:
        """The one value of an attribute, None when it is not there."""
        found = [x for x in self.attributes if x.item(0).raw == identifier]
        if len(found) > 1 or (found and len(found[0].item(1).items) != 1):
            raise broken("an attribute twice")
        return found[0].item(1, der.SET).item(0) if found else None

    def time(self) -> str:
        """When it was made: 14 digits."""
        time = self.info.item(4, der.GENERALIZED_TIME).content
        match = TIME.fullmatch(time)
        try:
            text = match[1].decode() if match else ""
            datetime.datetime.strptime(text, "%Y%m%d%H%M%S")
        except ValueError:
            raise broken("a time that is none") from None
        return text


def take_apart(content: bytes) -> Stamp:
    """What can be put together again; raises Broken."""
    token = der.parse(content).item(1, der.SEQUENCE)
    data = token.item(1, 0xA0).item(0, der.SEQUENCE)
    info = data.item(4, der.SET).item(0, der.SEQUENCE)
    inner = data.item(2, der.SEQUENCE).item(1, 0xA0).item(0, der.OCTETS)
    return Stamp(
        der.parse(inner.content),
        digest_name(info.item(2, der.SEQUENCE)),
        info.item(3, 0xA0).items,
        [certificate.parse(item.raw) for item in data.item(3, 0xA0).items],
        info.item(5, der.OCTETS).content,
    )


def authority(stamp: Stamp) -> Certificate:
    """The certificate that the signed attributes name first."""
    old, new = stamp.attribute(ESS_V1), stamp.attribute(ESS_V2)
    value = new or old
    if value is None:
        raise broken("no certificate is named")
    named = value.item(0, der.SEQUENCE).item(0, der.SEQUENCE)
    method = "sha1"
    if value is new:
        first = named.item(0)
        method = digest_name(first) if first.tag == der.SEQUENCE else "sha256"
        named = Node(
            0, b"", b"", tuple(x for x in named.items if x.tag == der.OCTETS)
        )
    wanted = named.item(0, der.OCTETS).content
    for item in stamp.certificates:
        if hashlib.new(method, item.raw).digest() == wanted:
            return item
    raise broken("the authority's certificate is missing")


def write(stamp: Stamp, by: Certificate) -> bytes:
    """The one form."""
    if by.key is None:
        raise broken("a key of another kind")
    algorithm = der.sequence(HASHES[stamp.digest])
    signed = der.sequence(
        der.integer(1),
        by.name(),
        algorithm,
        der.set_of(*(item.raw for item in stamp.attributes), tag=0xA0),
        by.key.algorithm(stamp.digest),
        octets(stamp.signature),
    )
    inner = der.sequence(TST_INFO, der.write(0xA0, octets(stamp.info.raw)))
    data = der.sequence(
        der.integer(3),
        der.set_of(algorithm),
        inner,
        der.set_of(*(item.raw for item in stamp.certificates), tag=0xA0),
        der.set_of(signed),
    )
    token = der.sequence(SIGNED_DATA, der.write(0xA0, data))
    return der.sequence(der.sequence(der.integer(0)), token)


def path_of(stamp: Stamp, by: Certificate) -> list[Certificate]:
    """From the authority's certificate to a root, all of them."""
    path, rest = [by], [
        item for item in stamp.certificates if item.raw != by.raw
    ]
    while path[-1].issuer != path[-1].subject:
        above = [item for item in rest if item.subject == path[-1].issuer]
        if not above:
            raise broken("no path to a root")
        path.append(above[0])
        rest.remove(above[0])
    if rest or len(path) != len(stamp.certificates) or len(path) > 16:
        raise broken("certificates that are not of the path")
    return path


@functools.lru_cache(maxsize=256)
def path_holds(path: tuple[bytes, ...], time: str) -> bool:
    """What openssl says of a path at a time."""
    when = datetime.datetime.strptime(time + "+0000", "%Y%m%d%H%M%S%z")
    with tempfile.TemporaryDirectory() as name:
        first, middle, root = (Path(name) / word for word in ("a", "b", "c"))
        first.write_bytes(certificate.write_pem([path[0]]))
        middle.write_bytes(certificate.write_pem(list(path[1:-1])))
        root.write_bytes(certificate.write_pem([path[-1]]))
        command = [
            "openssl",
            "verify",
            "-no-CAfile",
            "-no-CApath",
            "-no-CAstore",
        ]
        command += ["-CAfile", str(root), "-check_ss_sig"]
        command += ["-purpose", "timestampsign"]
        command += ["-attime", str(int(when.timestamp()))]
        if len(path) > 2:
            command += ["-untrusted", str(middle)]
        run = subprocess.run(
            command + [str(first)], capture_output=True, check=False
        )
        return run.returncode == 0


def check_info(stamp: Stamp) -> None:
    """TSTInfo of version 1, a time, no critical extension; raises Broken."""
    info = stamp.info
    if info.tag != der.SEQUENCE or info.item(
        0, der.INTEGER
    ).raw != der.integer(1):
        raise broken("TSTInfo of another version")
    info.item(1, der.OID)
    info.item(3, der.INTEGER)
    stamp.time()
    for item in info.items[5:]:
        if item.tag == 0xA1 and any(
            one.tag == der.BOOLEAN for each in item.items for one in each.items
        ):
            raise broken("a critical extension")


def check_imprint(stamp: Stamp, stamped: bytes) -> None:
    """The imprint is that of what stands before; raises Broken."""
    imprint = stamp.info.item(2, der.SEQUENCE)
    algorithm = imprint.item(0, der.SEQUENCE)
    name = digest_name(algorithm)
    if [item.tag for item in algorithm.items[1:]] not in ([], [der.NULL]):
        raise broken("parameters of the digest")
    found = imprint.item(1, der.OCTETS).content
    if len(imprint.items) != 2 or hashlib.new(name, stamped).digest() != found:
        raise broken("the imprint is that of something else")


def check_signed(stamp: Stamp, by: Certificate) -> None:
    """Signed attributes and signature; raises Broken."""
    kind, digest = stamp.attribute(CONTENT_TYPE), stamp.attribute(
        MESSAGE_DIGEST
    )
    content = hashlib.new(stamp.digest, stamp.info.raw).digest()
    if kind is None or kind.raw != TST_INFO:
        raise broken("content type")
    if digest is None or digest.raw != octets(content):
        raise broken("message digest")
    signed = der.set_of(*(item.raw for item in stamp.attributes))
    assert by.key is not None
    if not by.key.verifies(signed, stamp.signature, stamp.digest):
        raise broken("the signature does not verify")


def check_stamp(content: bytes, stamped: bytes) -> None:
    """One stamp over the bytes that it is for; raises Broken."""
    stamp = take_apart(content)
    by = authority(stamp)
    if isinstance(by.key, EcKey) and by.key.curve.p.bit_length() not in BITS:
        raise broken("a curve of another kind")
    if write(stamp, by) != content:
        raise broken("another form")
    check_info(stamp)
    check_signed(stamp, by)
    check_imprint(stamp, stamped)
    path = path_of(stamp, by)
    if not path_holds(tuple(item.raw for item in path), stamp.time()):
        raise broken("the path of certificates does not hold")


def check_names(paths: list[str], first: str) -> Findings:
    """The first stamp is over the seal; renewals follow without a gap."""
    wanted = [first] + [
        f"signatures/renewal-{n:02}.tsr" for n in range(1, 100)
    ]
    if paths != wanted[: len(paths)]:
        yield Finding("time", "5.6", f"stamps {paths}")
