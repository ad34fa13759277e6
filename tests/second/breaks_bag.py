# SPDX-License-Identifier: ISC
"""Broken rules of FORMAT.md section 3, and the bounds of 2.6."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import bag
import maker
import names
from breaking import (
    INCOMPLETE,
    INTACT,
    Action,
    Break,
    both,
    change,
    drop,
    put,
    replace,
)
from maker import Draft, Entry, document

DOC = "data/files/a.txt"


def add(path: str, content: bytes = b"x\n") -> Action:
    """One more tag file."""
    return put("files", path, content)


def add_late(path: str, content: bytes = b"x\n") -> Action:
    """One more member that is no tag file, before the seal."""

    def action(draft: Draft) -> None:
        draft.files[path] = content
        draft.order.append(path)

    return action


def stamp(path: str, content: bytes) -> Action:
    """A member behind the seal."""

    def action(draft: Draft) -> None:
        draft.files[path] = content
        draft.entries.append(new_entry(draft, path))

    return action


def new_entry(draft: Draft, path: str) -> Entry:
    """A stored member."""
    return maker.new_entry(draft, path)


def unlisted(path: str) -> Action:
    """A tag file that the tag manifest does not know."""

    def action(draft: Draft) -> None:
        draft.files[path] = b"x\n"
        draft.order = [*draft.order, path]
        draft.order.sort(
            key=lambda item: (names.kind_of(item), names.fold(item))
        )

    return action


def without(path: str) -> Action:
    """A tag file is missing, and the tag manifest knows that."""
    return drop("files", path)


def swap(one: str, other: str) -> Action:
    """Two members change places."""

    def action(draft: Draft) -> None:
        i, j = draft.order.index(one), draft.order.index(other)
        draft.order[i], draft.order[j] = other, one

    return action


def moved(draft: Draft) -> None:
    """A document moves, and its line says so."""
    draft.payload["data/other/a.txt"] = draft.payload.pop(DOC)
    draft.documents[0]["path"] = "data/other/a.txt"


def top(name: str) -> Action:
    """Another name of the archive."""
    return put("top", name)


def in_other_top(draft: Draft) -> None:
    """The last member before the seal lies in another folder."""
    draft.entries[-1].member.name = draft.entries[-1].member.name.replace(
        "bag/", "baG/"
    )


def page(size: int) -> Action:
    """A page of so many bytes."""
    path = "START-HERE.html"
    return both(
        put("files", path, b" " * size), lambda d: d.deflated.add(path)
    )


def text(
    path: str, *pairs: tuple[bytes, bytes]
) -> Iterator[tuple[str, Action]]:
    """A tag file with something else in it."""
    for old, new in pairs:
        yield f"{path}: {new!r}", change("files", path, replace(old, new))


BAG_INFO = (
    (b"Bagging-Date: 2026-01-02", b"Bagging-Date: 2026-01-03"),
    (b"Bagging-Date", b"bagging-date"),
    (b"-02\n", b"-02 \n"),
    (b": 2026", b":2026"),
    (b": 2026", b":  2026"),
    (b"\n", b"\r\n"),
    (b"Identifier: 0", b"Identifier: 1"),
    (b"Payload-Oxum: 1", b"Payload-Oxum: 01"),
    (b".4\n", b".5\n"),
    (b".4\n", b"\n"),
    (b"dossier/1", b"dossier/2"),
    (b"dossier/1\n", b"dossier/1\nContact-Name: me\n"),
    (b"ed25519:", b"ED25519:"),
    (b"ed25519:5", b"ed25519:6"),
    (b"Dossier-Format: dossier/1\n", b""),
    (b"Bagging-Date: 2026-01-02\n", b""),
    (b"External-Identifier: 01234567", b"External-Identifier:\n 01234567"),
    (b"External-", b"Internal-Sender-Identifier: REQ-1\nExternal-"),
)
BAGIT = (
    (b"1.0", b"0.97"),
    (b"UTF-8", b"utf-8"),
    (b"\n", b"\r\n"),
    (b"UTF-8\n", b"UTF-8"),
    (b"BagIt", b"\xef\xbb\xbfBagIt"),
    (b"UTF-8\n", b"UTF-8\n\n"),
)
# of manifest-sha256.txt and tagmanifest-sha256.txt
LINES: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("upper case", lambda b: b[:64].upper() + b[64:]),
    ("one space", lambda b: b.replace(b"  ", b" ", 1)),
    ("a star", lambda b: b.replace(b"  ", b" *", 1)),
    ("a tab", lambda b: b.replace(b"  ", b"\t", 1)),
    ("CR", lambda b: b.replace(b"\n", b"\r\n", 1)),
    ("no last LF", lambda b: b[:-1]),
    ("an empty line", lambda b: b + b"\n"),
    ("a line less", lambda b: b[b.index(b"\n") + 1 :]),
    ("the last line less", lambda b: b[: b[:-1].rindex(b"\n") + 1]),
    ("a line twice", lambda b: b[: b.index(b"\n") + 1] + b),
    ("a line too much", lambda b: b + b"0" * 64 + b"  data/files/none\n"),
    ("another order", lambda b: b"".join(b.splitlines(True)[::-1])),
    ("./ before a path", lambda b: b.replace(b"  ", b"  ./", 1)),
    ("another digest", lambda b: bytes([b[0] ^ 1]) + b[1:]),
    ("nothing", lambda b: b""),
)

BAD_MEMBERS = (
    "fetch.txt", "manifest-sha512.txt", "tagmanifest-sha512.txt", "README",
    "x/y", "dossier/other.json", "dossier/erasure.jsonl",
    "dossier/request.json", "dossier/connectors/svc.json",
    "dossier/connectors/a/b.json", "keys/other.pub", "keys/signer.pem",
    "START-HERE.nl.html", "START-HERE.nld.html", "START-HERE.NL.html",
    "START-HERE.txt", "tables/a.csv", "tables/a.b.txt", "tables/.b.csv",
    "tables/a..b.csv", "tables/a.CSV", "tables/a.b/c.csv", "tables/con.b.csv",
    "tables/a.con.csv", "data/x", "VERIFY.TXT", "start-here.html",
)  # fmt: skip
GOOD_MEMBERS = ("tables/a.b.csv", "tables/a.b.c.json", "tables/A-1.b_2.csv")
LATE = (
    "signatures/other.sig", "signatures/renewal-00.tsr", "signatures/x.tsr",
    "signatures/renewal-1.tsr", "signatures/tagmanifest-sha256.txt.p7s",
    "signatures/tagmanifest-sha256.txt.minisig.tsr",
)  # fmt: skip
BEHIND = (
    "signatures/renewal-00.tsr", "signatures/renewal-100.tsr", "signatures/x",
    "VERIFY.txt", "data/files/z", "signatures/tagmanifest-sha256.txt.sig",
    "signatures/tagmanifest-sha256.txt.minisig",
)  # fmt: skip
ALWAYS = (
    "bagit.txt", "bag-info.txt", "VERIFY.txt", "START-HERE.html",
    "dossier/statement.json", "dossier/documents.jsonl",
    "dossier/exchanges.jsonl", "dossier/gaps.jsonl", "keys/seal.pub",
    "keys/allowed_signers",
)  # fmt: skip
KEEP_EMPTY = {"dossier/documents.jsonl", "dossier/gaps.jsonl"}


def no_documents(draft: Draft) -> None:
    """NO-DOCUMENTS.txt, although there are some."""
    draft.payload[names.NO_DOCUMENTS] = bag.NO_DOCUMENTS


def nothing(draft: Draft) -> None:
    """No payload at all, and manifests that say so."""
    del draft.payload[names.NO_DOCUMENTS]


def listed_no_documents(draft: Draft) -> None:
    """NO-DOCUMENTS.txt gets a line as if it were a document."""
    content = bag.NO_DOCUMENTS
    draft.payload[names.NO_DOCUMENTS] = content
    draft.documents.append(document(names.NO_DOCUMENTS, content, name="x"))


def place_breaks() -> Iterator[Break]:
    """3.1: which members there are."""
    for path in BAD_MEMBERS:
        yield Break("3.1", f"a member {path}", "files", add(path))
    for path in GOOD_MEMBERS:
        yield Break("3.1", f"a member {path}", "files", add(path), exit=INTACT)
    for path in LATE:
        yield Break(
            "3.1", f"before the seal: {path}", "signed", add_late(path)
        )
    for path in BEHIND:
        yield Break(
            "3.1", f"behind the seal: {path}", "entries", stamp(path, b"x")
        )
    for path in ALWAYS:
        yield Break("3.1", f"without {path}", "files", without(path))
    for path in ("manifest-sha256.txt",):
        yield Break("3.1", f"without {path}", "manifest", without(path))


def text_breaks() -> Iterator[Break]:
    """3.3 to 3.5"""
    for name, function in LINES:
        path = "manifest-sha256.txt"
        yield Break(
            "3.3",
            f"{path}: {name}",
            "manifest",
            change("files", path, function),
        )
        path = "tag" + path
        yield Break(
            "3.3",
            f"{path}: {name}",
            "tagmanifest",
            change("files", path, function),
        )
    for name, action in text("bag-info.txt", *BAG_INFO):
        yield Break("3.5", name, "files", action)
    for name, action in text("bagit.txt", *BAGIT):
        yield Break("3.4", name, "files", action)


def sized(path: str, size: int) -> Action:
    """A tag file of so many bytes."""
    return put("files", path, b" " * size)


TABLE = [
    Break("3.1", "a name of 32 bytes", "records", top("n" * 32), exit=INTACT),
    Break("2.6", "a name of 33 bytes", "records", top("n" * 33)),
    Break("3.1", "a name with a slash", "records", top("a/b")),
    Break("2.4", "a name that is a device", "records", top("con")),
    Break("3.1", "two names of the archive", "body", in_other_top),
    Break("3.1", "no documents, and documents", "files", no_documents),
    Break("3.1", "neither documents nor the text", "files", nothing, "empty"),
    Break(
        "3.1",
        "NO-DOCUMENTS.txt, empty",
        "files",
        put("payload", names.NO_DOCUMENTS, b""),
        "empty",
    ),
    Break(
        "3.1",
        "NO-DOCUMENTS.txt, other words",
        "files",
        put("payload", names.NO_DOCUMENTS, b"none\n"),
        "empty",
    ),
    Break(
        "4.2",
        "NO-DOCUMENTS.txt as a document",
        "records",
        listed_no_documents,
        "empty",
    ),
    Break("3.1", "a document beside data/files", "records", moved),
    Break(
        "3.2",
        "documents in another order",
        "tagmanifest",
        swap(DOC, "data/files/b/empty"),
    ),
    Break(
        "3.2",
        "tag files in another order",
        "tagmanifest",
        swap("bagit.txt", "bag-info.txt"),
    ),
    Break(
        "3.2",
        "a tag file before a document",
        "tagmanifest",
        swap(DOC, "VERIFY.txt"),
    ),
    Break(
        "3.2",
        "tables in another order",
        "tagmanifest",
        swap("tables/svc.items.csv", "tables/svc.runs.json"),
        "case",
    ),
    Break(
        "3.2",
        "keys in another order",
        "tagmanifest",
        swap("keys/seal.pub", "keys/allowed_signers"),
    ),
    Break(
        "3.2",
        "the tag manifest before the manifest",
        "tagmanifest",
        swap("manifest-sha256.txt", "tagmanifest-sha256.txt"),
    ),
    Break(
        "3.3",
        "a tag file that is not listed",
        "tagmanifest",
        unlisted("tables/a.b.csv"),
    ),
    Break(
        "3.3",
        "the tag manifest lists a document",
        "tagmanifest",
        change(
            "files",
            "tagmanifest-sha256.txt",
            lambda b: b + b"0" * 64 + b"  data/files/a.txt\n",
        ),
    ),
    Break(
        "3.3",
        "a digest of something else, document",
        "files",
        put("digests", DOC, "0" * 64),
    ),
    Break(
        "3.3",
        "a digest of something else, tag file",
        "files",
        put("digests", "VERIFY.txt", "0" * 64),
    ),
    Break("2.6", "a page of 20 MiB", "files", page(20 << 20), exit=INTACT),
    Break("2.6", "a page of 20 MiB and a byte", "files", page((20 << 20) + 1)),
    Break(
        "3.6",
        "a page that is not UTF-8",
        "files",
        put("files", "START-HERE.html", b"\xff"),
        exit=INTACT,
    ),
    Break(
        "3.6",
        "no byte in VERIFY.txt",
        "files",
        put("files", "VERIFY.txt", b""),
        exit=INTACT,
    ),
    Break(
        "5.1",
        "a stamp, unsigned",
        "entries",
        stamp("signatures/renewal-01.tsr", b"x"),
        "unsigned",
    ),
    Break(
        "5.1",
        "a seal, unsigned",
        "entries",
        stamp(names.SEAL, b"x"),
        "unsigned",
    ),
    Break("3.1", "a key, unsigned", "files", add("keys/seal.pub"), "unsigned"),
    Break(
        "3.1",
        "tables, unsigned",
        "files",
        add("tables/a.b.csv"),
        "unsigned",
        INCOMPLETE,
    ),
    Break(
        "3.1",
        "allowed signers without a signature",
        "files",
        add("keys/allowed_signers"),
        "plain",
    ),
    Break(
        "3.1",
        "an SSH signature nobody states",
        "signed",
        add_late(names.SSHSIG),
        "plain",
    ),
    Break(
        "3.1",
        "no connector",
        "files",
        without("dossier/connectors/svc.json"),
        "case",
    ),
    Break(
        "3.1",
        "another connector",
        "files",
        add("dossier/connectors/two.json", b"{}"),
        "case",
    ),
    Break(
        "4.5",
        "a connector of other content",
        "files",
        change("files", "dossier/connectors/svc.json", lambda b: b + b" "),
        "case",
    ),
    Break(
        "3.1", "no request", "files", without("dossier/request.json"), "case"
    ),
    Break(
        "3.6", "a page too few", "files", without("START-HERE.nl.html"), "case"
    ),
    Break(
        "3.6", "a page too many", "files", add("START-HERE.de.html"), "case"
    ),
    Break(
        "2.6",
        "allowed signers of more than 64 KiB",
        "files",
        sized("keys/allowed_signers", (64 << 10) + 1),
    ),
]


def case_path(path: str, exit_status: int = 1) -> Break:
    """The last document of a case stands elsewhere."""

    def action(draft: Draft) -> None:
        old = draft.documents[-1]["path"]
        new = "data/documents/" + path
        content = draft.payload.pop(old)
        draft.payload[new] = content
        line = document(new, content)
        draft.documents[-1].update(path=new, salt=line["salt"])

    return Break(
        "3.1", f"document {path}", "records", action, "case", exit_status
    )


CASE_PATHS = [
    case_path("svc/runs/000001/000001000.x", INTACT),
    case_path("svc/runs/000001/000001000.abcdefgh", INTACT),
    case_path("svc/runs/000000/000000999.json", INTACT),
    case_path("svc/runs/999999/999999999.json", INTACT),
    case_path("svc/runs/000002/000001000.json"),
    case_path("svc/runs/000001/00001000.json"),
    case_path("svc/runs/00001/000001000.json"),
    case_path("svc/runs/000001/000001000"),
    case_path("svc/runs/000001/000001000.JSON"),
    case_path("svc/runs/000001/000001000.abcdefghi"),
    case_path("svc/runs/000001/000001000.a.b"),
    case_path("svc/runs/000001/x/000001000.json"),
    case_path("svc/runs/000001000.json"),
    case_path("svc/sprints/000001/000001000.json"),
    case_path("tvc/runs/000001/000001000.json"),
    case_path("../files/x"),
]


def bag_breaks() -> list[Break]:
    """All of section 3."""
    return [*TABLE, *CASE_PATHS, *place_breaks(), *text_breaks()]
