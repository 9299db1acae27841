"""Who may read what of buying and paying: the places and organizations of any of some permissions."""

from app.core.access import Permission, Principal, Scope
from app.core.errors import NotPermitted, NotSignedIn

BUYERS = (
    Permission.PURCHASE_REQUEST,
    Permission.PURCHASE_APPROVE,
    Permission.DELIVERY_ACCEPT,
    Permission.LEDGER_READ,
)
"""Who reads a purchase with its names and money: those who make it, and those who watch it."""

MONEY = (Permission.BUDGET_MANAGE, Permission.BUDGET_APPROVE, Permission.LEDGER_READ)
"""Who reads budget lines."""


def reading_scope(principal: Principal, *permissions: Permission) -> Scope:
    """Return where any of the permissions holds, or refuse if none does."""
    held = [principal.scopes[permission] for permission in permissions if permission in principal.scopes]
    if not held:
        raise NotPermitted if principal.signed_in else NotSignedIn
    return Scope(
        tuple(sorted({code for scope in held for code in scope.place_codes})),
        tuple(sorted({number for scope in held for number in scope.organization_ids})),
    )
