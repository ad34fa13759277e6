# SPDX-License-Identifier: ISC
"""Broken rules of FORMAT.md 5.3 (CMS) and 5.6: signatures and time stamps."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import authority
import certificate
import cms
import der
import names
import stamps
from authority import CLOCK, OFFICE, ROOT, SIGNER, STAMPER, TOP, issue, time
from breaking import INTACT, Action, Break, change, drop, put, replace
from certificate import Certificate
from classic import ECDSA, HASHES
from maker import Draft, new_entry

PEM = "keys/signer.pem"
MANIFEST = "tagmanifest-sha256.txt"
NULL = der.write(der.NULL)

# --- CMS: 5.3 -------------------------------------------------------------------


def cms_text(function: Callable[[bytes], bytes]) -> Action:
    """Other bytes of the CMS signature."""
    return change("files", names.CMS, function)


def signed(when: bytes) -> Action:
    """Signed at another time."""

    def action(draft: Draft) -> None:
        manifest = draft.files[MANIFEST]
        draft.files[names.CMS] = authority.sign(
            manifest, draft.certificates, SIGNER, when
        )

    return action


def attributes(function: Callable[[list[bytes]], list[bytes]]) -> Action:
    """Other attributes, signed."""

    def action(draft: Draft) -> None:
        when = time("260102030405Z")
        parts = cms.attributes(draft.files[MANIFEST], when, OFFICE)
        draft.files[names.CMS] = authority.sign_parts(
            function(parts), [OFFICE, TOP]
        )

    return action


def certificates(*found: Certificate) -> Action:
    """Other certificates, in all places that name them."""
    return put("certificates", list(found))


def pem(function: Callable[[bytes], bytes]) -> Action:
    """Another text of keys/signer.pem."""
    return change("files", PEM, function)


def pem_of(*found: Certificate) -> Action:
    """Other certificates in keys/signer.pem, and nowhere else."""
    return put(
        "files", PEM, certificate.write_pem([item.raw for item in found])
    )


def by_another(draft: Draft) -> None:
    """Signed by a key that is not that of the certificate."""
    manifest = draft.files[MANIFEST]
    draft.files[names.CMS] = authority.sign(manifest, [OFFICE, TOP], STAMPER)


def long_lines(text: bytes) -> bytes:
    """Base64 in lines of 76 characters."""
    parts = text.split(certificate.END)[0].removeprefix(certificate.BEGIN)
    inside = parts.replace(b"\n", b"")
    lines = [inside[at : at + 76] + b"\n" for at in range(0, len(inside), 76)]
    new = certificate.BEGIN + b"".join(lines) + certificate.END
    return new + text.split(certificate.END, 1)[1]


PLAIN = issue(SIGNER, "office", ROOT, "root", authority.CA)
NO_SIGNING = issue(SIGNER, "office", ROOT, "root", authority.FOR_CA)
OTHER = issue(0x4444, "other", ROOT, "root", authority.FOR_SIGNING)
EXPIRED = issue(
    SIGNER,
    "office",
    ROOT,
    "root",
    authority.FOR_SIGNING,
    until="210101000000Z",
)
SHA256 = cms.SHA256
EXTRA = cms.attribute(der.oid("1.2.3"), der.integer(1))

CMS: tuple[tuple[str, str, Action, int], ...] = (
    ("a byte more", "signed", cms_text(lambda b: b + b"\0"), 1),
    ("a byte less", "signed", cms_text(lambda b: b[:-1]), 1),
    ("nothing", "signed", cms_text(lambda b: b""), 1),
    ("PEM", "signed", cms_text(lambda b: b"-----BEGIN CMS-----\n"), 1),
    (
        "a length of one byte more",
        "signed",
        cms_text(lambda b: b"\x30\x83\0" + b[2:]),
        1,
    ),
    (
        "indefinite length",
        "signed",
        cms_text(lambda b: b"\x30\x80" + b[4:] + b"\0\0"),
        1,
    ),
    (
        "digest algorithm with NULL",
        "signed",
        cms_text(
            lambda b: wrapped(b, SHA256, der.sequence(HASHES["sha256"], NULL))
        ),
        1,
    ),
    (
        "signature algorithm with NULL",
        "signed",
        cms_text(
            lambda b: wrapped(
                b,
                authority.SIGNATURE,
                der.sequence(ECDSA["sha256"], NULL),
                last=True,
            )
        ),
        1,
    ),
    (
        "version 3",
        "signed",
        cms_text(
            lambda b: wrapped(
                b,
                der.integer(1) + der.set_of(SHA256),
                der.integer(3) + der.set_of(SHA256),
            )
        ),
        1,
    ),
    (
        "content inside",
        "signed",
        cms_text(
            lambda b: wrapped(
                b,
                der.sequence(cms.DATA),
                der.sequence(cms.DATA, der.write(0xA0, cms.octets(b"x"))),
            )
        ),
        1,
    ),
    (
        "a certificate less",
        "signed",
        cms_text(lambda b: wrapped(b, TOP.raw, b"")),
        1,
    ),
    (
        "another certificate",
        "signed",
        cms_text(lambda b: wrapped(b, TOP.raw, OTHER.raw)),
        1,
    ),
    ("in 1999", "signed", signed(time("990102030405Z")), 0),
    ("in 2049", "signed", signed(time("491231235959Z")), 0),
    ("in 2050", "signed", signed(time("20500101000000Z")), 0),
    ("in 1950", "signed", signed(time("500101000000Z")), 0),
    ("in 2026, GeneralizedTime", "signed", signed(time("20260102030405Z")), 1),
    (
        "without seconds",
        "signed",
        signed(der.write(der.UTC_TIME, b"2601020304Z")),
        1,
    ),
    (
        "with an offset",
        "signed",
        signed(der.write(der.UTC_TIME, b"260102030405+0000")),
        1,
    ),
    (
        "with a fraction",
        "signed",
        signed(der.write(der.GENERALIZED_TIME, b"20510102030405.5Z")),
        1,
    ),
    ("on 30 February", "signed", signed(time("260230030405Z")), 1),
    ("at 24:00", "signed", signed(time("260201240000Z")), 1),
    ("at second 60", "signed", signed(time("261231235960Z")), 1),
    ("by another key", "signed", by_another, 1),
    ("an attribute more", "signed", attributes(lambda x: [*x, EXTRA]), 1),
    ("no signing time", "signed", attributes(lambda x: [x[0], *x[2:]]), 1),
    ("no certificate named", "signed", attributes(lambda x: x[:3]), 1),
    (
        "another certificate named",
        "signed",
        attributes(lambda x: [*x[:3], authority.named(TOP)]),
        1,
    ),
    (
        "another digest",
        "signed",
        attributes(
            lambda x: [
                *x[:2],
                cms.attribute(cms.MESSAGE_DIGEST, cms.octets(bytes(32))),
                x[3],
            ]
        ),
        1,
    ),
    (
        "another content type",
        "signed",
        attributes(
            lambda x: [
                cms.attribute(cms.CONTENT_TYPE, stamps.TST_INFO),
                *x[1:],
            ]
        ),
        1,
    ),
    ("an attribute twice", "signed", attributes(lambda x: [*x, x[0]]), 1),
    ("the signer alone", "records", certificates(OFFICE), 0),
    ("any key usage", "records", certificates(PLAIN, TOP), 0),
    (
        "a certificate that may not sign",
        "records",
        certificates(NO_SIGNING, TOP),
        1,
    ),
    ("an expired certificate", "records", certificates(EXPIRED, TOP), 0),
    ("certificates of others", "records", certificates(OFFICE, OTHER, TOP), 0),
    ("a certificate twice", "records", certificates(OFFICE, TOP, TOP), 1),
    (
        "16 certificates",
        "records",
        certificates(
            OFFICE, *(issue(n, f"{n}", ROOT, "root") for n in range(10, 25))
        ),
        0,
    ),
    (
        "17 certificates",
        "records",
        certificates(
            OFFICE, *(issue(n, f"{n}", ROOT, "root") for n in range(10, 26))
        ),
        1,
    ),
    ("the root first", "files", pem_of(TOP, OFFICE), 1),
    ("the root is missing in signer.pem", "files", pem_of(OFFICE), 1),
    ("another one in signer.pem", "files", pem_of(OFFICE, TOP, OTHER), 1),
    ("CR in signer.pem", "files", pem(lambda b: b.replace(b"\n", b"\r\n")), 1),
    ("text in signer.pem", "files", pem(lambda b: b"office\n" + b), 1),
    ("an empty line in signer.pem", "files", pem(lambda b: b + b"\n"), 1),
    ("no last LF in signer.pem", "files", pem(lambda b: b[:-1]), 1),
    ("long lines in signer.pem", "files", pem(long_lines), 1),
    ("nothing in signer.pem", "files", pem(lambda b: b""), 1),
    (
        "another label in signer.pem",
        "files",
        pem(lambda b: b.replace(b"CERT", b"X509 CERT")),
        1,
    ),
    (
        "another certificate in bag-info.txt",
        "files",
        change(
            "files",
            "bag-info.txt",
            replace(OFFICE.sha256().encode(), TOP.sha256().encode()),
        ),
        1,
    ),
    (
        "no certificate in bag-info.txt",
        "files",
        change(
            "files",
            "bag-info.txt",
            replace(
                b"Dossier-Signer-Certificate: sha256:"
                + OFFICE.sha256().encode()
                + b"\n",
                b"",
            ),
        ),
        1,
    ),
)


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


# --- time stamps: 5.6 -----------------------------------------------------------


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


def token_breaks() -> list[Break]:
    """CMS and time stamps."""
    result = [
        Break("5.3", f"CMS: {name}", stage, action, "certified", status)
        for name, stage, action, status in CMS
    ]
    result += [
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
