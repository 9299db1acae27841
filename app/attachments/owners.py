"""Whose files: each package says who may read the files of its things, and opens what it sealed."""

from collections.abc import Awaitable, Callable

from app.core.access import Principal

CanRead = Callable[[Principal, int], Awaitable[bool]]
Unseal = Callable[[int, bytes], Awaitable[bytes]]

_owners: dict[str, CanRead] = {}
_unsealing: dict[str, Unseal] = {}


def register_owner(owner_type: str, can_read: CanRead, unseal: Unseal | None = None) -> None:
    """Say who reads the files of a kind of thing; ``owner_type`` is the table's name.

    Files kept with a person's key (``keep(..., key)``) are opened by ``unseal``, which gets the thing's id.
    """
    _owners[owner_type] = can_read
    if unseal is not None:
        _unsealing[owner_type] = unseal


async def unsealed(owner_type: str, owner_id: int, content: bytes) -> bytes:
    """Return the content as it was handed in."""
    unseal = _unsealing.get(owner_type)
    return content if unseal is None else await unseal(owner_id, content)


async def may_read(principal: Principal, owner_type: str, owner_id: int) -> bool:
    """Tell whether the person reads the thing's files; things nobody registered are read by nobody."""
    can_read = _owners.get(owner_type)
    return can_read is not None and await can_read(principal, owner_id)
