# SPDX-License-Identifier: ISC
"""Makes small archives by FORMAT.md, right or with one rule broken on purpose.

An archive is made in stages. Before each one the maker calls a hook with the
name of the stage; what a hook changes there, all later stages follow: digests,
counts, tree and signatures are those of what was changed, so that the one rule
that the hook breaks is the only broken one.
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import authority
import bag as bags
import canonical
import certificate
import container
import ed25519
import keys
import names
import records
import seal
from certificate import Certificate
from container import DEFLATED, STORED, Member
from keys import Signature
from records import Record

SEED = bytes(range(32))
KEY_ID = bytes(range(1, 9))
TIME = "2026-01-02T03:04:05Z"
STAGES = (
    "records",  # documents, exchanges, gaps, connectors, request as values
    "lists",  # the lists as texts
    "statement",  # the statement as a value
    "files",  # all tag files but the manifests, as texts
    "manifest",  # manifest-sha256.txt
    "tagmanifest",  # tagmanifest-sha256.txt
    "signed",  # the SSH and CMS signatures
    "body",  # the entries in front of the seal
    "facts",  # what the seal will say
    "seal",  # the seal as a text
    "stamp",  # a time stamp
    "entries",  # all entries
    "end",  # the directory and the end records
    "whole",  # the bytes of the file
)


@dataclass
class Entry:
    """A member in the file; headers follow from it, but for patches."""

    member: Member
    packed: bytes
    in_local: dict[int, bytes] = field(default_factory=dict)
    in_central: dict[int, bytes] = field(default_factory=dict)
    behind: bytes = b""  # what follows the packed bytes
    central_extra: bytes = b""

    def local(self) -> bytes:
        """Local header, packed bytes and what is behind them."""
        header = patched(container.local_header(self.member), self.in_local)
        return header + self.packed + self.behind

    def central(self) -> bytes:
        """The central header."""
        header = container.central_header(self.member) + self.central_extra
        return patched(header, self.in_central)


def patched(header: bytes, patches: dict[int, bytes]) -> bytes:
    """The header with other bytes in some places."""
    for offset, patch in patches.items():
        header = header[:offset] + patch + header[offset + len(patch) :]
    return header


@dataclass
class Draft:
    """An archive while it is made."""

    kind: str = "folder"
    top: str = "bag"
    attestations: list[str] = field(
        default_factory=lambda: ["minisign", "sshsig"]
    )
    payload: dict[str, bytes] = field(default_factory=dict)
    documents: list[Record] = field(default_factory=list)
    exchanges: list[Record] = field(default_factory=list)
    gaps: list[Record] = field(default_factory=list)
    erasures: list[Record] = field(default_factory=list)
    statement: Record = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)  # not payload
    digests: dict[str, str] = field(default_factory=dict)  # for the manifests
    deflated: set[str] = field(default_factory=set)
    packed: dict[str, bytes] = field(default_factory=dict)  # as they are
    order: list[str] = field(default_factory=list)
    signer: bytes = SEED  # of the seal
    key_id: bytes = KEY_ID
    entries: list[Entry] = field(default_factory=list)
    facts: seal.Facts | None = None
    comment: str = ""
    stamps: int = 0  # time stamps behind the seal
    stamp: bytes = b""
    stamped: bytes = b""  # what the stamp is over
    certificates: list[Certificate] = field(
        default_factory=lambda: [authority.OFFICE, authority.TOP]
    )
    untrusted: str = "dossier/1 seal"
    directory: bytes = b""
    end: bytes = b""
    whole: bytes = b""

    def entry(self, path: str) -> Entry:
        """The entry of a path."""
        return next(item for item in self.entries if item.member.path == path)


Hook = Callable[[str, Draft], None]


def quiet(_stage: str, _draft: Draft) -> None:
    """The hook that changes nothing."""


# --- records -----------------------------------------------------------------


def sha256(content: bytes) -> str:
    """SHA-256 as text."""
    return hashlib.sha256(content).hexdigest()


def document(path: str, content: bytes, **values: canonical.Value) -> Record:
    """A line of documents.jsonl."""
    salt = f"dossier/1 salt\n{path}\n{sha256(content)}"
    return {
        **dict.fromkeys(records.DOCUMENT),
        "path": path,
        "redactions": [],
        "salt": hmac.new(SEED, salt.encode(), "sha256").hexdigest(),
        "sha256": sha256(content),
        "size": len(content),
        **values,
    }


def sort_documents(draft: Draft) -> None:
    """Lines in the order of the payload."""
    draft.documents.sort(key=lambda item: names.fold(str(item["path"])))


def lines(items: list[Record]) -> bytes:
    """A list in canonical form."""
    return b"".join(canonical.write(item) + b"\n" for item in items)


def new_statement(draft: Draft) -> Record:
    """The statement over what the draft holds."""
    raw = draft.files["dossier/documents.jsonl"]
    leaves, root = records.tree_root(raw.splitlines(keepends=True))
    connectors = [
        {"key": path[19:-5], "sha256": sha256(content), "version": "1"}
        for path, content in sorted(draft.files.items())
        if path.startswith("dossier/connectors/")
    ]
    return {
        "attestations": draft.attestations,
        "connectors": connectors,
        "counts": {
            "bytes": sum(len(item) for item in draft.payload.values()),
            "documents": len(draft.documents),
            "exchanges": len(draft.exchanges),
            "gaps": len(draft.gaps),
        },
        "custody": custody(draft),
        "endpoints": endpoints(draft),
        "erasure": erasure(draft) if draft.kind == "receipt" else None,
        "folder": None,
        "format": records.FORMAT,
        "id": "01234567-89ab-4cde-8f01-23456789abcd",
        "kind": draft.kind,
        "languages": ["en"],
        "packed": TIME,
        "previous": None,
        "request": None,
        "sequence": 1,
        "software": "maker",
        "tree": {"leaves": leaves, "root": root},
        "version": "1",
    }


def erasure(draft: Draft) -> Record:
    """What a receipt is about, and its outcomes."""
    found = [item.get("outcome") for item in draft.erasures]
    return {
        "executed": True,
        "export": {
            "body_sha256": "4" * 64,
            "body_size": 12345,
            "id": "11234567-89ab-4cde-8f01-23456789abcd",
            "key_sha256": "5" * 64,
            "request": "REQ-1",
        },
        "outcomes": {
            word.replace("-", "_"): found.count(word)
            for word in records.OUTCOMES
        },
    }


def custody(draft: Draft) -> list[Record]:
    """What happened to the documents."""
    acts = ["packed"] + (["signed"] if draft.attestations else [])
    if draft.kind != "folder":
        acts = ["asked", "collected", *acts]
    return [
        {
            "account": None,
            "act": act,
            "by": None,
            "software": "maker",
            "time": TIME,
            "version": "1",
        }
        for act in acts
    ]


def endpoints(draft: Draft) -> list[Record]:
    """What was asked of each endpoint, and what came of it."""
    pairs = sorted(set(map(endpoint_of, draft.exchanges)))
    return [
        {
            "asked": count_of(draft.exchanges, pair),
            "connector": pair[0],
            "documents": count_of(draft.documents, pair),
            "endpoint": pair[1],
            "gaps": count_of(draft.gaps, pair),
            "ignored": 0,
            "left_out": 0,
        }
        for pair in pairs
    ]


def endpoint_of(item: Record) -> tuple[str, str]:
    """Connector and endpoint of a record, which may be a bad one."""
    return str(item.get("connector")), str(item.get("endpoint"))


def count_of(items: list[Record], pair: tuple[str, str]) -> int:
    """How many records are of an endpoint."""
    return sum(endpoint_of(item) == pair for item in items)


# --- stages ------------------------------------------------------------------


def make(draft: Draft, hook: Hook = quiet) -> bytes:
    """The bytes of the archive."""
    hook("records", draft)
    make_lists(draft)
    hook("lists", draft)
    make_statement(draft)
    hook("statement", draft)
    make_files(draft)
    hook("files", draft)
    make_manifests(draft, hook)
    make_signatures(draft)
    hook("signed", draft)
    make_body(draft)
    hook("body", draft)
    make_seal(draft, hook)
    make_stamps(draft, hook)
    hook("entries", draft)
    make_end(draft)
    hook("end", draft)
    body = b"".join(entry.local() for entry in draft.entries)
    draft.whole = body + draft.directory + draft.end
    hook("whole", draft)
    return draft.whole


def make_lists(draft: Draft) -> None:
    """The three lists."""
    draft.files["dossier/documents.jsonl"] = lines(draft.documents)
    draft.files["dossier/exchanges.jsonl"] = lines(draft.exchanges)
    draft.files["dossier/gaps.jsonl"] = lines(draft.gaps)
    if draft.kind == "receipt":
        draft.files["dossier/erasure.jsonl"] = lines(draft.erasures)


def make_statement(draft: Draft) -> None:
    """The statement; what the draft has set already stays."""
    draft.statement = {**new_statement(draft), **draft.statement}
    if draft.kind == "folder":
        draft.statement["folder"] = {
            "empty_folder_count": 0,
            "empty_folders": [],
        }


def make_files(draft: Draft) -> None:
    """All tag files but manifest-sha256.txt."""
    statement, files = draft.statement, draft.files
    files["dossier/statement.json"] = canonical.write(statement) + b"\n"
    files["START-HERE.html"] = b"<!DOCTYPE html><title>Answer</title>\n"
    for word in statement["languages"][1:]:
        files[
            f"START-HERE.{word}.html"
        ] = b"<!DOCTYPE html><title>More</title>\n"
    files["VERIFY.txt"] = b"How to check this archive.\n"
    files["bagit.txt"] = bags.BAGIT
    if not draft.payload:
        draft.payload = {names.NO_DOCUMENTS: bags.NO_DOCUMENTS}
    labels = {}
    key = ed25519.public_key(draft.signer)
    if "minisign" in statement["attestations"]:
        files["keys/seal.pub"] = keys.write_public_key(draft.key_id, key)
        labels["Dossier-Seal-Key"] = "ed25519:" + sha256(key)
    if "cms" in statement["attestations"]:
        labels["Dossier-Signer-Certificate"] = (
            "sha256:" + draft.certificates[0].sha256()
        )
        files["keys/signer.pem"] = certificate.write_pem(
            [item.raw for item in draft.certificates]
        )
    if "sshsig" in statement["attestations"]:
        files["keys/allowed_signers"] = keys.allowed_signers(key)
    files["bag-info.txt"] = bags.bag_info(
        statement, payload_bag(draft), labels
    )


def payload_bag(draft: Draft) -> bags.Bag:
    """The payload alone, to take its sizes."""
    return bags.Bag(
        [
            Member(f"{draft.top}/{path}", 0, STORED, 0, len(content))
            for path, content in draft.payload.items()
        ]
    )


def sorted_paths(paths: list[str]) -> list[str]:
    """Paths in the order of 3.2."""
    return sorted(
        paths, key=lambda path: (names.kind_of(path), names.fold(path))
    )


def manifest(draft: Draft, paths: list[str]) -> bytes:
    """Lines of a manifest, with digests that a hook may have set."""
    content = {**draft.payload, **draft.files}
    digests = {path: sha256(content[path]) for path in paths} | draft.digests
    return "".join(f"{digests[path]}  {path}\n" for path in paths).encode(
        "utf-8"
    )


def make_manifests(draft: Draft, hook: Hook) -> None:
    """Both manifests; draft.order is the order of all members after them."""
    documents = sorted_paths(list(draft.payload))
    draft.files["manifest-sha256.txt"] = manifest(draft, documents)
    hook("manifest", draft)
    tags = sorted_paths(list(draft.files))
    draft.files["tagmanifest-sha256.txt"] = manifest(draft, tags)
    draft.order = [*documents, *tags, "tagmanifest-sha256.txt"]
    hook("tagmanifest", draft)


def make_signatures(draft: Draft) -> None:
    """The SSH and the CMS signature."""
    if "sshsig" in draft.statement["attestations"]:
        message = keys.ssh_message(draft.files["tagmanifest-sha256.txt"])
        signature = ed25519.sign(draft.signer, message)
        key = ed25519.public_key(draft.signer)
        draft.files[names.SSHSIG] = keys.write_sshsig(key, signature)
        draft.order.append(names.SSHSIG)
    if "cms" in draft.statement["attestations"]:
        manifest = draft.files["tagmanifest-sha256.txt"]
        draft.files[names.CMS] = authority.sign(manifest, draft.certificates)
        draft.order.append(names.CMS)


def new_entry(draft: Draft, path: str) -> Entry:
    """A member, deflated when it shall be."""
    content = (
        draft.payload[path] if path in draft.payload else draft.files[path]
    )
    packed, method = content, STORED
    if path in draft.packed:
        packed, method = draft.packed[path], DEFLATED
    elif path in draft.deflated:
        stream = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed, method = stream.compress(content) + stream.flush(), DEFLATED
    member = Member(
        f"{draft.top}/{path}", 0, method, len(packed), len(content)
    )
    member.crc = zlib.crc32(content)
    return Entry(member, packed)


def make_body(draft: Draft) -> None:
    """The entries before the seal."""
    draft.entries = [new_entry(draft, path) for path in draft.order]
    place(draft)


def place(draft: Draft) -> None:
    """Gives each entry its offset."""
    offset = 0
    for entry in draft.entries:
        entry.member.offset = offset
        offset += len(entry.local())


def make_seal(draft: Draft, hook: Hook) -> None:
    """The seal over what stands before it."""
    if "minisign" not in draft.statement["attestations"]:
        return
    place(draft)
    body = b"".join(entry.local() for entry in draft.entries)
    statement = draft.statement
    draft.facts = seal.Facts(
        statement["id"],
        statement["request"],
        len(draft.entries),
        len(body),
        sha256(body),
        statement["tree"]["leaves"],
        statement["tree"]["root"],
    )
    draft.comment = draft.facts.comment()
    hook("facts", draft)
    draft.files[names.SEAL] = seal_text(draft)
    hook("seal", draft)
    draft.entries.append(new_entry(draft, names.SEAL))


def seal_text(draft: Draft) -> bytes:
    """The four lines."""
    message = draft.files["tagmanifest-sha256.txt"]
    digest = hashlib.blake2b(message, digest_size=64).digest()
    first = ed25519.sign(draft.signer, digest)
    second = ed25519.sign(draft.signer, first + draft.comment.encode("ascii"))
    return keys.write_signature(
        Signature(draft.untrusted, draft.key_id, first, draft.comment, second)
    )


def make_stamps(draft: Draft, hook: Hook) -> None:
    """Time stamps: the first over the seal, others over all before them."""
    for number in range(draft.stamps):
        path = f"signatures/renewal-{number:02}.tsr" if number else names.STAMP
        body = b"".join(entry.local() for entry in draft.entries)
        draft.stamped = body if number else draft.files[names.SEAL]
        draft.stamp = authority.stamp(draft.stamped)
        hook("stamp", draft)
        draft.files[path] = draft.stamp
        draft.entries.append(new_entry(draft, path))


def make_end(draft: Draft) -> None:
    """The directory and the end records."""
    place(draft)
    draft.directory = b"".join(entry.central() for entry in draft.entries)
    size = sum(len(entry.local()) for entry in draft.entries)
    draft.end = container.end_records(
        len(draft.entries), len(draft.directory), size
    )
