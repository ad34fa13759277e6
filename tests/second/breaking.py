# SPDX-License-Identifier: ISC
"""What tables of broken rules are written with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from maker import STAGES, Draft

Action = Callable[[Draft], None]
INTACT, NOT_INTACT, INCOMPLETE, UNKNOWN_VERSION = 0, 1, 5, 6


@dataclass(frozen=True)
class Break:
    """One rule, how it is broken, and at which stage of making an archive."""

    rule: str  # the section of FORMAT.md
    name: str
    stage: str
    action: Action
    sample: str = "folder"
    exit: int = NOT_INTACT

    def __post_init__(self) -> None:
        assert self.stage in STAGES, self.stage

    def hook(self, stage: str, draft: Draft) -> None:
        """The hook for maker.make."""
        if stage == self.stage:
            self.action(draft)


def find(thing: Any, steps: tuple[Any, ...]) -> Any:
    """The thing that the steps lead to: attributes, keys, indices."""
    for step in steps:
        named = isinstance(step, str) and hasattr(thing, step)
        thing = getattr(thing, step) if named else thing[step]
    return thing


def store(thing: Any, step: Any, value: Any) -> None:
    """Sets an attribute, a key or an index."""
    if isinstance(step, str) and hasattr(thing, step):
        setattr(thing, step, value)
    else:
        thing[step] = value


def put(*steps: Any) -> Action:
    """put("documents", 0, "size", 5): the last word is the value."""
    *path, last, value = steps
    return lambda draft: store(find(draft, tuple(path)), last, value)


def change(*steps: Any) -> Action:
    """As put, but the last word is a function of the old value."""
    *path, last, function = steps

    def action(draft: Draft) -> None:
        place = find(draft, tuple(path))
        store(place, last, function(find(place, (last,))))

    return action


def drop(*steps: Any) -> Action:
    """Takes a key or an index away."""
    *path, last = steps

    def action(draft: Draft) -> None:
        del find(draft, tuple(path))[last]

    return action


def both(*actions: Action) -> Action:
    """One action after the other."""

    def action(draft: Draft) -> None:
        for one in actions:
            one(draft)

    return action


def replace(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """A function that replaces what must be there, once."""

    def function(content: bytes) -> bytes:
        assert old in content, (old, content)
        return content.replace(old, new, 1)

    return function
