#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""mutate.py --dossier PROGRAM [--count N] [--seed S] [--jobs J]

Makes every archive with one broken rule there is a table entry for, then
mutants until there are N; asks `dossier verify` and the second verifier, and
prints each archive over which they, or the table, disagree. Exit status 1 when
there is one; the last line says how many archives were judged.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

sys.dont_write_bytecode = True

import ed25519  # noqa: E402
import keys  # noqa: E402
import maker  # noqa: E402
import mutants  # noqa: E402
import samples  # noqa: E402
import second  # noqa: E402
from breaking import UNKNOWN_VERSION, Break  # noqa: E402
from breaks_bag import bag_breaks  # noqa: E402
from breaks_cms import cms_breaks  # noqa: E402
from breaks_container import container_breaks  # noqa: E402
from breaks_deflate import deflate_breaks  # noqa: E402
from breaks_records import record_breaks  # noqa: E402
from breaks_seal import seal_breaks  # noqa: E402
from breaks_stamps import stamp_breaks  # noqa: E402
from breaks_threats import threat_breaks  # noqa: E402

BATCH = 250
KEY = ed25519.public_key(maker.SEED)
BREAKS: list[Break] = [
    *container_breaks(),
    *deflate_breaks(),
    *bag_breaks(),
    *record_breaks(),
    *seal_breaks(),
    *cms_breaks(),
    *stamp_breaks(),
    *threat_breaks(),
]


def is_of_container(finding: str) -> bool:
    """Whether section 2 alone is broken; names that collide are of 3.2, too."""
    return finding.startswith("zip/") and finding != "zip/duplicate"


@dataclass(frozen=True)
class Opinion:
    """An exit status and the findings that led to it."""

    exit: int
    findings: list[str]

    def container_holds(self) -> bool:
        """Whether nothing was found against the container."""
        return not any(map(is_of_container, self.findings))


@dataclass(frozen=True)
class Case:
    """An archive, and what two verifiers and perhaps a table say of it."""

    what: str
    wanted: int | None
    second: Opinion
    first: Opinion

    def agreed(self) -> bool:
        """Whether all say the same, of the container as well."""
        if self.wanted not in (None, self.first.exit):
            return False
        return self.first.exit == self.second.exit and (
            self.first.exit == UNKNOWN_VERSION
            or self.first.container_holds() == self.second.container_holds()
        )

    def __str__(self) -> str:
        wanted = "" if self.wanted is None else f"FORMAT.md {self.wanted}, "
        return (
            f"{self.what}: {wanted}dossier {self.first.exit}"
            f" {self.first.findings[:3]}, second {self.second.exit}"
            f" {self.second.findings[:2]}"
        )


def new_archive(number: int, seed: int) -> tuple[str, int | None, bytes]:
    """The archive of a number: breaks first, then mutants."""
    if number >= len(BREAKS):
        what, data = mutants.mutant(f"{seed}.{number}")
        return f"mutant {number} of seed {seed} ({what})", None, data
    one = BREAKS[number]
    data = maker.make(samples.SAMPLES[one.sample](), one.hook)
    return f"{one.rule} {one.name} ({one.sample})", one.exit, data


def first_opinions(dossier: str, folder: Path, count: int) -> list[Opinion]:
    """What dossier verify says of 0.zip, 1.zip and so on in the folder."""
    files = [f"{number}.zip" for number in range(count)]
    command = [dossier, "verify", "--json", "--trust", "key.pub", *files]
    result = subprocess.run(
        command, cwd=folder, capture_output=True, check=False
    )
    opinions: list[Opinion] = []
    findings: list[str] = []
    for line in result.stdout.splitlines():
        item = json.loads(line)
        if item["type"] == "summary":
            opinions.append(Opinion(item["exit"], findings))
            findings = []
        elif item["type"] == "finding" and item["severity"] == "error":
            findings.append(item["id"])
    if len(opinions) != count:
        raise RuntimeError(
            f"dossier verify: {result.returncode} {result.stderr!r}"
        )
    return opinions


def judge_batch(
    task: tuple[str, int, int, int]
) -> tuple[list[Case], Counter[int]]:
    """The cases of a batch that are not agreed on, and a tally."""
    dossier, start, count, seed = task
    made, seconds = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "key.pub").write_bytes(
            keys.write_public_key(maker.KEY_ID, KEY)
        )
        for index in range(count):
            what, wanted, data = new_archive(start + index, seed)
            (folder / f"{index}.zip").write_bytes(data)
            judgement = second.judge(data, {KEY})
            made.append((what, wanted))
            seconds.append(
                Opinion(judgement.exit, [str(x) for x in judgement.findings])
            )
        firsts = first_opinions(dossier, folder, count)
    cases = [Case(*one, *two) for one, two in zip(made, zip(seconds, firsts))]
    tally = Counter(case.second.exit for case in cases)
    return [case for case in cases if not case.agreed()], tally


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossier", required=True)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    dossier = str(Path(options.dossier).resolve())
    count = max(options.count, len(BREAKS))
    tasks = [
        (dossier, start, min(BATCH, count - start), options.seed)
        for start in range(0, count, BATCH)
    ]
    bad = 0
    tally: Counter[int] = Counter()
    with multiprocessing.Pool(options.jobs) as pool:
        for cases, part in pool.imap(judge_batch, tasks):
            for case in cases:
                print(case, flush=True)
            bad += len(cases)
            tally += part
    said = ", ".join(
        f"{number} with {status}" for status, number in sorted(tally.items())
    )
    print(
        f"{count} archives ({len(BREAKS)} of the tables); {said}; {bad} not agreed on"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
