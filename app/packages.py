"""What the packages export through their ``wiring.py``; the composition roots only add the lists up."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

PACKAGES = ("app", "marketplace", "volunteers", "procurement")


def listed(name: str) -> list[Any]:
    """Return the items of one export (ROUTE_HANDLERS, JOBS, COMMANDS …) over all packages, lowest first."""
    found: list[Any] = []
    for package in PACKAGES:
        if find_spec(f"{package}.wiring"):
            found += getattr(import_module(f"{package}.wiring"), name, [])
    return found
