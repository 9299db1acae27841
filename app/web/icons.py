"""The icons as one SVG: those whose names stand in templates or Python, taken from what `python -m app.assets` copied.

The sprite is put together when a process starts, so that a page may name a new icon without a set-up in between.
"""

import re
from functools import cache
from pathlib import Path

import msgspec

from app.core.settings import PROJECT

DRAWINGS = PROJECT / "app" / "static" / "vendor" / "icons.json"
PACKAGES = ("app", "marketplace", "volunteers", "procurement")
WORD = re.compile(r"""["']([a-z][a-z0-9-]*)["']""")


@cache
def drawings() -> dict[str, str]:
    """Return what each icon of the package draws, by name."""
    if not DRAWINGS.exists():
        raise LookupError("no icons; `python -m app.assets` copies them")
    return msgspec.json.decode(DRAWINGS.read_bytes(), type=dict[str, str])


def in_use(root: Path = PROJECT) -> list[str]:
    """Return every icon whose name stands in quotes somewhere; a few too many do no harm."""
    sources = [*root.glob("templates/**/*.html"), *(path for name in PACKAGES for path in (root / name).rglob("*.py"))]
    words = {word for path in sources for word in WORD.findall(path.read_text("utf-8"))}
    return sorted(drawings().keys() & words)


def sprite(names: list[str]) -> str:
    """Return one SVG that holds the icons as symbols."""
    symbols = (f'<symbol id="{name}" viewBox="0 0 16 16">{drawings()[name]}</symbol>' for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'
