#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""threats.py --dossier PROGRAM

Grafts tricks that other programs fell for on to valid, sealed archives, and
asks `dossier verify` for the reason why it refuses them; where that is the
container's, `verify --layer zip` is asked as well. The numbers are those of
docs/SECURITY.md. Beside each trick stands the same archive without it, which
must pass. Prints a line a check: "ok TEXT" or "not TEXT: what was found".
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True

import ed25519  # noqa: E402
import keys  # noqa: E402
import maker  # noqa: E402
import mutate  # noqa: E402
import samples  # noqa: E402
from breaking import INTACT, Break  # noqa: E402

RESIDENT = 32 << 10  # KiB: what a bomb may cost
# A process inherits what the one that started it has had in memory: so a small
# one starts it.
MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
Trick = tuple[str, str]  # a broken rule by name, a finding
ROWS: tuple[tuple[int, str, tuple[Trick, ...]], ...] = (
    (1, "headers differ", (
        *((f"local header, byte {i}", "zip/") for i in range(4, 30)),
        *((f"central header, byte {i}", "zip/") for i in range(4, 46)),
    )),
    (2, "names twice", (
        ("a document twice", "zip/duplicate"),
        ("a document twice, other content", "zip/duplicate"),
    )),
    (3, "hidden bytes", (
        ("a program before the start", "zip/not-a-zip"),
        ("a byte before the start", "zip/not-a-zip"),
        ("a byte between members", "zip/bad-record"),
        ("a byte before the directory", "zip/bad-record"),
        ("a header too few", "zip/directory"),
        ("a byte at the end", "zip/trailing-data"),
        ("two end records", "zip/trailing-data"),
        ("an end record in the comment", "zip/comment"),
    )),
    (4, "counts lie", (
        *((f"end record, byte {i}", "zip/end-record") for i in range(8, 20)),
        ("a header twice", "zip/directory"),
        ("no directory", "zip/directory"),
    )),
    (5, "ZIP64", (
        ("ZIP64 sizes that fit", "zip/zip64"),
        ("ZIP64 end record for small numbers", "zip/zip64"),
        ("extra field: ZIP64, empty", "zip/zip64"),
        ("a ZIP64 locator and no record", "zip/bad-record"),
        ("0xFFFF members and no ZIP64", "zip/end-record"),
    )),
    (6, "data descriptors", (("a data descriptor", "zip/flags"),)),
    (7, "extra fields and comments", (
        ("extra field: Unicode path", "zip/extra-field"),
        ("extra field: Unicode path, directory", "zip/extra-field"),
        ("extra field: time", "zip/extra-field"),
        ("a comment", "zip/comment"),
        ("a comment of a member", "zip/bad-record"),
    )),
    (8, "members overlap", (
        ("a member inside another", "zip/"),
        ("two headers for one member", "zip/directory"),
    )),
    (9, "bombs", (
        ("64 MiB in a member of a thousand bytes", "zip/deflate"),
        ("a size of 2^60", "zip/limit"),
    )),
    (10, "archives in archives", (("archives in archives", ""),)),
    (11, "encrypted, or an odd method", (
        ("flags: encrypted", "zip/flags"),
        ("flags: strong encryption", "zip/flags"),
        ("flags: UTF-8", "zip/flags"),
        ("method 9", "zip/method"),
        ("method 12", "zip/method"),
        ("method 99: AES", "zip/method"),
    )),
    (12, "folders and labels", (
        ("name 'a/'", "zip/unsafe-name"),
        ("attributes: folder", "zip/attributes"),
        ("attributes: volume label", "zip/attributes"),
    )),
    (13, "deflate", (
        ("a byte behind the stream", "zip/deflate"),
        ("a second stream", "zip/deflate"),
        ("a stream without its last byte", "zip/deflate"),
        ("no final block", "zip/deflate"),
        ("one byte of content more", "zip/deflate"),
        ("one byte of content less", "zip/deflate"),
        ("CRC-32 of something else", "zip/crc"),
        ("deflate: length symbol 286", "zip/deflate"),
        ("deflate: length symbol 287", "zip/deflate"),
        ("deflate: distance symbol 30", "zip/deflate"),
        ("deflate: distance symbol 31", "zip/deflate"),
    )),
    (14, "fields that nobody hashes", (
        ("a time", "zip/time"),
        ("another date", "zip/time"),
        ("attributes: executable", "zip/attributes"),
        ("made by DOS", "zip/version"),
        ("version needed 45", "zip/version"),
    )),
    (16, "paths that lead out", tuple(
        (f"name {name!r}", "zip/unsafe-name")
        for name in ("..", "x/../y", "/a", "a\\b", "a//b", "a:b")
    )),
    (17, "links", (("attributes: symbolic link", "zip/attributes"),)),
    (18, "names of Windows", tuple(
        (f"name {name!r}", "zip/unsafe-name")
        for name in ("con", "Aux.txt", "LPT9.a.b", "nul/x", "a.", "b./c",
                     "a b", "a:b")
    )),
    (19, "names that differ in case", (
        ("names ('Same', 'same')", "zip/duplicate"),
        ("names ('x/Y', 'x/y')", "zip/duplicate"),
    )),
    (20, "names that deceive the eye", (
        ("a name that is turned round", "zip/unsafe-name"),
        ("a name in another alphabet", "zip/unsafe-name"),
        ("a name with an invisible space", "zip/unsafe-name"),
    )),
    (21, "a file that is a folder; long paths", (
        ("names ('x', 'x/y')", "bag/order"),
        ("names ('X', 'x/y')", "bag/order"),
        (f"name {'n' * 20!r}", "zip/unsafe-name"),
        (f"name {('d/' * 10)!r}", "zip/unsafe-name"),
        (f"name {('x/' * 10)!r}", "zip/unsafe-name"),
    )),
    (22, "names that are commands", (
        ("name 'a\\n'", "zip/unsafe-name"),
        ("name '-a'", "zip/unsafe-name"),
        ("a name that is a formula", "zip/unsafe-name"),
        ("a name with an escape", "zip/unsafe-name"),
    )),
    (25, "manifests that disagree", (
        ("manifest-sha256.txt: a line less", "bag/unlisted"),
        ("manifest-sha256.txt: the last line less", "bag/unlisted"),
        ("tagmanifest-sha256.txt: a line less", "bag/unlisted"),
        ("tagmanifest-sha256.txt: a line too much", "bag/missing"),
        ("a digest of something else, document", "bag/digest-mismatch"),
        ("a digest of something else, tag file", "bag/digest-mismatch"),
        ("a tag file that is not listed", "bag/unlisted"),
    )),
    (26, "a path twice, or in another form", (
        ("manifest-sha256.txt: a line twice", "bag/malformed-line"),
        ("manifest-sha256.txt: ./ before a path", "bag/malformed-line"),
        ("manifest-sha256.txt: a star", "bag/malformed-line"),
        ("name 'a%41'", "zip/unsafe-name"),
    )),
    (27, "fetch.txt", (("a member fetch.txt", "bag/fetch"),)),
    (28, "other digests", (
        ("a member manifest-sha512.txt", "bag/unexpected"),
        ("a member tagmanifest-sha512.txt", "bag/unexpected"),
        ("manifest-sha256.txt: upper case", "bag/malformed-line"),
    )),
    (29, "encodings of tag files", (
        ("bagit.txt: b'\\xef\\xbb\\xbfBagIt'", "bag/declaration"),
        ("bagit.txt: b'\\r\\n'", "bag/declaration"),
        ("bag-info.txt: b'\\r\\n'", "bag/info"),
        ("manifest-sha256.txt: CR", "bag/malformed-line"),
        ("manifest-sha256.txt: a tab", "bag/malformed-line"),
        ("statement: in UTF-16", "json/statement"),
        ("statement: a byte order mark", "json/statement"),
    )),
    (30, "numbers that are not those of the content", (
        ("bag-info.txt: b'Payload-Oxum: 01'", "bag/info"),
        ("counts of documents", "bag/statement-counts"),
        ("counts of bytes", "bag/statement-counts"),
        ("counts of gaps", "bag/statement-counts"),
        ("bag-info.txt: b'Bagging-Date: 2026-01-03'", "bag/info"),
    )),
    (31, "signatures taken off", (
        ("without the seal", "seal/missing"),
        ("without the SSH signature", "sign/missing"),
        ("statement: attestations=[]", "seal/undeclared"),
    )),
    (32, "keys of one's own", (
        ("another key with the same id", "seal/signature"),
        ("another key in all places", "seal/signature"),
        ("another key id in the key", "seal/key"),
    )),
    (33, "other algorithms", (
        ("seal: the algorithm Ed", "seal/malformed"),
        ("seal.pub: another algorithm", "seal/key"),
        ("SSH: sha256", "sign/invalid"),
        ("SSH: another algorithm", "sign/invalid"),
        ("seal: version 01", "seal/malformed"),
    )),
    (34, "a manifest beside the signed one", (
        ("two tag manifests", "zip/duplicate"),
        ("a seal over another tag manifest", "seal/signature"),
    )),
    (35, "signatures made for something else", (
        ("the seal of another archive", "seal/signature"),
        ("seal: another request", "seal/identity"),
        ("seal: another id", "seal/identity"),
        ("SSH: signed for a commit", "sign/invalid"),
        ("SSH: another namespace", "sign/invalid"),
    )),
    (36, "other texts of the same signature", (
        ("seal: another first line", "seal/malformed"),
        ("seal: CR", "seal/malformed"),
        ("seal: an unused bit", "seal/malformed"),
        ("seal: a fifth line", "seal/malformed"),
        ("seal: another trusted comment", "seal/malformed"),
    )),
    (37, "points and numbers of Ed25519", (
        ("a key with torsion", "seal/key"),
        ("a key of small order", "seal/key"),
        ("R of small order", "seal/signature"),
        ("seal: S and the order, first", "seal/signature"),
        ("seal: S and the order, second", "seal/signature"),
        ("SSH: S and the order", "sign/invalid"),
    )),
    (38, "a stamp for something else", (
        ("stamp: over something else", "time/imprint"),
        ("a renewal over the seal", "time/imprint"),
        ("a stamp twice", "time/imprint"),
        ("stamp: no policy", "time/invalid"),
    )),
    (39, "a stamp by somebody else", (
        ("stamp: a certificate by somebody else", "time/invalid"),
        ("stamp: a certificate too many", "time/invalid"),
        ("stamp: no certificate named", "time/invalid"),
        ("stamp: no use for time stamps", "time/invalid"),
        ("stamp: a use that is not critical", "time/invalid"),
        ("stamp: two uses", "time/invalid"),
        ("stamp: signed by another key", "time/invalid"),
        ("stamp: a path over no authority", "time/invalid"),
    )),
    (40, "a stamp of another time", (
        ("stamp: after the certificates", "time/invalid"),
        ("stamp: before the certificates", "time/invalid"),
        ("stamp: an expired certificate", "time/invalid"),
        ("stamp: the future", "time/clock-skew"),
        ("stamp: before it was packed", "time/clock-skew"),
    )),
    (41, "faults of CMS", (
        ("CMS: indefinite length", "sign/invalid"),
        ("CMS: another digest", "sign/invalid"),
        ("CMS: an attribute twice", "sign/invalid"),
        ("CMS: no signing time", "sign/invalid"),
        ("CMS: content inside", "sign/invalid"),
        ("CMS: a certificate that may not sign", "sign/invalid"),
    )),
    (42, "what parsers choke on", (
        ("CMS: 20,000 elements deep", "sign/invalid"),
        ("stamp: more than 64 KiB", "bag/limit"),
        ("SSH: more than 64 KiB", "bag/limit"),
        ("a statement of more than 1 MiB", "bag/limit"),
        ("statement: deep", "json/statement"),
    )),
    (45, "rolled back", (
        ("sequence 2, nothing before", "bag/statement"),
        ("sequence 1, one before", "bag/statement"),
    )),
    (49, "texts that are read in two ways", (
        ("line: a key twice", "json/documents"),
        ("text: half of a surrogate pair", "json/documents"),
        ("text: an overlong form", "json/documents"),
        ("text: NUL", "json/documents"),
        ("statement: a key twice", "json/statement"),
        ("request: a key twice", "json/request"),
    )),
)  # fmt: skip
WARNINGS = ("time/clock-skew",)  # told, and no reason to refuse
BREAKS: dict[str, Break] = {}
for one in mutate.BREAKS:
    BREAKS.setdefault(one.name, one)


class Judge:
    """Asks dossier verify, in a folder of its own."""

    def __init__(self, dossier: str, folder: Path) -> None:
        self.dossier, self.folder = dossier, folder
        key = keys.write_public_key(
            maker.KEY_ID, ed25519.public_key(maker.SEED)
        )
        (folder / "key.pub").write_bytes(key)

    def ask(self, data: bytes, *options: str) -> tuple[int, set[str]]:
        """Exit status and findings, with --trust or --layer zip."""
        (self.folder / "a.zip").write_bytes(data)
        result = subprocess.run(
            [self.dossier, "verify", "--json", *options, "a.zip"],
            cwd=self.folder,
            capture_output=True,
            check=False,
        )
        lines = map(json.loads, result.stdout.splitlines())
        found = {item["id"] for item in lines if item["type"] == "finding"}
        return result.returncode, found

    def resident(self, data: bytes) -> int:
        """The most memory that it took, in KiB; 0 under a sanitizer."""
        program = Path(self.dossier).parent / "dossier-verifier"
        if b"__asan_init" in program.read_bytes():
            return 0
        (self.folder / "a.zip").write_bytes(data)
        verify = [self.dossier, "verify", "--json", "a.zip"]
        result = subprocess.run(
            [sys.executable, "-S", "-c", MEASURE, *verify],
            cwd=self.folder,
            capture_output=True,
            check=True,
        )
        return int(result.stdout)

    def refuses(self, data: bytes, finding: str, *options: str) -> str | None:
        """None when it does, for this reason; else what it said."""
        status, found = self.ask(data, *options)
        good = any(item.startswith(finding) for item in found)
        wanted = 0 if finding in WARNINGS else 1
        return None if status == wanted and good else f"{status} {found}"

    def accepts(self, data: bytes, *options: str) -> str | None:
        """None when it does; else what it said."""
        status, found = self.ask(data, *options)
        return None if status == 0 else f"{status} {found}"


def say(row: int, text: str, wrong: str | None) -> None:
    """A line about a check."""
    if wrong is None:
        print(f"ok row {row}: {text}", flush=True)
    else:
        print(f"not row {row}: {text}: {wrong}", flush=True)


def try_trick(judge: Judge, row: int, name: str, finding: str) -> str:
    """Both layers, and the sample that the trick was grafted on to."""
    trick = BREAKS[name]
    data = maker.make(samples.SAMPLES[trick.sample](), trick.hook)
    if trick.exit == INTACT and finding not in WARNINGS:
        say(row, name, judge.accepts(data, "--trust", "key.pub"))
        return trick.sample
    say(row, name, judge.refuses(data, finding, "--trust", "key.pub"))
    if row == 9:
        most = judge.resident(data)
        wrong = None if most <= RESIDENT else f"{most} KiB"
        say(row, f"{name}: in 32 MiB", wrong)
    # what is told of names and members of the format is no matter of the layer
    if finding.startswith("zip/"):
        wrong = judge.refuses(data, "zip/", "--layer", "zip")
        say(row, f"{name}: the container alone", wrong)
    return trick.sample


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossier", required=True)
    dossier = str(Path(parser.parse_args().dossier).resolve())
    with tempfile.TemporaryDirectory() as name:
        judge = Judge(dossier, Path(name))
        good: dict[str, str | None] = {}
        for sample, draft in samples.SAMPLES.items():
            data = maker.make(draft())
            good[sample] = judge.accepts(
                data, "--trust", "key.pub"
            ) or judge.accepts(data, "--layer", "zip")
        for row, text, tricks in ROWS:
            bases = {try_trick(judge, row, *trick) for trick in tricks}
            for base in sorted(bases):
                say(row, f"{text}: the control, {base}", good[base])
    return 0


if __name__ == "__main__":
    sys.exit(main())
