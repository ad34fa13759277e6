# SPDX-License-Identifier: ISC
"""Broken rules of FORMAT.md 5.6: time stamps."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace as with_values

import authority
import certificate
import cms
import der
import names
import stamps
from authority import CLOCK, OFFICE, ROOT, SIGNER, STAMPER, TOP, issue, wrapped
from breaking import INTACT, Action, Break, drop
from certificate import Certificate
from classic import HASHES
from maker import Draft, new_entry

NULL = der.write(der.NULL)
EXTRA = cms.attribute(der.oid("1.2.3"), der.integer(1))


def first(function: Callable[[bytes], bytes]) -> Action:
    """Another first stamp, from what it is over."""

    def action(draft: Draft) -> None:
        if names.STAMP not in draft.files:
            draft.stamp = function(draft.stamped)

    return action


def made(
    when: str = "20260102030410Z", *more: bytes, digest: str = "sha256"
) -> Callable[[bytes], bytes]:
    """A stamp with another TSTInfo."""

    def function(stamped: bytes) -> bytes:
        text = authority.info(stamped, when, *more, digest=digest)
        return authority.stamp_of(
            text, authority.signed_attributes(text, CLOCK)
        )

    return function


def info(function: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """A stamp over a changed TSTInfo."""

    def changed(stamped: bytes) -> bytes:
        text = function(authority.info(stamped, "20260102030410Z"))
        return authority.stamp_of(
            text, authority.signed_attributes(text, CLOCK)
        )

    return changed


def parts(
    function: Callable[[list[bytes]], list[bytes]]
) -> Callable[[bytes], bytes]:
    """A stamp with other attributes."""

    def changed(stamped: bytes) -> bytes:
        text = authority.info(stamped, "20260102030410Z")
        made_of = function(authority.signed_attributes(text, CLOCK))
        return authority.stamp_of(text, made_of)

    return changed


def path(
    by: Certificate, *found: Certificate, secret: int = STAMPER
) -> Callable[[bytes], bytes]:
    """A stamp with other certificates."""

    def changed(stamped: bytes) -> bytes:
        text = authority.info(stamped, "20260102030410Z")
        named = authority.signed_attributes(text, by)
        return authority.stamp_of(text, named, by, found, secret)

    return changed


def text(function: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Other bytes of a stamp."""
    return lambda stamped: function(authority.stamp(stamped))


def extension(critical: bool) -> bytes:
    """Extensions of a TSTInfo."""
    yes = authority.YES if critical else b""
    return der.write(
        0xA1, der.sequence(der.oid("1.2.3"), yes, cms.octets(b"\5\0"))
    )


def in_v1(by: Certificate) -> bytes:
    """The older attribute that names a certificate."""
    digest = cms.octets(hashlib.sha1(by.raw).digest())
    value = der.sequence(der.sequence(der.sequence(digest)))
    return cms.attribute(stamps.ESS_V1, value)


def clock(
    *extensions: bytes, until: str = "491231235959Z", by: int = ROOT
) -> Certificate:
    """A certificate of an authority."""
    return issue(STAMPER, "clock", by, "root", *extensions, until=until)


MIDDLE = issue(0x5555, "middle", ROOT, "root", authority.CA, authority.FOR_CA)
BELOW = issue(STAMPER, "clock", 0x5555, "middle", authority.FOR_TIME)
NO_CA = issue(0x5555, "middle", ROOT, "root", authority.FOR_SIGNING)
NOT_CRITICAL = der.sequence(
    der.oid("2.5.29.37"),
    cms.octets(der.sequence(der.oid("1.3.6.1.5.5.7.3.8"))),
)
TWO_USES = der.sequence(
    der.oid("2.5.29.37"),
    authority.YES,
    cms.octets(
        der.sequence(
            der.oid("1.3.6.1.5.5.7.3.8"), der.oid("1.3.6.1.5.5.7.3.1")
        )
    ),
)
BARE = clock(authority.FOR_SIGNING)
LOOSE = clock(authority.FOR_SIGNING, NOT_CRITICAL)
WIDE = clock(authority.FOR_SIGNING, TWO_USES)
OLD = clock(authority.FOR_SIGNING, authority.FOR_TIME, until="210101000000Z")
UNSIGNED = certificate.parse(TOP.raw[:-1] + bytes([TOP.raw[-1] ^ 1]))
# An extension of nothing, and something else in the place that it took.
EMPTY = with_values(
    TIMED := clock(authority.FOR_SIGNING, authority.FOR_TIME),
    raw=TIMED.raw.replace(
        authority.FOR_TIME,
        b"\x30\0" + cms.octets(bytes(len(authority.FOR_TIME) - 4)),
    ),
)
FORGED = clock(authority.FOR_SIGNING, authority.FOR_TIME, by=0x6666)

STAMPS: tuple[tuple[str, Callable[[bytes], bytes], int], ...] = (
    ("a fraction", made("20260102030410.5Z"), 0),
    ("a long fraction", made("20260102030410.123456789Z"), 0),
    ("a fraction with a zero", made("20260102030410.50Z"), 1),
    ("a dot without a fraction", made("20260102030410.Z"), 1),
    ("a comma", made("20260102030410,5Z"), 1),
    ("no Z", made("20260102030410"), 1),
    ("no seconds", made("202601020304Z"), 1),
    ("30 February", made("20260230030410Z"), 1),
    ("24:00", made("20260101240000Z"), 1),
    ("before the certificates", made("20190102030410Z"), 1),
    ("after the certificates", made("20510102030410Z"), 1),
    ("before it was packed", made("20250102030410Z"), 0),
    ("the future", made("20400102030410Z"), 0),
    ("SHA-384", made(digest="sha384"), 0),
    ("SHA-512", made(digest="sha512"), 0),
    ("accuracy", made("20260102030410Z", der.sequence(der.integer(1))), 0),
    ("ordering", made("20260102030410Z", authority.YES), 0),
    ("a nonce", made("20260102030410Z", der.integer(77)), 0),
    ("an extension", made("20260102030410Z", extension(False)), 0),
    ("a critical extension", made("20260102030410Z", extension(True)), 1),
    (
        "version 2",
        info(lambda b: wrapped(b, der.integer(1), der.integer(2))),
        1,
    ),
    ("no policy", info(lambda b: wrapped(b, der.oid("1.2.3.4.1"), b"")), 1),
    ("digest without parameters", info(lambda b: wrapped(b, NULL, b"")), 0),
    (
        "digest with other parameters",
        info(lambda b: wrapped(b, NULL, der.integer(1))),
        1,
    ),
    (
        "over something else",
        lambda stamped: authority.stamp(stamped + b"x"),
        1,
    ),
    ("a byte more", text(lambda b: b + b"\0"), 1),
    ("a byte less", text(lambda b: b[:-1]), 1),
    ("nothing", lambda stamped: b"", 1),
    ("more than 64 KiB", lambda stamped: bytes(65537), 1),
    (
        "status 1",
        text(
            lambda b: wrapped(
                b, der.sequence(der.integer(0)), der.sequence(der.integer(1))
            )
        ),
        1,
    ),
    ("a token without status", text(lambda b: der.parse(b).item(1).raw), 1),
    (
        "version 1",
        text(
            lambda b: wrapped(
                b,
                der.integer(3) + der.set_of(cms.SHA256),
                der.integer(1) + der.set_of(cms.SHA256),
            )
        ),
        1,
    ),
    (
        "digest algorithm with NULL",
        text(
            lambda b: wrapped(
                b,
                der.set_of(cms.SHA256),
                der.set_of(der.sequence(HASHES["sha256"], NULL)),
            )
        ),
        1,
    ),
    (
        "another content type",
        parts(lambda x: [cms.attribute(cms.CONTENT_TYPE, cms.DATA), *x[1:]]),
        1,
    ),
    ("no content type", parts(lambda x: x[1:]), 1),
    (
        "another digest",
        parts(
            lambda x: [
                x[0],
                cms.attribute(cms.MESSAGE_DIGEST, cms.octets(bytes(32))),
                x[2],
            ]
        ),
        1,
    ),
    ("no certificate named", parts(lambda x: x[:2]), 1),
    ("certificate named by SHA-1", parts(lambda x: [*x[:2], in_v1(CLOCK)]), 0),
    ("certificate named twice", parts(lambda x: [*x, in_v1(CLOCK)]), 0),
    ("the root named", parts(lambda x: [*x[:2], authority.named(TOP)]), 1),
    ("an attribute more", parts(lambda x: [*x, EXTRA]), 0),
    ("an attribute twice", parts(lambda x: [*x, x[0]]), 1),
    ("no root", path(CLOCK, CLOCK), 1),
    ("a certificate too many", path(CLOCK, CLOCK, TOP, OFFICE), 1),
    (
        "another root",
        path(
            CLOCK, CLOCK, issue(0x6666, "root", 0x6666, "root", authority.CA)
        ),
        1,
    ),
    ("a root that did not sign itself", path(CLOCK, CLOCK, UNSIGNED), 1),
    ("an extension of nothing", path(EMPTY, EMPTY, TOP), 1),
    ("a longer path", path(BELOW, BELOW, MIDDLE, TOP), 0),
    ("a longer path with a gap", path(BELOW, BELOW, TOP), 1),
    ("a path over no authority", path(BELOW, BELOW, NO_CA, TOP), 1),
    ("no use for time stamps", path(BARE, BARE, TOP), 1),
    ("a use that is not critical", path(LOOSE, LOOSE, TOP), 1),
    ("two uses", path(WIDE, WIDE, TOP), 1),
    ("an expired certificate", path(OLD, OLD, TOP), 1),
    ("a certificate by somebody else", path(FORGED, FORGED, TOP), 1),
    ("signed by another key", path(CLOCK, CLOCK, TOP, secret=SIGNER), 1),
)


def renewal(draft: Draft) -> None:
    """Renewals over the seal in place of all before them."""
    if names.STAMP in draft.files:
        draft.stamp = authority.stamp(draft.files[names.SEAL])


def named_late(draft: Draft) -> None:
    """The last stamp has the number of the one after it."""
    draft.entries[-1].member.name = draft.entries[-1].member.name.replace(
        "-02", "-03"
    )


def fourth(draft: Draft) -> None:
    """One more stamp of the name of the last."""
    draft.files["signatures/renewal-03.tsr"] = draft.stamp
    draft.entries.append(new_entry(draft, "signatures/renewal-03.tsr"))


def stamp_breaks() -> list[Break]:
    """All of them."""
    result = [
        Break(
            "5.6",
            f"stamp: {name}",
            "stamp",
            first(function),
            "stamped",
            status,
        )
        for name, function, status in STAMPS
    ]
    return result + [
        Break("5.6", "a renewal over the seal", "stamp", renewal, "stamped"),
        Break(
            "5.6",
            "no last stamp",
            "entries",
            drop("entries", -1),
            "stamped",
            INTACT,
        ),
        Break(
            "5.6", "no first stamp", "entries", drop("entries", -3), "stamped"
        ),
        Break(
            "5.6", "no second stamp", "entries", drop("entries", -2), "stamped"
        ),
        Break("5.6", "a number too high", "entries", named_late, "stamped"),
        Break("5.6", "a stamp twice", "entries", fourth, "stamped"),
    ]
