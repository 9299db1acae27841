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
    return _joined(list(_pieces(old, new)))


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces without crumbs: one character that stayed between two changes belongs to both."""
    joined: list[Piece] = []
    gone = came = ""
    for place, piece in enumerate(pieces):
        if piece.kind != "same":
            gone, came = gone + piece.text * (piece.kind == "gone"), came + piece.text * (piece.kind == "new")
            continue
        crumb = len(piece.text) == 1 and not piece.text.isspace() and 0 < place < len(pieces) - 1
        if crumb and ((gone and came) or _both(pieces, place + 1)):
            gone, came = gone + piece.text, came + piece.text
            continue
        joined += [*_change(gone, came), piece]
        gone = came = ""
    return [*joined, *_change(gone, came)]


def _both(pieces: list[Piece], place: int) -> bool:
    return [piece.kind for piece in pieces[place : place + 2]] == ["gone", "new"]


def _change(gone: str, came: str) -> list[Piece]:
    return [Piece(kind, text) for kind, text in (("gone", gone), ("new", came)) if text]


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
