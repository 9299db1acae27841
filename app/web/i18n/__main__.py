"""`python -m app.web.i18n extract|check`: keep the English catalogue in step with the sources.

The catalogue is read as it stands (.po), so nothing is compiled; ``compile`` writes a .mo for tools that want one.
"""

import sys
from collections.abc import Callable

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.core.settings import PROJECT
from app.web import template_check
from app.web.i18n import CATALOGUE, chinese, extraction

PACKAGES = ("app", "marketplace", "volunteers", "procurement")


def check() -> int:
    """Print everything that is wrong with texts and templates; 1 if anything is."""
    sources = [path for package in PACKAGES for path in sorted((PROJECT / package).rglob("*.py"))]
    found = [
        *template_check.faults(),
        *extraction.faults(extraction.extracted(), extraction.written()),
        *chinese.faults(sources, PROJECT),
    ]
    print("\n".join(found) or "templates and translations are complete")
    return 1 if found else 0


def extract() -> int:
    """Write the catalogue anew."""
    print(extraction.extract())
    return 0


def compile_catalogue() -> int:
    """Write messages.mo beside messages.po."""
    with CATALOGUE.open("rb") as file, CATALOGUE.with_suffix(".mo").open("wb") as out:
        write_mo(out, read_po(file, locale="en"))
    return 0


COMMANDS: dict[str, Callable[[], int]] = {"extract": extract, "check": check, "compile": compile_catalogue}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f"usage: python -m app.web.i18n {'|'.join(COMMANDS)}")
    sys.exit(COMMANDS[sys.argv[1]]())
