# SPDX-License-Identifier: ISC
"""The keys that the user trusts, and when: FORMAT.md 5.4.

Roots of certificates and of time stamps are not taken: the time that counts is
the present, and what they would add never makes an archive less intact.
"""

from __future__ import annotations

import datetime
import os
import re
from dataclasses import dataclass
from pathlib import Path

import fields
import keys
from finding import Broken

BOUND = re.compile(r"(not_before|not_after|revoked_at): (.*)", re.ASCII)


@dataclass(frozen=True)
class TrustedKey:
    """A key, and the bounds of the trust in it."""

    key: bytes
    bounds: dict[str, str]

    def counts(self, now: str) -> bool:
        """Whether the key counts now: no stamp shows that it was earlier."""
        return (
            "revoked_at" not in self.bounds
            and moment(self.bounds.get("not_before", now)) <= moment(now)
            and moment(now) <= moment(self.bounds.get("not_after", now))
        )


def moment(time: str) -> str:
    """A time with nine digits of fraction, so that texts can be compared."""
    return time[:19] + "." + time[20:-1].ljust(9, "0")


def read_trusted_key(content: bytes) -> TrustedKey:
    """A key file, two lines and its bounds; raises Broken."""
    lines = content.split(b"\n")
    bounds: dict[str, str] = {}
    for line in lines[2 : -1 if lines[-1] == b"" else None]:
        match = BOUND.fullmatch(line.decode("latin-1"))
        if match is None or match[1] in bounds or not fields.time(match[2]):
            raise Broken("sign", "5.4", f"public key: {line!r:.60}")
        bounds[match[1]] = match[2]
    end = b"\n" if len(lines) > 2 else b""
    key = keys.read_public_key(b"\n".join(lines[:2]) + end)
    return TrustedKey(key.key, bounds)


def usual_folders() -> list[Path]:
    """Where keys are looked for when none is named."""
    base = os.environ.get("XDG_CONFIG_HOME", "")
    home = Path(base) if base.startswith("/") else Path.home() / ".config"
    return [home / "dossier" / "trusted", Path("/etc/dossier/trusted")]


def key_files(place: Path) -> list[Path]:
    """The files of a folder that are keys, or the file itself."""
    if not place.is_dir():
        return [place]
    return sorted(
        entry
        for entry in place.iterdir()
        if entry.name.endswith(".pub") and not entry.name.startswith(".")
    )


def trusted_keys(named: list[str]) -> set[bytes]:
    """The keys that count now; raises Broken for a file that is none."""
    places = [Path(name) for name in named]
    places = places or [place for place in usual_folders() if place.is_dir()]
    files = [file for place in places for file in key_files(place)]
    found = [read_trusted_key(file.read_bytes()) for file in files]
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    refused = {item.key for item in found if not item.counts(now)}
    return {item.key for item in found} - refused
