"""The entries of the menu; each package's wiring exports ``NAV``, and only what one may use is shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.core.access import Permission, Principal


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry: ``label`` is a msgid marked with N_().

    ``group`` is ``public`` (the header) or ``footer``, both for everyone, or ``work`` (the signed-in person's menu).
    A work item without permissions is for everyone with an account.
    """

    label: str
    path: str
    permissions: frozenset[Permission] = frozenset()
    group: str = "public"
    order: int = 100
    icon: str = "chevron-right"


_items: list[NavItem] = []


def register(items: Iterable[NavItem]) -> None:
    """Take the packages' entries; replaces what was registered before."""
    _items[:] = sorted(items, key=lambda item: item.order)


def items_for(principal: Principal, group: str) -> list[NavItem]:
    """Return the entries of a group that the person may use."""
    return [item for item in _items if item.group == group and _open_to(principal, item)]


def _open_to(principal: Principal, item: NavItem) -> bool:
    if item.permissions:
        return any(principal.can(permission) for permission in item.permissions)
    return item.group != "work" or principal.signed_in
