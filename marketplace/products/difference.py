"""What changed between two texts, in pieces that a reader sees at a glance."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

FINE_LIMIT = 1_500
"""Longer texts are compared by clause: character by character would be slow, and no easier to read."""
_FINE = re.compile(r"[A-Za-z0-9.]+|.", re.DOTALL)
_CLAUSES = re.compile(r"[^，。；：！？、\n,.;:!?]*[，。；：！？、\n,.;:!?]?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed (``same``), went (``gone``) or came (``new``)."""

    kind: str
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """Return the pieces by which one text became the other."""
    pattern = _FINE if len(before) + len(after) <= FINE_LIMIT else _CLAUSES
    old, new = pattern.findall(before), pattern.findall(after)
    return list(_pieces(old, new))


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for tag, from_old, to_old, from_new, to_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = "".join(old[from_old:to_old]), "".join(new[from_new:to_new])
        if tag == "equal":
            yield Piece("same", gone)
            continue
        if gone:
            yield Piece("gone", gone)
        if came:
            yield Piece("new", came)
