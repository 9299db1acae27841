"""A gift's private page: an address that only its donor knows, kept nowhere and made again from the house's own key."""

import hmac
from uuid import UUID

from app.core import vault
from app.core.errors import NotFound
from app.core.settings import settings

LENGTH = 32


def token(gift: UUID) -> str:
    """Return the word that opens a gift's page."""
    return vault.digest(f"gift:{gift}").hex()[:LENGTH]


def path(gift: UUID) -> str:
    """Return the page's address on this site."""
    return f"/gifts/{gift}/{token(gift)}"


def url(gift: UUID) -> str:
    """Return the page's whole address, for messages and for the way back from the payment service."""
    return f"{settings().public_url}{path(gift)}"


def require(gift: UUID, given: str) -> None:
    """Refuse another word; such a page looks as if it were not there."""
    if not hmac.compare_digest(token(gift).encode(), given.encode()):
        raise NotFound
