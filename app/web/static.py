"""Our style sheet, scripts and what npm gave us, each under an address that holds its content's hash.

A file never changes under its address, so browsers keep it for a year. The files are few and small: each
process reads them once, joins the style sheets into one, and keeps the compressed bytes.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.core.settings import settings
from app.web import icons
from app.web.guards import public

ROOT = Path(__file__).resolve().parents[1] / "static"
STYLES = (
    "tokens.css",
    "ground.css",
    "layout.css",
    "forms.css",
    "components.css",
    "lists.css",
    "map.css",
    "money.css",
    "week.css",
    "scenario.css",
    "month.css",
    "calls.css",
    "day.css",
    "finding.css",
    "after.css",
    "proofs.css",
    "print.css",
)
SERVED = ("js/*.js", "vendor/*.js", "img/*.svg")
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
SPRITE = "icons.svg"
WORKERS = {"js/day-worker.js": "/my/assignments/"}
"""Scripts that answer for pages without a network, and for which pages."""
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    fingerprint: str
    content: bytes
    compressed: bytes
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """Return every static file by the name that templates use."""
    found = {"site.css": b"\n".join((ROOT / "css" / name).read_bytes() for name in STYLES)}
    for pattern in SERVED:
        found |= {str(path.relative_to(ROOT)): path.read_bytes() for path in sorted(ROOT.glob(pattern))}
    found[SPRITE] = icons.sprite(icons.in_use()).encode()
    return {name: _asset(name, content) for name, content in found.items()}


def asset(name: str) -> str:
    """Return the address of a static file; templates call it."""
    try:
        return f"/static/{assets()[name].fingerprint}/{name}"
    except KeyError:
        raise LookupError(f"no static file {name}; `python -m app.assets` makes app/static/vendor") from None


@cache
def drawn_icons() -> frozenset[str]:
    """Return the names of the icons in the sprite."""
    return frozenset(icons.in_use())


def icon_address(name: str) -> str:
    """Return where an icon is drawn; in tests an icon that is not in the sprite is an error."""
    if name not in drawn_icons() and settings().mode == "test":
        raise LookupError(f"bootstrap-icons has no icon {name}, or its name nowhere stands in quotes")
    return f"{asset(SPRITE)}#{name}"


def _asset(name: str, content: bytes) -> Asset:
    return Asset(
        fingerprint=hashlib.sha256(content).hexdigest()[:12],
        content=content,
        compressed=gzip.compress(content, 6, mtime=0),
        media_type=MEDIA_TYPES[Path(name).suffix],
    )


@get("/static/{fingerprint:str}/{name:path}", guards=[public], include_in_schema=False)
async def static_file(
    request: Request[Any, Any, Any], fingerprint: FromPath[str], name: FromPath[Path]
) -> Response[bytes]:
    """Send a static file; an address with another fingerprint is one of an older release and is gone."""
    found = assets().get(str(name).lstrip("/"))
    if found is None or found.fingerprint != fingerprint:
        raise NotFoundException
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if reach := WORKERS.get(str(name).lstrip("/")):
        headers["Service-Worker-Allowed"] = reach
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(found.compressed, media_type=found.media_type, headers=headers)
    return Response(found.content, media_type=found.media_type, headers=headers)
