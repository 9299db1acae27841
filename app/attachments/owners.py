"""Whose files: each package says who may read the files of its things."""

from collections.abc import Awaitable, Callable

from app.core.access import Principal

CanRead = Callable[[Principal, int], Awaitable[bool]]

_owners: dict[str, CanRead] = {}


def register_owner(owner_type: str, can_read: CanRead) -> None:
    """Say who reads the files of a kind of thing; ``owner_type`` is the table's name."""
    _owners[owner_type] = can_read


async def may_read(principal: Principal, owner_type: str, owner_id: int) -> bool:
    """Tell whether the person reads the thing's files; things nobody registered are read by nobody."""
    can_read = _owners.get(owner_type)
    return can_read is not None and await can_read(principal, owner_id)
