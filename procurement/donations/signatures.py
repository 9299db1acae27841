"""Signed events: ``t=SECONDS,v1=HMAC-SHA256(secret, "SECONDS.BODY")``, as Stripe signs them (docs.stripe.com/webhooks).

The body is signed as it came, byte for byte; a signature older than the tolerance is refused, so that a recorded event
cannot be sent again later by somebody else.
"""

import hashlib
import hmac

TOLERANCE_SECONDS = 300
SCHEME = "v1"


def signed(body: bytes, secret: str, at: int) -> str:
    """Return the header of a body that is signed at an instant (seconds since 1970)."""
    return f"t={at},{SCHEME}={_digest(body, secret, at)}"


def is_genuine(body: bytes, header: str, secret: str, now: int) -> bool:
    """Tell whether a body was signed with the secret within the tolerance; any one of several signatures will do."""
    parts = [tuple(part.strip().split("=", 1)) for part in header.split(",") if "=" in part]
    stamps = [value for name, value in parts if name == "t"]
    given = [value for name, value in parts if name == SCHEME]
    if not secret or len(stamps) != 1 or not (stamps[0].isascii() and stamps[0].isdigit()):
        return False
    at = int(stamps[0])
    if abs(now - at) > TOLERANCE_SECONDS:
        return False
    expected = _digest(body, secret, at)
    return any(hmac.compare_digest(expected.encode(), one.encode()) for one in given)


def _digest(body: bytes, secret: str, at: int) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
