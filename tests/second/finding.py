# SPDX-License-Identifier: ISC
"""What a check tells: layer, section of FORMAT.md, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One broken rule."""

    layer: str  # zip, bag, json, seal or sign
    rule: str  # the section of FORMAT.md
    what: str

    def __str__(self) -> str:
        return f"{self.layer}/{self.rule}: {self.what}"


Findings = Iterator[Finding]


class Broken(Exception):
    """A rule is broken so that what follows cannot be read."""

    def __init__(self, layer: str, rule: str, what: str) -> None:
        self.finding = Finding(layer, rule, what)
        super().__init__(str(self.finding))
