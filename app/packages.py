"""What the packages export through their ``wiring.py``; the composition roots only add the lists up."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

PACKAGES = ("app", "marketplace", "volunteers", "procurement")


def modules() -> list[ModuleType]:
    """Return the packages' wiring modules, lowest layer first."""
    return [import_module(f"{package}.wiring") for package in PACKAGES if find_spec(f"{package}.wiring")]


def listed(name: str) -> list[Any]:
    """Return the items of one export (ROUTE_HANDLERS, JOBS, COMMANDS …) over all packages, lowest first."""
    return [item for module in modules() for item in getattr(module, name, [])]
