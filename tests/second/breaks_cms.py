# SPDX-License-Identifier: ISC
"""Broken rules of FORMAT.md 5.3: the CMS signature and its certificates."""

from __future__ import annotations

from collections.abc import Callable

import authority
import certificate
import cms
import der
import names
import stamps
from authority import OFFICE, ROOT, SIGNER, STAMPER, TOP, issue, time, wrapped
from breaking import Action, Break, change, put, replace
from certificate import Certificate
from classic import ECDSA, HASHES
from maker import Draft

PEM = "keys/signer.pem"
MANIFEST = "tagmanifest-sha256.txt"
NULL = der.write(der.NULL)


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


def cms_breaks() -> list[Break]:
    """All of them."""
    return [
        Break("5.3", f"CMS: {name}", stage, action, "certified", status)
        for name, stage, action, status in CMS
    ]
