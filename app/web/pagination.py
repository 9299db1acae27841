"""Lists by cursor: the next page begins after the last row seen, however many rows came before.

A query asks for one row more than it shows (``LIMIT size + 1``) and orders by a unique key:

    WHERE ($1::bigint IS NULL OR id < $1) ORDER BY id DESC LIMIT $2
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from app.core.errors import DomainError
from app.core.text import N_

Item = TypeVar("Item")
PAGE = 50
LARGEST_PAGE = 200


class BadCursor(DomainError):
    """The cursor was not made by us, or for another list."""

    code, status, message = "bad_cursor", 400, N_("翻页位置无效。请从第一页重新开始。")


@dataclass(frozen=True, slots=True)
class Slice(Generic[Item]):
    """One page of a list, and where the next one begins (None: this is the end)."""

    items: tuple[Item, ...]
    next_cursor: str | None = None


def sliced(rows: Sequence[Item], key: Callable[[Item], Any], size: int = PAGE) -> Slice[Item]:
    """Cut ``size + 1`` rows to a page; ``key`` returns the ordering value, or a tuple of them, of a row."""
    if len(rows) <= size:
        return Slice(tuple(rows))
    kept = tuple(rows[:size])
    return Slice(kept, encode_cursor(key(kept[-1])))


def encode_cursor(key: Any) -> str:
    """Write an ordering key as an opaque word for an address."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def decode_cursor(cursor: str | None, kind: type[Item]) -> Item | None:
    """Read a cursor back as ``kind`` (int, or tuple[datetime, int] …); None begins at the start."""
    if not cursor:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return msgspec.json.decode(base64.b64decode(padded, altchars=b"-_", validate=True), type=kind)
    except (binascii.Error, msgspec.MsgspecError, UnicodeError, ValueError):
        raise BadCursor from None


def page_size(asked: int | None) -> int:
    """Return how many rows to show: what was asked for, within limits."""
    return PAGE if asked is None else max(1, min(asked, LARGEST_PAGE))
