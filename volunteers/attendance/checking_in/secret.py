"""The secret behind a sign-up's code: derived, so that the database holds none and a copy of it opens nothing."""

from uuid import UUID

from app.core import vault
from volunteers.attendance.checking_in.rules import SECRET_BYTES


def secret_of(sign_up: UUID) -> bytes:
    """Return the secret of one sign-up, which its owner's page computes the digits from."""
    return vault.digest(f"check-in/{sign_up}")[:SECRET_BYTES]
