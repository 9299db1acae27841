"""The headers of every answer: the strict content policy, and what caches may keep."""

from litestar.types import Scope

REPORTS = "/csp-reports"
POLICY = (
    "default-src 'self'; img-src 'self' data:; form-action 'self' https://checkout.stripe.com; "
    f"object-src 'none'; base-uri 'none'; frame-ancestors 'none'; report-uri {REPORTS}; report-to csp"
)
SECURITY = (
    ("content-security-policy", POLICY),
    ("reporting-endpoints", f'csp="{REPORTS}"'),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "geolocation=(self), camera=(), microphone=()"),
)
HTTPS_ONLY = ("strict-transport-security", "max-age=31536000; includeSubDomains")
VARY = "Accept, Accept-Language, Authorization, Cookie"


def added(scope: Scope, present: set[str], personal: bool, secure: bool) -> list[tuple[str, str]]:
    """Return the headers that an answer still lacks.

    ``personal``: it was made for one person, or sets a cookie, so that no shared cache may keep it.
    """
    headers = [*SECURITY, *((HTTPS_ONLY,) if secure else ())]
    if "cache-control" not in present:
        headers.append(("cache-control", "private, no-store" if personal else "no-cache"))
    if not scope["path"].startswith("/static/"):
        headers.append(("vary", VARY))
    return [(name, value) for name, value in headers if name == "vary" or name not in present]
